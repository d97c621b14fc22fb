import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { DeliverPolicy, jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import pino from 'pino';
import {
  freePort,
  type RunningServer,
  signalQuietly,
  startNats,
} from '../../../containers/embedded/index.ts';
import { uniqueName } from '../../../containers/embedded/test-servers.ts';
import { type ConsumerGroup, consumerGroups } from '../../../proto/catalogue.ts';
import { inUnitOfWork } from '../database/index.ts';
import { Unavailable } from '../domain/index.ts';
import { eventually } from '../testing/index.ts';
import { Broker } from './broker.ts';
import { Consumer } from './consumer.ts';
import { park } from './dead-letters.ts';
import { encodeData, encodeEnvelope } from './envelope.ts';
import { newId } from './ids.ts';
import { takeMessage } from './inbox.ts';
import { type MessagingLimits, messagingLimits } from './limits.ts';
import { Outbox, publication } from './outbox.ts';
import { OutboxRelay } from './relay.ts';
import { onEvent, subscribe } from './subscriptions.ts';
import { messagingDatabase, storeRebranded, testLimits } from './testing/messaging-ground.ts';

/*
 * A broker that comes back on an older copy of its files: its store folder is put back as a power loss with lazy
 * syncing leaves it. Each test has a stream of its own on a broker of this file's own.
 */
const logger = pino({ level: 'silent' });
const limits: MessagingLimits = {
  ...testLimits,
  redeliveryDelaysMs: messagingLimits.redeliveryDelaysMs,
  streamMaxBytes: 64 * 1024 ** 2,
  refillBatchRows: 2,
};
/** By its name one of the mall's own; what others read with is left alone. */
const group: ConsumerGroup = { ...consumerGroups.basketsStores, messages: [storeRebranded] };

const stored = messagingDatabase();
let folder: string;
let port: number;
let nats: RunningServer;
let stream: string;
let running: (() => Promise<void>)[];

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mall-refill-'));
  port = await freePort();
  nats = await start();
});

beforeEach(() => {
  stream = uniqueName('refill');
  running = [];
});

afterEach(async () => {
  await Promise.all(running.map((stop) => stop()));
});

after(async () => {
  await nats?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const store = () => join(folder, 'store');
const copy = () => join(folder, 'copy');

function start(others: { storeFolder?: string; port?: number } = {}): Promise<RunningServer> {
  const [pidFile, logFile] = [join(folder, 'nats.pid'), join(folder, 'nats.log')];
  return startNats({ storeFolder: store(), port, ...others, pidFile, logFile });
}

/** Keeps what the broker has now. Stopped in order, it has written all of it. */
async function keepCopy(): Promise<void> {
  await nats.stop();
  rmSync(copy(), { recursive: true, force: true });
  cpSync(store(), copy(), { recursive: true });
  nats = await start();
}

/** Kills the broker and starts it again on the copy. */
async function putBack(): Promise<void> {
  signalQuietly(nats.pid, 'SIGKILL');
  await nats.exited;
  rmSync(store(), { recursive: true, force: true });
  cpSync(copy(), store(), { recursive: true });
  nats = await start();
}

/** Gives sequences of what is going to be lost to others, where the mall does not see it. */
async function fillCopy(name: string): Promise<void> {
  await nats.stop();
  nats = await start({ storeFolder: copy(), port: await freePort() });
  await publishOthers(name);
  await nats.stop();
}

/** Leaves the consumer as a broker does whose files of it were newer than those of the stream. */
async function consumerRemembers(sequence: number): Promise<void> {
  const connection = await connect({ servers: nats.url });
  const { consumers } = await jetstreamManager(connection);
  const { config } = await consumers.info(stream, group.name);
  await consumers.delete(stream, group.name);
  const start = { deliver_policy: DeliverPolicy.StartSequence, opt_start_seq: sequence + 1 };
  await consumers.add(stream, { ...config, ...start });
  await connection.close();
}

/** A process as far as it matters here: a relay, and a consumer whose effect is a row with the name it was told. */
async function startProcess({
  consuming = true,
  refusing = () => false,
}: {
  consuming?: boolean;
  /** Names that are not taken for now. */
  refusing?: (name: string) => boolean;
} = {}) {
  const broker = await Broker.open({ url: nats.url, stream, limits });
  const relay = new OutboxRelay({ database: stored.database, broker, limits, logger });
  const outbox = new Outbox({ schema: 'kernel_test', stream, committed: (rows) => relay.wake(rows) });
  const reader = new Consumer({
    database: stored.database,
    broker,
    limits,
    logger,
    subscribed: subscribe(
      group,
      onEvent(storeRebranded, ({ payload }, unit) => {
        if (refusing(payload.name)) throw new Unavailable('not now');
        unit.add(takeMessage('kernel_test', 'effect', { id: newId(), name: payload.name }));
      }),
    ),
  });
  const stop = async () => {
    if (consuming) await reader.stop();
    await relay.stop();
    await broker.close();
  };
  running.push(stop);
  relay.start();
  if (consuming) await reader.start();
  const rename = (storeId: string, ...names: readonly string[]) =>
    inUnitOfWork(stored.database, { causationId: 'cause', correlationId: 'story' }, async (unit) => {
      names.forEach((name, index) => {
        outbox.event(unit, publication(storeRebranded, { id: storeId, name }), {
          id: newId(),
          subject: { name: 'stores.Store', id: storeId, version: index + 1 },
          occurredAt: new Date(),
        });
      });
    });
  return { broker, rename, stop };
}

async function allPublished(): Promise<void> {
  await eventually(async () => {
    const rows = await stored.database.query('SELECT 1 FROM kernel_test.outbox WHERE published_at IS NULL');
    assert.equal(rows.length, 0);
  });
}

/** Each published row has its message at the sequence it says, and an aggregate's rows are in order. */
async function streamHasAll(expected: number): Promise<void> {
  const rows = await stored.database.query<{ id: string; stream_sequence: number; ordering_key: string }>(
    'SELECT id, stream_sequence, ordering_key FROM kernel_test.outbox ORDER BY position',
  );
  assert.equal(rows.length, expected);
  const connection = await connect({ servers: nats.url });
  try {
    const manager = await jetstreamManager(connection);
    for (const row of rows) {
      const message = await manager.streams.getMessage(stream, { seq: row.stream_sequence });
      assert.equal(message?.header.get('Nats-Msg-Id'), row.id, `at ${row.stream_sequence}`);
    }
  } finally {
    await connection.close();
  }
  for (const [key, some] of Map.groupBy(rows, (row) => row.ordering_key)) {
    const sequences = some.map((row) => row.stream_sequence);
    assert.deepEqual(
      sequences,
      sequences.toSorted((a, b) => a - b),
      key,
    );
  }
}

/** Fills the stream as others do, so that lost sequences are given out again; the first one is for our consumer. */
async function publishOthers(name: string): Promise<void> {
  const broker = await Broker.open({ url: nats.url, stream, limits });
  const id = newId();
  const sentAt = new Date();
  const payload = storeRebranded.codec.encode({ id: 'other', name }).finish();
  const message = { id, name: storeRebranded.name, data: encodeData(payload, sentAt), metadata: {}, sentAt };
  await broker.publish(`${stream}.${group.channel}`, encodeEnvelope(message), id);
  for (let n = 0; n < 20; n++) await broker.publish(`${stream}.others`, Buffer.from('x'), newId());
  await broker.close();
}

/** Messages that the durable has not given out yet. */
async function pending(): Promise<number> {
  const connection = await connect({ servers: nats.url });
  try {
    const { consumers } = await jetstreamManager(connection);
    return (await consumers.info(stream, group.name)).num_pending;
  } finally {
    await connection.close();
  }
}

async function taken(): Promise<readonly string[]> {
  const rows = await stored.database.query<{ name: string }>(
    `SELECT name FROM kernel_test.inbox WHERE consumer = 'effect' ORDER BY received_at`,
  );
  return rows.map(({ name }) => name);
}

const hasTaken = (...names: readonly string[]) =>
  eventually(async () => assert.deepEqual((await taken()).toSorted(), names.toSorted()));

const numbers = Array.from({ length: 10 }, (_, index) => `lost ${index}`);

test('what the broker has lost while the mall goes on is published again, in order, and takes effect once', async () => {
  const mall = await startProcess();
  await mall.rename('s', 'one', 'two', 'three');
  await hasTaken('one', 'two', 'three');
  await keepCopy();
  await mall.rename('s', 'four', 'five');
  await mall.rename('t', 'six', 'seven', 'eight');
  await hasTaken('one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight');
  await allPublished();
  await putBack();
  await mall.rename('t', 'nine');
  await hasTaken('one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine');
  await allPublished();
  await streamHasAll(9);
});

/** A process that has ended had its messages taken; the broker has kept two of them and lost the numbers. */
async function loseNumbers(): Promise<void> {
  const first = await startProcess();
  await first.rename('s', 'one', 'two');
  await hasTaken('one', 'two');
  await keepCopy();
  await first.rename('s', ...numbers);
  await hasTaken('one', 'two', ...numbers);
  await allPublished();
  await first.stop();
  await putBack();
}

test('sequences that were given to others are not mistaken for ours', async () => {
  await loseNumbers();
  await publishOthers('of others');
  await startProcess();
  await eventually(() => streamHasAll(12));
  await hasTaken('one', 'two', ...numbers, 'of others');
});

test('a consumer whose memory of lost messages fits others by now skips nothing', async () => {
  await loseNumbers();
  await consumerRemembers(12);
  await publishOthers('of others');
  await startProcess();
  await hasTaken('one', 'two', ...numbers, 'of others');
  await streamHasAll(12);
});

test('a consumer that remembers more than the stream has skips nothing', async () => {
  const first = await startProcess();
  await first.rename('s', 'one');
  await hasTaken('one');
  await keepCopy();
  await first.rename('s', ...numbers);
  await hasTaken('one', ...numbers);
  await allPublished();
  await first.stop();
  await putBack();
  await consumerRemembers(11);
  const relayOnly = await startProcess({ consuming: false });
  await relayOnly.rename('s', 'new', 'newer');
  await eventually(() => streamHasAll(13));
  // What was lost has to come again in full, as to a consumer that had not committed it.
  await stored.database.query(`DELETE FROM kernel_test.inbox WHERE name <> 'one'`);
  await stored.database.query(`DELETE FROM kernel_test.inbox WHERE consumer = 'effect'`);
  await startProcess();
  await hasTaken(...numbers, 'new', 'newer');
});

test('what a consumer has put off is taken when it comes again at another place, and does not wait for itself', async () => {
  let refused = 0;
  const mall = await startProcess({ refusing: (name) => name === 'two' && ++refused === 1 });
  await mall.rename('s', 'one');
  await hasTaken('one');
  await keepCopy();
  await mall.rename('s', 'two', 'three');
  await eventually(async () => assert.equal(refused, 1));
  await allPublished();
  await fillCopy('of others');
  await putBack();
  await hasTaken('one', 'two', 'three', 'of others');
  await streamHasAll(3);
});

test('a broker that comes back without anything has the stream and all that is kept', async () => {
  const mall = await startProcess();
  await mall.rename('s', 'one', 'two', 'three');
  await hasTaken('one', 'two', 'three');
  await allPublished();
  await nats.stop();
  rmSync(store(), { recursive: true, force: true });
  nats = await start();
  await mall.rename('s', 'four');
  await hasTaken('one', 'two', 'three', 'four');
  await streamHasAll(4);
});

test('the consumers of a stream that comes back empty are kept, and begin at its beginning', async () => {
  const mall = await startProcess({ consuming: false });
  await mall.broker.ensureConsumer(group.name, `${stream}.${group.channel}`);
  await keepCopy();
  await mall.rename('s', 'one', 'two');
  await allPublished();
  await putBack();
  await eventually(() => streamHasAll(2));
  assert.equal(await pending(), 2);
});

test('a refill that was cut short is taken up again', async () => {
  const first = await startProcess();
  await first.rename('s', 'one');
  await hasTaken('one');
  await keepCopy();
  await first.rename('s', 'two', 'three', 'four', 'five');
  await hasTaken('one', 'two', 'three', 'four', 'five');
  await allPublished();
  await first.stop();
  await putBack();
  // As a crash between two batches leaves it: the newest rows are unpublished, older ones are not yet.
  await stored.database.query(
    'UPDATE kernel_test.outbox SET published_at = NULL, stream_sequence = NULL WHERE stream_sequence > 3',
  );
  await startProcess();
  await eventually(() => streamHasAll(5));
});

test('a stream that has lost nothing gets nothing twice', async () => {
  const mall = await startProcess();
  await mall.rename('s', 'one', 'two');
  await hasTaken('one', 'two');
  await allPublished();
  await keepCopy();
  await mall.rename('s', 'three');
  await hasTaken('one', 'two', 'three');
  await allPublished();
  assert.equal((await mall.broker.ensureStream()).last, 3);
});

test('row P-27: a publish in flight does not wait for the answer of a broker that has gone', async () => {
  const patient = { ...limits, publishTimeoutMs: 3_600_000 };
  const broker = await Broker.open({ url: nats.url, stream, limits: patient });
  signalQuietly(nats.pid, 'SIGSTOP');
  const publishing = broker.publish(`${stream}.others`, Buffer.from('x'), newId());
  signalQuietly(nats.pid, 'SIGKILL');
  await assert.rejects(publishing, /the message broker went away/);
  await assert.rejects(broker.publish(`${stream}.others`, Buffer.from('x'), newId()), /is away/);
  await broker.close();
  await nats.exited;
  nats = await start();
});

test('what is asked of a broker that goes away is given up with its connection', async () => {
  const broker = await Broker.open({ url: nats.url, stream, limits });
  running.push(() => broker.close());
  signalQuietly(nats.pid, 'SIGSTOP');
  const asking = [broker.ensureStream(), broker.setBackConsumers(), broker.messageIdAt(1)];
  signalQuietly(nats.pid, 'SIGKILL');
  for (const each of asking) await assert.rejects(each, /the message broker went away/);
  await nats.exited;
  nats = await start();
});

test('a dead letter at a sequence that was given out again keeps no other message out', async () => {
  const letter = {
    consumer: group.name,
    name: storeRebranded.name,
    subject: 's',
    bytes: Buffer.from('x'),
    metadata: {},
    reason: 'no',
    attempts: 1,
    streamSequence: 7,
  };
  for (const messageId of ['before', 'since', 'since']) await park(stored.database, { ...letter, messageId });
  const letters = await stored.database.query('SELECT message_id FROM kernel_test.dead_letters ORDER BY id');
  assert.deepEqual(letters, [{ message_id: 'before' }, { message_id: 'since' }]);
});
