import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { encodeData, encodeEnvelope } from './envelope.ts';
import { onEvent, subscribe } from './subscriptions.ts';
import { found, MessagingGround, storeEvents, storeRebranded } from './testing/messaging-ground.ts';

const ground = new MessagingGround();

for (const { what, id, metadata } of [
  { what: 'an id with a null character', id: 'a\u0000b', metadata: {} },
  { what: 'an id too long for an index', id: randomBytes(4_000).toString('hex'), metadata: {} },
  { what: 'metadata with null characters', id: 'm', metadata: { 'k\u0000': 'v\u0000' } },
]) {
  test(`a message with ${what}, which Postgres cannot store, is parked with its bytes as they came`, async () => {
    const durable = `unstorable-${id.length}-${Object.keys(metadata).length}`;
    const reader = ground.consumer(
      subscribe(
        storeEvents(durable),
        onEvent(storeRebranded, () => undefined),
      ),
    );
    await reader.start();
    const data = encodeData(Buffer.from([0xff]), new Date());
    const name = storeRebranded.name;
    const bytes = encodeEnvelope({ id, name, data, metadata, sentAt: new Date() });
    await ground.broker.jetstream.publish(`${ground.broker.stream}.stores.events.Store`, bytes);
    const letter = await found('the dead letter', () =>
      ground.database.queryOne<{ data: Buffer; message_id: string; metadata: Record<string, string> }>(
        'SELECT data, message_id, metadata FROM kernel_test.dead_letters',
        [],
      ),
    );
    assert.deepEqual(letter.data, Buffer.from(bytes));
    assert.ok(id.replaceAll('\u0000', '\ufffd').startsWith(letter.message_id));
    assert.equal(Object.keys(letter.metadata).length, Object.keys(metadata).length);
  });
}
