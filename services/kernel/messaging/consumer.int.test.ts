import assert from 'node:assert/strict';
import { test } from 'node:test';
import { jetstreamManager } from '@nats-io/jetstream';
import { inUnitOfWork } from '../database/index.ts';
import { BadRequest, Unavailable } from '../domain/index.ts';
import { newId } from './ids.ts';
import { takeMessage } from './inbox.ts';
import { publication } from './outbox.ts';
import { onEvent, subscribe } from './subscriptions.ts';
import {
  causation,
  found,
  MessagingGround,
  storeCreated,
  storeEvents,
  storeRebranded,
  testLimits,
} from './testing/messaging-ground.ts';

const ground = new MessagingGround();

test('rows X8, P-06: a duplicate takes no effect and is acknowledged', async () => {
  const outcomes: string[] = [];
  const reader = ground.consumer(
    subscribe(
      storeEvents('once'),
      onEvent(storeRebranded, (_message, unit) => {
        unit.add(takeMessage('kernel_test', 'effect', { id: newId(), name: 'n' }));
      }),
    ),
    { observe: (_name, outcome) => outcomes.push(outcome) },
  );
  ground.relay.start();
  await ground.rename('s', 'one');
  await reader.start();
  await found('the message', async () => (outcomes.length === 1 ? true : undefined));
  // Beyond the broker's window the same message may be stored again; here it is put there by hand.
  const { jetstream, stream } = ground.broker;
  const stored = await (await jetstream.streams.get(stream)).getMessage({ seq: 1 });
  assert.ok(stored);
  await jetstream.publish(stored.subject, stored.data);
  await found('its repeat', async () => (outcomes.length === 2 ? true : undefined));
  await reader.stop();
  assert.deepEqual(outcomes, ['handled', 'duplicate']);
  const effects = await ground.database.query(`SELECT 1 FROM kernel_test.inbox WHERE consumer = 'effect'`);
  assert.equal(effects.length, 1);
});

test('row X8: a duplicate that reaches another replica takes no effect and is acknowledged', async () => {
  const outcomes: string[] = [];
  let effects = 0;
  const once = subscribe(
    storeEvents('replicated'),
    onEvent(storeRebranded, () => {
      effects++;
    }),
  );
  const observe = (_name: string, outcome: string) => outcomes.push(outcome);
  const first = ground.consumer(once, { observe });
  ground.relay.start();
  await first.start();
  await ground.rename('s', 'one');
  await found('the message', async () => (outcomes.length === 1 ? true : undefined));
  await first.stop();
  const elsewhere = await ground.connect();
  const second = ground.consumer(once, { broker: elsewhere, observe });
  await second.start();
  const stored = await (await elsewhere.jetstream.streams.get(elsewhere.stream)).getMessage({ seq: 1 });
  assert.ok(stored);
  await elsewhere.jetstream.publish(stored.subject, stored.data);
  await found('its repeat', async () => (outcomes.length === 2 ? true : undefined));
  await second.stop();
  const { num_ack_pending, num_pending } = await (
    await elsewhere.jetstream.consumers.get(elsewhere.stream, 'replicated')
  ).info();
  assert.deepEqual(outcomes, ['handled', 'duplicate']);
  // The handler of a duplicate runs, since what it adds commits with the inbox row or not at all.
  assert.equal(effects, 2);
  assert.deepEqual([num_ack_pending, num_pending], [0, 0]);
  assert.equal((await ground.database.query('SELECT 1 FROM kernel_test.inbox')).length, 1);
});

test('a healthy handler that takes longer than the broker waits keeps its message', async () => {
  const limits = { ...testLimits, ackWaitMs: 400, ackProgressMs: 100 };
  const broker = await ground.connect({ limits });
  const { promise: longEnough, resolve } = Promise.withResolvers<void>();
  let progress = 0;
  broker.connection.subscribe('$JS.ACK.>', {
    callback: (_error, message) => {
      // Eight tenths of a second: twice as long as the broker waits.
      if (message.string() === '+WPI' && ++progress === 8) resolve();
    },
  });
  let tries = 0;
  const outcomes: string[] = [];
  const slow = subscribe(
    storeEvents('healthy'),
    onEvent(storeRebranded, () => {
      tries++;
      return longEnough;
    }),
  );
  const observe = (_name: string, outcome: string) => outcomes.push(outcome);
  const reader = ground.consumer(slow, { broker, limits, observe });
  ground.relay.start();
  await reader.start();
  await ground.rename('s', 'one');
  await found('the message', async () => (outcomes.length > 0 ? true : undefined)).finally(resolve);
  await reader.stop();
  const { delivered } = await (await broker.jetstream.consumers.get(broker.stream, 'healthy')).info();
  assert.deepEqual([outcomes, tries, delivered.consumer_seq], [['handled'], 1, 1]);
});

test('row P-25: messages that wait in hand behind a slow one of their aggregate are not given out again', async () => {
  const limits = { ...testLimits, ackWaitMs: 400, ackProgressMs: 100 };
  const broker = await ground.connect({ limits });
  const { promise: longEnough, resolve } = Promise.withResolvers<void>();
  let progress = 0;
  broker.connection.subscribe('$JS.ACK.>', {
    callback: (_error, message) => {
      // Of all three for eight tenths of a second: twice as long as the broker waits.
      if (message.string() === '+WPI' && ++progress === 24) resolve();
    },
  });
  const seen: string[] = [];
  const slow = subscribe(
    storeEvents('patient'),
    onEvent(storeRebranded, ({ payload }) => {
      seen.push(payload.name);
      return longEnough;
    }),
  );
  const reader = ground.consumer(slow, { broker, limits });
  ground.relay.start();
  await reader.start();
  await ground.rename('s', 'one', 'two', 'three');
  await found('all three', async () => (seen.length >= 3 ? true : undefined)).finally(resolve);
  await reader.stop();
  const { delivered } = await (await broker.jetstream.consumers.get(broker.stream, 'patient')).info();
  assert.deepEqual([seen, delivered.consumer_seq], [['one', 'two', 'three'], 3]);
});

test('row P-26: a consumer whose durable cannot be made does not start', async () => {
  const broker = await ground.connect();
  const reader = ground.consumer(
    subscribe(
      storeEvents('deaf'),
      onEvent(storeRebranded, () => undefined),
    ),
    { broker },
  );
  await broker.close();
  await assert.rejects(reader.start());
});

test('rows X9, P-05, P-12: a transient failure is tried again later, and the messages behind it keep their order', async () => {
  let failures = 2;
  const seen: string[] = [];
  const reader = ground.consumer(
    subscribe(
      storeEvents('retried'),
      onEvent(storeRebranded, ({ payload }) => {
        if (payload.name === 'one' && failures-- > 0) throw new Unavailable('not now');
        seen.push(payload.name);
      }),
    ),
  );
  ground.relay.start();
  await reader.start();
  await ground.rename('s', 'one', 'two', 'three');
  await found('all three', async () => (seen.length === 3 ? true : undefined));
  await reader.stop();
  assert.deepEqual(seen, ['one', 'two', 'three']);
});

for (const { what, error, attempts } of [
  { what: 'row P-05: exhausted tries', error: new Unavailable('never'), attempts: 3 },
  { what: 'a permanent refusal', error: new BadRequest('no'), attempts: 1 },
]) {
  test(`${what}: the message is parked with its reason and leaves no effect`, async () => {
    const reader = ground.consumer(
      subscribe(
        storeEvents('parked'),
        onEvent(storeRebranded, (_message, unit) => {
          unit.add(takeMessage('kernel_test', 'effect', { id: 'e', name: 'n' }));
          throw error;
        }),
      ),
    );
    ground.relay.start();
    await reader.start();
    await ground.rename('s', 'one');
    const letter = await found('the dead letter', () =>
      ground.database.queryOne<{ reason: string; attempts: number; name: string }>(
        'SELECT reason, attempts, name FROM kernel_test.dead_letters',
        [],
      ),
    );
    await reader.stop();
    assert.equal(letter.attempts, attempts);
    assert.equal(letter.name, 'storesapi.StoreRebranded');
    assert.match(letter.reason, new RegExp(error.message));
    assert.deepEqual(await ground.database.query('SELECT 1 FROM kernel_test.inbox'), []);
  });
}

test('row P-04: undecodable bytes are parked at once as they came, and the next message is handled', async () => {
  const seen: string[] = [];
  const reader = ground.consumer(
    subscribe(
      storeEvents('rubbish'),
      onEvent(storeRebranded, ({ payload }) => {
        seen.push(payload.name);
      }),
    ),
  );
  await reader.start();
  await ground.broker.jetstream.publish(
    `${ground.broker.stream}.stores.events.Store`,
    Buffer.from('rubbish'),
  );
  ground.relay.start();
  await ground.rename('s', 'sound');
  await found('the sound one', async () => (seen.length === 1 ? true : undefined));
  const letter = await found('the dead letter', () =>
    ground.database.queryOne<{ data: Buffer; reason: string }>(
      'SELECT data, reason FROM kernel_test.dead_letters',
      [],
    ),
  );
  await reader.stop();
  assert.equal(letter.data.toString(), 'rubbish');
  assert.match(letter.reason, /undecodable/);
});

test('rows X18, P-03: a handler beyond its deadline is given up, leaves no effect, and its message comes again', async () => {
  let tries = 0;
  const reader = ground.consumer(
    subscribe(
      storeEvents('slow'),
      onEvent(storeRebranded, async (_message, unit) => {
        tries++;
        if (tries > 1) return;
        unit.add(takeMessage('kernel_test', 'effect', { id: 'e', name: 'n' }));
        await new Promise(() => undefined);
      }),
    ),
    { limits: { ...testLimits, handlerDeadlineMs: 100 } },
  );
  ground.relay.start();
  await reader.start();
  await ground.rename('s', 'one');
  await found('the second try', async () => (tries === 2 ? true : undefined));
  await found('its commit', () =>
    ground.database.queryOne(`SELECT 1 FROM kernel_test.inbox WHERE consumer = 'slow'`, []),
  );
  await reader.stop();
  assert.deepEqual(
    await ground.database.query(`SELECT 1 FROM kernel_test.inbox WHERE consumer = 'effect'`),
    [],
  );
});

test('names of the channel that nobody asked for are acknowledged and dropped', async () => {
  const outcomes: string[] = [];
  const reader = ground.consumer(
    subscribe(
      storeEvents('picky'),
      onEvent(storeRebranded, () => undefined),
    ),
    { observe: (name, outcome) => outcomes.push(`${name} ${outcome}`) },
  );
  ground.relay.start();
  await reader.start();
  await inUnitOfWork(ground.database, causation, async (unit) => {
    ground.outbox.event(unit, publication(storeCreated, { id: 's', name: 'n', location: 'l' }), {
      id: newId(),
      subject: { name: 'stores.Store', id: 's', version: 1 },
      occurredAt: new Date(),
    });
  });
  await found('it', async () => (outcomes.length === 1 ? true : undefined));
  await reader.stop();
  assert.deepEqual(outcomes, ['storesapi.StoreCreated ignored']);
});

test('row P-20: a group whose messages and handlers differ is refused at once', () => {
  assert.throws(() => subscribe(storeEvents('wrong')), /storesapi.StoreRebranded: declared or handled only/);
});

test('row P-29: a durable that exists with other settings is brought up to date', async () => {
  await ground.broker.ensureConsumer('changing', `${ground.broker.stream}.stores.events.Store`);
  const other = await ground.connect({ limits: { ...testLimits, ackWaitMs: 7_000 } });
  await other.ensureConsumer('changing', `${ground.broker.stream}.stores.events.Store`);
  const consumerOf = await other.jetstream.consumers.get(ground.broker.stream, 'changing');
  const { config } = await consumerOf.info();
  assert.equal(config.ack_wait, 7_000 * 1_000_000);
});

test('rows P-24, P-28: the stream is bounded and drops nothing unread; messages are pulled', async () => {
  const { broker } = ground;
  await broker.ensureConsumer('bounded', `${broker.stream}.stores.events.Store`);
  const manager = await jetstreamManager(broker.connection);
  const { config } = await manager.streams.info(broker.stream);
  const { streamMaxAgeMs, streamMaxBytes, duplicateWindowMs } = testLimits;
  assert.deepEqual(
    [config.max_age, config.max_bytes, config.duplicate_window, config.discard],
    [streamMaxAgeMs * 1_000_000, streamMaxBytes, duplicateWindowMs * 1_000_000, 'new'],
  );
  const consumer = await manager.consumers.info(broker.stream, 'bounded');
  assert.deepEqual([consumer.config.deliver_subject, consumer.config.max_deliver], [undefined, -1]);
});
