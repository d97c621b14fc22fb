import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { jetstreamManager } from '@nats-io/jetstream';
import pino from 'pino';
import { freshDatabase, testServers, uniqueName } from '../../../containers/embedded/test-servers.ts';
import { type ConsumerGroup, messages } from '../../../proto/catalogue.ts';
import { type Causation, Database, inUnitOfWork, migrate } from '../database/index.ts';
import { BadRequest, Unavailable } from '../domain/index.ts';
import { kernelMigrations } from '../lifecycle/index.ts';
import { Broker } from './broker.ts';
import { Consumer } from './consumer.ts';
import { decodeEnvelope } from './envelope.ts';
import { derivedId, newId } from './ids.ts';
import { type MessagingLimits, messagingLimits } from './limits.ts';
import { Outbox, publication } from './outbox.ts';
import { OutboxRelay } from './relay.ts';
import { onCommand, onEvent, type SubscribedGroup, subscribe } from './subscriptions.ts';

const logger = pino({ level: 'silent' });
const causation: Causation = { causationId: 'cause', correlationId: 'story' };
const limits: MessagingLimits = {
  ...messagingLimits,
  ackWaitMs: 1_000,
  ackProgressMs: 300,
  redeliveryDelaysMs: [50, 50],
  outboxPollMs: 200,
};
const { storeCreated, storeRebranded } = messages.stores;
const { approveOrder } = messages.ordering;

let servers: Awaited<ReturnType<typeof testServers>>;
let fresh: Awaited<ReturnType<typeof freshDatabase>>;
let database: Database;
let broker: Broker;
let relay: OutboxRelay;
let outbox: Outbox;

before(async () => {
  servers = await testServers();
  fresh = await freshDatabase(servers.postgresUrl);
  await migrate(fresh.url, { schema: 'kernel_test', folders: [kernelMigrations.messaging] });
  database = new Database({
    url: fresh.url,
    schema: 'kernel_test',
    limits: { maxConnections: 8, connectTimeoutMs: 5_000, statementTimeoutMs: 5_000 },
  });
});

beforeEach(async (context) => {
  await database.query('TRUNCATE kernel_test.outbox, kernel_test.inbox, kernel_test.dead_letters');
  broker = await Broker.open({ url: servers.natsUrl, stream: uniqueName('delivery'), limits });
  relay = new OutboxRelay({ database, broker, limits, logger });
  outbox = new Outbox({
    schema: 'kernel_test',
    stream: broker.stream,
    committed: (rows) => relay.wake(rows),
  });
  if ('after' in context) {
    context.after(async () => {
      await relay.stop();
      await broker.close();
    });
  }
});

after(async () => {
  await database?.close();
  await fresh?.drop();
  await servers?.stop();
});

async function eventually<T>(what: string, look: () => Promise<T | undefined>, withinMs = 5_000): Promise<T> {
  const until = Date.now() + withinMs;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > until) throw new Error(`waited ${withinMs} ms for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** Leaves one event per name for one store in the outbox, as a use case would. */
function rename(store: string, ...names: readonly string[]): Promise<void> {
  return renameIn(outbox, store, names);
}

async function renameIn(outbox: Outbox, store: string, names: readonly string[]): Promise<void> {
  await inUnitOfWork(database, causation, async (unit) => {
    names.forEach((name, index) => {
      outbox.event(unit, publication(storeRebranded, { id: store, name }), {
        id: newId(),
        subject: { name: 'stores.Store', id: store, version: index + 1 },
        occurredAt: new Date(),
      });
    });
  });
}

async function unpublished(): Promise<number> {
  const row = await database.queryOne<{ count: number }>(
    'SELECT count(*)::int AS count FROM kernel_test.outbox WHERE published_at IS NULL',
    [],
  );
  return row?.count ?? -1;
}

const storeEvents = (name: string): ConsumerGroup => ({
  name,
  context: 'baskets',
  channel: 'stores.events.Store',
  messages: [storeRebranded],
});

function consumer(subscribed: SubscribedGroup): Consumer {
  return new Consumer({ database, broker, limits, logger, subscribed });
}

test('what is committed is published, each row with the sequence the broker gave it', async () => {
  relay.start();
  await rename('s', 'one', 'two');
  const rows = await eventually('both rows to be published', async () => {
    const found = await database.query<{ stream_sequence: number }>(
      'SELECT stream_sequence FROM kernel_test.outbox WHERE published_at IS NOT NULL ORDER BY position',
    );
    return found.length === 2 ? found : undefined;
  });
  assert.deepEqual(
    rows.map((row) => row.stream_sequence),
    [1, 2],
  );
});

test('row P-22: messages of one aggregate reach their consumer in the order of their commits', async () => {
  relay.start();
  const seen = new Map<string, string[]>();
  const reader = consumer(
    subscribe(
      storeEvents('ordered'),
      onEvent(storeRebranded, ({ payload }) => {
        seen.set(payload.id, [...(seen.get(payload.id) ?? []), payload.name]);
      }),
    ),
  );
  await reader.start();
  const names = Array.from({ length: 20 }, (_, index) => String(index));
  await Promise.all(['a', 'b', 'c'].map((store) => rename(store, ...names)));
  await eventually('all 60', async () => ([...seen.values()].flat().length === 60 ? true : undefined));
  await reader.stop();
  for (const store of ['a', 'b', 'c']) assert.deepEqual(seen.get(store), names);
});

test('row P-22: what another process has left goes before what was decided on it here', async () => {
  const seen: string[] = [];
  const reader = consumer(
    subscribe(
      storeEvents('both'),
      onEvent(storeRebranded, ({ payload }) => {
        seen.push(payload.name);
      }),
    ),
  );
  relay.start();
  await reader.start();
  await rename('s', '0');
  await eventually('the first', async () => (seen.length === 1 ? true : undefined));
  // The relay hears nothing of these commits: as of a process whose notification is late.
  const elsewhere = new Outbox({ schema: 'kernel_test', stream: broker.stream, committed: () => undefined });
  for (let turn = 1; turn <= 10; turn++) {
    await renameIn(elsewhere, 's', [`${turn} there`]);
    await rename('s', `${turn} here`);
  }
  await eventually('all', async () => (seen.length === 21 ? true : undefined));
  await reader.stop();
  const turns = Array.from({ length: 10 }, (_, index) => index + 1);
  assert.deepEqual(seen, ['0', ...turns.flatMap((turn) => [`${turn} there`, `${turn} here`])]);
});

test('rows P-01, P-02: a relay without its broker keeps every row and goes on when the broker is back', async () => {
  relay.start();
  await rename('s', 'before');
  await eventually('the first', async () => ((await unpublished()) === 0 ? true : undefined));
  await broker.connection.close();
  await rename('s', 'meanwhile');
  await eventually('a failed try', async () => {
    const row = await database.queryOne('SELECT 1 FROM kernel_test.outbox WHERE attempts > 1', []);
    return row ? true : undefined;
  });
  assert.equal(await unpublished(), 1);
  await relay.stop();
  broker = await Broker.open({ url: servers.natsUrl, stream: broker.stream, limits });
  relay = new OutboxRelay({ database, broker, limits, logger });
  relay.start();
  await eventually('the rest', async () => ((await unpublished()) === 0 ? true : undefined));
});

test('a stream that is deleted while the connection stands is made again and refilled', async () => {
  relay.start();
  await rename('s', 'before');
  await eventually('the first', async () => ((await unpublished()) === 0 ? true : undefined));
  const manager = await jetstreamManager(broker.connection);
  await manager.streams.delete(broker.stream);
  await rename('s', 'after');
  await eventually('both again', async () => {
    const info = await manager.streams.info(broker.stream).catch(() => undefined);
    return info?.state.messages === 2 ? true : undefined;
  });
});

test('row P-66: a row that cannot be sent is quarantined with its aggregate; others go on', async () => {
  await rename('broken', 'x');
  await database.query(`UPDATE kernel_test.outbox SET subject = $1`, [
    `${broker.stream}.${'x'.repeat(10)} y`,
  ]);
  await rename('broken', 'behind it');
  await rename('sound', 'y');
  relay.start();
  await eventually('the sound one', async () => ((await unpublished()) <= 2 ? true : undefined));
  const rows = await eventually('the quarantine', async () => {
    const found = await database.query<{ ordering_key: string }>(
      'SELECT ordering_key FROM kernel_test.outbox WHERE quarantined_at IS NOT NULL',
    );
    return found.length > 0 ? found : undefined;
  });
  assert.deepEqual(rows, [{ ordering_key: 'broken' }]);
  assert.equal(await unpublished(), 2);
});

test('two relays on one outbox: one works, the other takes over when it goes', async () => {
  const second = new OutboxRelay({ database, broker, limits, logger });
  relay.start();
  second.start();
  await rename('s', 'one');
  await eventually('the first', async () => ((await unpublished()) === 0 ? true : undefined));
  await relay.stop();
  await rename('s', 'two');
  await eventually('the second', async () => ((await unpublished()) === 0 ? true : undefined));
  await second.stop();
});

test('rows X8, P-06: a duplicate takes no effect and is acknowledged', async () => {
  const outcomes: string[] = [];
  const reader = new Consumer({
    database,
    broker,
    limits,
    logger,
    subscribed: subscribe(
      storeEvents('once'),
      onEvent(storeRebranded, (_message, unit) => {
        unit.add({
          text: `INSERT INTO kernel_test.inbox (consumer, id, name) VALUES ('effect', $1, 'n')`,
          values: [newId()],
        });
      }),
    ),
    observe: (_name, outcome) => outcomes.push(outcome),
  });
  relay.start();
  await rename('s', 'one');
  await reader.start();
  await eventually('the message', async () => (outcomes.length === 1 ? true : undefined));
  // Beyond the broker's window the same message may be stored again; here it is put there by hand.
  const { jetstream, stream } = broker;
  const stored = await (await jetstream.streams.get(stream)).getMessage({ seq: 1 });
  assert.ok(stored);
  await jetstream.publish(stored.subject, stored.data);
  await eventually('its repeat', async () => (outcomes.length === 2 ? true : undefined));
  await reader.stop();
  assert.deepEqual(outcomes, ['handled', 'duplicate']);
  const effects = await database.query(`SELECT 1 FROM kernel_test.inbox WHERE consumer = 'effect'`);
  assert.equal(effects.length, 1);
});

test('rows X9, P-05: a transient failure is tried again later, and the messages behind it keep their order', async () => {
  let failures = 2;
  const seen: string[] = [];
  const reader = consumer(
    subscribe(
      storeEvents('retried'),
      onEvent(storeRebranded, ({ payload }) => {
        if (payload.name === 'one' && failures-- > 0) throw new Unavailable('not now');
        seen.push(payload.name);
      }),
    ),
  );
  relay.start();
  await reader.start();
  await rename('s', 'one', 'two', 'three');
  await eventually('all three', async () => (seen.length === 3 ? true : undefined));
  await reader.stop();
  assert.deepEqual(seen, ['one', 'two', 'three']);
});

for (const { what, error, attempts } of [
  { what: 'row P-05: exhausted tries', error: new Unavailable('never'), attempts: 3 },
  { what: 'a permanent refusal', error: new BadRequest('no'), attempts: 1 },
]) {
  test(`${what}: the message is parked with its reason and leaves no effect`, async () => {
    const reader = consumer(
      subscribe(
        storeEvents('parked'),
        onEvent(storeRebranded, (_message, unit) => {
          unit.add({
            text: `INSERT INTO kernel_test.inbox (consumer, id, name) VALUES ('effect', 'e', 'n')`,
            values: [],
          });
          throw error;
        }),
      ),
    );
    relay.start();
    await reader.start();
    await rename('s', 'one');
    const letter = await eventually('the dead letter', () =>
      database.queryOne<{ reason: string; attempts: number; name: string }>(
        'SELECT reason, attempts, name FROM kernel_test.dead_letters',
        [],
      ),
    );
    await reader.stop();
    assert.equal(letter.attempts, attempts);
    assert.equal(letter.name, 'storesapi.StoreRebranded');
    assert.match(letter.reason, new RegExp(error.message));
    assert.deepEqual(await database.query('SELECT 1 FROM kernel_test.inbox'), []);
  });
}

test('row P-04: undecodable bytes are parked at once as they came, and the next message is handled', async () => {
  const seen: string[] = [];
  const reader = consumer(
    subscribe(
      storeEvents('rubbish'),
      onEvent(storeRebranded, ({ payload }) => {
        seen.push(payload.name);
      }),
    ),
  );
  await reader.start();
  await broker.jetstream.publish(`${broker.stream}.stores.events.Store`, Buffer.from('rubbish'));
  relay.start();
  await rename('s', 'sound');
  await eventually('the sound one', async () => (seen.length === 1 ? true : undefined));
  const letter = await eventually('the dead letter', () =>
    database.queryOne<{ data: Buffer; reason: string }>(
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
  const reader = new Consumer({
    database,
    broker,
    limits: { ...limits, handlerDeadlineMs: 100 },
    logger,
    subscribed: subscribe(
      storeEvents('slow'),
      onEvent(storeRebranded, async (_message, unit) => {
        tries++;
        if (tries > 1) return;
        unit.add({
          text: `INSERT INTO kernel_test.inbox (consumer, id, name) VALUES ('effect', 'e', 'n')`,
          values: [],
        });
        await new Promise(() => undefined);
      }),
    ),
  });
  relay.start();
  await reader.start();
  await rename('s', 'one');
  await eventually('the second try', async () => (tries === 2 ? true : undefined));
  await eventually('its commit', () =>
    database.queryOne(`SELECT 1 FROM kernel_test.inbox WHERE consumer = 'slow'`, []),
  );
  await reader.stop();
  assert.deepEqual(await database.query(`SELECT 1 FROM kernel_test.inbox WHERE consumer = 'effect'`), []);
});

const orderCommands: ConsumerGroup = {
  name: 'commands',
  context: 'ordering',
  channel: 'ordering.commands',
  messages: [approveOrder],
};

async function command(headers: Readonly<Record<string, string>>): Promise<string> {
  const id = newId();
  await inUnitOfWork(database, causation, async (unit) => {
    outbox.send(unit, publication(approveOrder, { id: 'o', shoppingId: 'l' }), {
      id,
      subject: outbox.subjectOf(approveOrder),
      headers,
      orderingKey: 'saga',
      occurredAt: new Date(),
    });
  });
  return id;
}

async function replyTo(id: string): Promise<ReturnType<typeof decodeEnvelope>> {
  const row = await eventually('the reply', () =>
    database.queryOne<{ stream_sequence: number }>(
      'SELECT stream_sequence FROM kernel_test.outbox WHERE id = $1 AND published_at IS NOT NULL',
      [derivedId(id, 'reply')],
    ),
  );
  const stream = await broker.jetstream.streams.get(broker.stream);
  const stored = await stream.getMessage({ seq: row.stream_sequence });
  assert.ok(stored);
  return decodeEnvelope(stored.data);
}

test('rows P-18, P-19: a refused command leaves no effect and is answered with code and text', async () => {
  const reader = consumer(
    subscribe(
      orderCommands,
      onCommand(outbox, approveOrder, async (_message, unit) => {
        unit.add({
          text: `INSERT INTO kernel_test.inbox (consumer, id, name) VALUES ('effect', 'e', 'n')`,
          values: [],
        });
        throw new BadRequest('the order cannot be approved');
      }),
    ),
  );
  relay.start();
  await reader.start();
  const id = await command({
    COMMAND_REPLY_CHANNEL: `${broker.stream}.cosec.replies.CreateOrder`,
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
    REPLY_REPLY_CHANNEL: `${broker.stream}.cosec.replies.CreateOrder`,
    REPLY_SAGA_ID: 'o',
    REPLY_SAGA_NAME: 'cosec.CreateOrder',
  });
  const inbox = await database.query('SELECT consumer FROM kernel_test.inbox');
  assert.deepEqual(inbox, [{ consumer: 'commands' }]);
});

test('row X19: a command without a reply channel is done and not answered', async () => {
  let done = false;
  const reader = consumer(
    subscribe(
      orderCommands,
      onCommand(outbox, approveOrder, async () => {
        done = true;
        return undefined;
      }),
    ),
  );
  relay.start();
  await reader.start();
  await command({});
  await eventually('the command', async () => (done ? true : undefined));
  await reader.stop();
  const left = await database.query<{ name: string }>('SELECT name FROM kernel_test.outbox');
  assert.deepEqual(left, [{ name: approveOrder.name }]);
});

test('names of the channel that nobody asked for are acknowledged and dropped', async () => {
  const outcomes: string[] = [];
  const reader = new Consumer({
    database,
    broker,
    limits,
    logger,
    subscribed: subscribe(
      storeEvents('picky'),
      onEvent(storeRebranded, () => undefined),
    ),
    observe: (name, outcome) => outcomes.push(`${name} ${outcome}`),
  });
  relay.start();
  await reader.start();
  await inUnitOfWork(database, causation, async (unit) => {
    outbox.event(unit, publication(storeCreated, { id: 's', name: 'n', location: 'l' }), {
      id: newId(),
      subject: { name: 'stores.Store', id: 's', version: 1 },
      occurredAt: new Date(),
    });
  });
  await eventually('it', async () => (outcomes.length === 1 ? true : undefined));
  await reader.stop();
  assert.deepEqual(outcomes, ['storesapi.StoreCreated ignored']);
});

test('a group whose messages and handlers differ is refused at once', () => {
  assert.throws(() => subscribe(storeEvents('wrong')), /storesapi.StoreRebranded: declared or handled only/);
});

test('row P-29: a durable that exists with other settings is brought up to date', async () => {
  await broker.ensureConsumer('changing', `${broker.stream}.stores.events.Store`);
  const other = await Broker.open({
    url: servers.natsUrl,
    stream: broker.stream,
    limits: { ...limits, ackWaitMs: 7_000 },
  });
  await other.ensureConsumer('changing', `${broker.stream}.stores.events.Store`);
  const consumerOf = await other.jetstream.consumers.get(broker.stream, 'changing');
  const { config } = await consumerOf.info();
  await other.close();
  assert.equal(config.ack_wait, 7_000 * 1_000_000);
});
