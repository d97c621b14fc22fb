import assert from 'node:assert/strict';
import { test } from 'node:test';
import { messages } from '../../proto/catalogue.ts';
import { EventMessageData } from '../../proto/gen/messaging/message_data.ts';
import { StreamMessage } from '../../proto/gen/messaging/stream_message.ts';
import { EDITED_AT, readContent, withPayload } from './letter-content.ts';

const { storeRebranded } = messages.stores;
const occurredAt = new Date('2026-01-02T03:04:05Z');
const sentAt = new Date('2026-01-02T03:04:06Z');

function message(name: string, payload: Uint8Array): Uint8Array {
  const data = EventMessageData.encode({ payload: Buffer.from(payload), occurredAt }).finish();
  const metadata = { 'aggregate-id': 'store-1' };
  return StreamMessage.encode({ id: 'id-1', name, data: Buffer.from(data), metadata, sentAt }).finish();
}

const rebranded = storeRebranded.codec.encode({ id: 'store-1', name: 'Old' }).finish();

test('a payload is read by the type its name selects', () => {
  const content = readContent(message(storeRebranded.name, rebranded));
  assert.deepEqual(content.payload, { id: 'store-1', name: 'Old' });
  assert.equal(content.type, 'storespb.StoreRebranded');
  assert.deepEqual(content.headers, { 'aggregate-id': 'store-1' });
  assert.deepEqual([content.sentAt, content.occurredAt], [sentAt, occurredAt]);
});

test('an edit replaces the payload, keeps all else and says that it was made', () => {
  const now = new Date('2026-02-03T00:00:00Z');
  const before = readContent(message(storeRebranded.name, Buffer.from([0x0a, 0x7f])));
  assert.equal(before.payload, undefined);
  assert.equal(Buffer.from(before.bytes).toString('hex'), '0a7f');
  const { data, headers } = withPayload(before, '{"id":"store-1","name":"New"}', now);
  const after = readContent(data);
  assert.deepEqual(after.payload, { id: 'store-1', name: 'New' });
  assert.deepEqual(after.headers, { 'aggregate-id': 'store-1', [EDITED_AT]: now.toISOString() });
  assert.deepEqual(after.headers, headers);
  assert.equal(after.envelope?.id, 'id-1');
  assert.deepEqual([after.sentAt, after.occurredAt], [sentAt, occurredAt]);
});

test('what is no payload of its type is refused', () => {
  const content = readContent(message(storeRebranded.name, rebranded));
  for (const text of ['{', '{"nosuch":1}', '{"name":7}', '[]']) {
    assert.throws(() => withPayload(content, text, new Date()), /--payload is no JSON of a storespb/, text);
  }
});

test('a message without a payload, an unknown one and rubbish have nothing to replace', () => {
  const success = readContent(message(messages.am.success.name, Buffer.alloc(0)));
  assert.deepEqual(success.payload, {});
  for (const content of [success, readContent(message('foreign.Thing', rebranded)), readContent(rebranded)]) {
    assert.throws(() => withPayload(content, '{}', new Date()), /no payload to replace/);
  }
  assert.equal(readContent(Buffer.from('rubbish')).envelope, undefined);
});
