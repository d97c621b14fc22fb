import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ConsumerGroup, messages } from '../../../proto/catalogue.ts';
import { inUnitOfWork } from '../database/index.ts';
import { BadRequest, Unavailable } from '../domain/index.ts';
import { decodeEnvelope } from './envelope.ts';
import { derivedId, newId } from './ids.ts';
import { takeMessage } from './inbox.ts';
import { publication } from './outbox.ts';
import { onCommand, subscribe } from './subscriptions.ts';
import { causation, found, MessagingGround, testLimits } from './testing/messaging-ground.ts';

const ground = new MessagingGround();

const { approveOrder } = messages.ordering;

const orderCommands: ConsumerGroup = {
  name: 'commands',
  context: 'ordering',
  channel: 'ordering.commands',
  messages: [approveOrder],
};

async function command(headers: Readonly<Record<string, string>>): Promise<string> {
  const id = newId();
  await inUnitOfWork(ground.database, causation, async (unit) => {
    ground.outbox.send(unit, publication(approveOrder, { id: 'o', shoppingId: 'l' }), {
      id,
      subject: ground.outbox.subjectOf(approveOrder),
      headers,
      orderingKey: 'saga',
      occurredAt: new Date(),
    });
  });
  return id;
}

async function replyTo(id: string): Promise<ReturnType<typeof decodeEnvelope>> {
  const row = await found('the reply', () =>
    ground.database.queryOne<{ stream_sequence: number }>(
      'SELECT stream_sequence FROM kernel_test.outbox WHERE id = $1 AND published_at IS NOT NULL',
      [derivedId(id, 'reply')],
    ),
  );
  const stream = await ground.broker.jetstream.streams.get(ground.broker.stream);
  const stored = await stream.getMessage({ seq: row.stream_sequence });
  assert.ok(stored);
  return decodeEnvelope(stored.data);
}

test('rows P-18, P-19: a refused command leaves no effect and is answered with code and text', async () => {
  const reader = ground.consumer(
    subscribe(
      orderCommands,
      onCommand(ground.outbox, approveOrder, async (_message, unit) => {
        unit.add(takeMessage('kernel_test', 'effect', { id: 'e', name: 'n' }));
        throw new BadRequest('the order cannot be approved');
      }),
    ),
  );
  ground.relay.start();
  await reader.start();
  const id = await command({
    COMMAND_REPLY_CHANNEL: `${ground.broker.stream}.cosec.replies.CreateOrder`,
    COMMAND_SAGA_ID: 'o',
    COMMAND_SAGA_NAME: 'cosec.CreateOrder',
    COMMAND_NAME: 'never copied',
  });
  const reply = await replyTo(id);
  await reader.stop();
  assert.equal(reply.name, 'am.Failure');
  assert.deepEqual(reply.metadata, {
    'causation-id': id,
    'correlation-id': 'story',
    REPLY_OUTCOME: 'FAILURE',
    REPLY_ERROR_CODE: 'BAD_REQUEST',
    REPLY_ERROR_MESSAGE: 'the order cannot be approved',
    REPLY_REPLY_CHANNEL: `${ground.broker.stream}.cosec.replies.CreateOrder`,
    REPLY_SAGA_ID: 'o',
    REPLY_SAGA_NAME: 'cosec.CreateOrder',
  });
  const inbox = await ground.database.query('SELECT consumer FROM kernel_test.inbox');
  assert.deepEqual(inbox, [{ consumer: 'commands' }]);
});

test('row X19: a command without a reply channel is done and not answered', async () => {
  let done = false;
  const reader = ground.consumer(
    subscribe(
      orderCommands,
      onCommand(ground.outbox, approveOrder, async () => {
        done = true;
        return undefined;
      }),
    ),
  );
  ground.relay.start();
  await reader.start();
  await command({});
  await found('the command', async () => (done ? true : undefined));
  await reader.stop();
  const left = await ground.database.query<{ name: string }>('SELECT name FROM kernel_test.outbox');
  assert.deepEqual(left, [{ name: approveOrder.name }]);
});

test('a command that is sent again is tried at once, not when the sending before it is due', async () => {
  const tried: string[] = [];
  const reader = ground.consumer(
    subscribe(
      orderCommands,
      onCommand(ground.outbox, approveOrder, async ({ id }) => {
        tried.push(id);
        if (tried.length === 1) throw new Unavailable('not mended yet');
        return undefined;
      }),
    ),
    // So far away that nobody waits for it.
    { limits: { ...testLimits, redeliveryDelaysMs: [600_000] } },
  );
  ground.relay.start();
  await reader.start();
  const replies = `${ground.broker.stream}.cosec.replies.CreateOrder`;
  const headers = { COMMAND_ID: 'c', COMMAND_SAGA_ID: 's', COMMAND_REPLY_CHANNEL: replies };
  const first = await command(headers);
  await found('its failure', async () => (tried.length === 1 ? true : undefined));
  const again = await command(headers);
  await replyTo(again);
  assert.deepEqual(tried, [first, again]);
});
