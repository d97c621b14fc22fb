import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { freshDatabase, testServers } from '../../../containers/embedded/test-servers.ts';
import {
  type Causation,
  Database,
  inUnitOfWork,
  migrate,
  UnitOfWork,
  write,
  writeStatement,
} from '../database/index.ts';
import { type Decider, hasCategory } from '../domain/index.ts';
import { kernelMigrations } from '../lifecycle/index.ts';
import { EventSourced } from './event-sourced.ts';
import type { StreamCodec } from './stream-codec.ts';

/** A counter is the smallest aggregate: `add n` stores n events of one each. */
type CounterEvent = { readonly type: 'test.Added' };
const counter: Decider<number, { add: number }, CounterEvent> = {
  initial: 0,
  decide: ({ add }) => Array.from({ length: add }, (): CounterEvent => ({ type: 'test.Added' })),
  evolve: (count) => count + 1,
};
const codec: StreamCodec<number, CounterEvent> = {
  streamName: 'test.Counter',
  snapshotName: 'test.CounterV1',
  encodeEvent: () => ({}),
  decodeEvent: () => ({ type: 'test.Added' }),
  encodeState: (count) => ({ count }),
  decodeState: (data) =>
    typeof data === 'object' && data && 'count' in data ? Number(data.count) : Number.NaN,
};
const causation: Causation = { causationId: 'cause', correlationId: 'story' };

let servers: Awaited<ReturnType<typeof testServers>>;
let fresh: Awaited<ReturnType<typeof freshDatabase>>;
let database: Database;

before(async () => {
  servers = await testServers();
  fresh = await freshDatabase(servers.postgresUrl);
  await migrate(fresh.url, {
    schema: 'kernel_test',
    folders: [kernelMigrations.messaging, kernelMigrations.eventstore],
  });
  database = new Database({
    url: fresh.url,
    schema: 'kernel_test',
    limits: { maxConnections: 4, connectTimeoutMs: 5_000, statementTimeoutMs: 5_000 },
  });
});

after(async () => {
  await database?.close();
  await fresh?.drop();
  await servers?.stop();
});

function counters(snapshotEvery = 50) {
  return new EventSourced({ database, decider: counter, codec, notFound: 'no such counter', snapshotEvery });
}

async function countRows(table: string, id: string): Promise<number> {
  const row = await database.queryOne<{ count: number }>(
    `SELECT count(*)::int AS count FROM kernel_test.${table} WHERE stream_id = $1`,
    [id],
  );
  return row?.count ?? 0;
}

for (const events of [1, 2, 3, 50]) {
  test(`rows X4, P-09: ${events} events of one save are stored in order, with their stream's name`, async () => {
    const id = `several-${events}`;
    await inUnitOfWork(database, causation, (unit) => counters().create(unit, id, { add: events }));
    const rows = await database.query<{ stream_version: number; stream_name: string }>(
      'SELECT stream_version, stream_name FROM kernel_test.events WHERE stream_id = $1 ORDER BY position',
      [id],
    );
    assert.deepEqual(
      rows,
      Array.from({ length: events }, (_, index) => ({
        stream_version: index + 1,
        stream_name: 'test.Counter',
      })),
    );
    assert.deepEqual(await counters().load(id), { state: events, version: events });
  });
}

test('rows X6, P-55: what has no events is not found', async () => {
  await assert.rejects(counters().load('nobody'), { category: 'NOT_FOUND', message: 'no such counter' });
  assert.equal(await counters().find('nobody'), undefined);
});

test('rows X3, P-54: of two writers on one version the later is refused with a conflict and leaves nothing', async () => {
  const id = 'raced';
  await inUnitOfWork(database, causation, (unit) => counters().create(unit, id, { add: 1 }));
  const [first, second] = [new UnitOfWork(causation), new UnitOfWork(causation)];
  await counters().execute(first, id, { add: 1 });
  await counters().execute(second, id, { add: 2 });
  await first.commit(database);
  await assert.rejects(second.commit(database), { category: 'CONFLICT' });
  assert.equal(await countRows('events', id), 2);
});

test('a command that lost a race is decided again on what the winner left', async () => {
  const id = 'retried';
  await inUnitOfWork(database, causation, (unit) => counters().create(unit, id, { add: 1 }));
  const add = () => inUnitOfWork(database, causation, (unit) => counters().execute(unit, id, { add: 1 }));
  await Promise.all([add(), add(), add()]);
  assert.deepEqual(await counters().load(id), { state: 4, version: 4 });
});

test('a conflict that does not end reaches the caller', async () => {
  await inUnitOfWork(database, causation, (unit) => counters().create(unit, 'taken', { add: 1 }));
  await assert.rejects(
    inUnitOfWork(database, causation, (unit) => counters().create(unit, 'taken', { add: 1 })),
    (error) => hasCategory(error, 'CONFLICT'),
  );
});

test('row P-56: a snapshot is written when a multiple of its interval is reached or passed', async () => {
  const store = counters(3);
  const id = 'snapshots';
  await inUnitOfWork(database, causation, (unit) => store.create(unit, id, { add: 2 }));
  assert.equal(await countRows('snapshots', id), 0);
  await inUnitOfWork(database, causation, (unit) => store.execute(unit, id, { add: 2 }));
  const row = await database.queryOne(
    'SELECT stream_version, snapshot_name FROM kernel_test.snapshots WHERE stream_id = $1',
    [id],
  );
  assert.deepEqual(row, { stream_version: 4, snapshot_name: 'test.CounterV1' });
  await inUnitOfWork(database, causation, (unit) => store.execute(unit, id, { add: 1 }));
  assert.deepEqual(await store.load(id), { state: 5, version: 5 });
});

test('a snapshot of another generation is passed over', async () => {
  const id = 'generations';
  await inUnitOfWork(database, causation, (unit) => counters(1).create(unit, id, { add: 2 }));
  await database.query(
    `UPDATE kernel_test.snapshots SET snapshot_name = 'test.CounterV0', snapshot_data = '{"count": 99}'
     WHERE stream_id = $1`,
    [id],
  );
  assert.deepEqual(await counters().load(id), { state: 2, version: 2 });
});

test('rows X5, P-10: a stream with a gap is a fault, never a partial aggregate', async () => {
  const id = 'gap';
  await inUnitOfWork(database, causation, (unit) => counters().create(unit, id, { add: 3 }));
  await database.query('DELETE FROM kernel_test.events WHERE stream_id = $1 AND stream_version = 2', [id]);
  await assert.rejects(counters().load(id), /gap before version 3/);
});

test('a command that decides nothing writes nothing', async () => {
  await inUnitOfWork(database, causation, (unit) => counters().create(unit, 'idle', { add: 0 }));
  assert.equal(await countRows('events', 'idle'), 0);
});

test('an expected row that is not there undoes the whole unit', async () => {
  const unit = new UnitOfWork(causation);
  await counters().create(unit, 'undone', { add: 1 });
  const change = writeStatement({
    table: 'kernel_test.snapshots',
    columns: { stream_id: 'text' },
    key: ['stream_id'],
    text: `UPDATE kernel_test.snapshots AS s SET stream_version = 1 FROM {rows} WHERE s.stream_id = r.stream_id`,
  });
  unit.add({ ...write(change, { stream_id: 'nobody' }), expect: 'a snapshot' });
  await assert.rejects(unit.commit(database), { category: 'CONFLICT' });
  assert.equal(await countRows('events', 'undone'), 0);
});

test('a unit whose deadline has passed is never committed', async () => {
  const unit = new UnitOfWork({ ...causation, signal: AbortSignal.abort() });
  await counters().create(unit, 'late', { add: 1 });
  await assert.rejects(unit.commit(database), { category: 'DEADLINE_EXCEEDED' });
  assert.equal(await countRows('events', 'late'), 0);
});
