import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contextNames, messages, metadataKeys } from '../../../proto/catalogue.ts';
import { asyncApiDocument } from '../http/index.ts';
import { DocumentedMessages } from './documented-messages.ts';
import type { RecordedMessage } from './stream-recorder.ts';

const documented = new DocumentedMessages(
  new Map(contextNames.map((context) => [context, asyncApiDocument(context, { stream: 'mall' })])),
);

const causes = { [metadataKeys.causationId]: 'cause', [metadataKeys.correlationId]: 'request' };

const created: RecordedMessage = {
  sequence: 1,
  subject: 'mall.stores.events.Store',
  id: 'm1',
  name: messages.stores.storeCreated.name,
  metadata: {
    ...causes,
    [metadataKeys.aggregateName]: 'stores.Store',
    [metadataKeys.aggregateId]: 's1',
    [metadataKeys.aggregateVersion]: '1',
  },
  payload: messages.stores.storeCreated.codec.encode({ id: 's1', name: 'Arts', location: '' }).finish(),
  occurredAt: new Date(0),
};

const authorize: RecordedMessage = {
  ...created,
  subject: 'mall.customers.commands',
  name: messages.customers.authorizeCustomer.name,
  metadata: {
    ...causes,
    [metadataKeys.commandId]: 'c1',
    [metadataKeys.commandStep]: 'authorize customer',
    [metadataKeys.commandSagaId]: 'o1',
    [metadataKeys.commandSagaName]: 'cosec.CreateOrder',
    [metadataKeys.commandReplyChannel]: 'mall.cosec.replies.CreateOrder',
  },
  payload: messages.customers.authorizeCustomer.codec.encode({ id: 'c' }).finish(),
};

const success: RecordedMessage = {
  ...created,
  subject: 'mall.cosec.replies.CreateOrder',
  name: messages.am.success.name,
  metadata: {
    ...causes,
    [metadataKeys.replyId]: 'c1',
    [metadataKeys.replyOutcome]: 'SUCCESS',
    [metadataKeys.replyReplyChannel]: 'mall.cosec.replies.CreateOrder',
  },
  payload: new Uint8Array(),
};

const all = [created, authorize, success];

test('messages as they are documented fit, a reply as sent by the one who was commanded', () => {
  for (const message of all) documented.fits(message, all);
  const unseen = documented.unseen(all);
  assert.ok(!unseen.includes('stores storesapi.StoreCreated'));
  assert.ok(!unseen.includes('customers am.Success'));
  assert.ok(unseen.includes('depot am.Success'));
});

const { [metadataKeys.aggregateId]: _id, ...withoutId } = created.metadata;

const wrong: Readonly<Record<string, RecordedMessage>> = {
  'another channel': { ...created, subject: 'mall.stores.events.Product' },
  'another stream': { ...created, subject: 'other.stores.events.Store' },
  'row T13: the name that its type has': { ...created, name: 'storesapi.StoreParticipationToggled' },
  'a header nobody documents': { ...created, metadata: { ...created.metadata, secret: 'x' } },
  'a header of another kind': { ...created, metadata: { ...created.metadata, COMMAND_ID: 'c' } },
  'a header that is always there left out': { ...created, metadata: withoutId },
  'a field its type does not have': { ...created, payload: Uint8Array.of(0xfa, 0x01, 0x01, 0x41) },
  'a payload where there is none': { ...success, payload: created.payload },
  'a reply to nobody': { ...success, metadata: { ...success.metadata, REPLY_ID: 'c2' } },
  'a reply that goes elsewhere': { ...success, subject: 'mall.cosec.replies.Other' },
  'an outcome that is none': { ...success, metadata: { ...success.metadata, REPLY_OUTCOME: 'MAYBE' } },
  'no time': { ...created, occurredAt: undefined },
};

for (const [what, message] of Object.entries(wrong)) {
  test(`a message that is not as documented is told: ${what}`, () => {
    assert.throws(() => documented.fits(message, all), assert.AssertionError);
  });
}
