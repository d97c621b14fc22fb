import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import pg from 'pg';
import { z } from 'zod';
import { basketsModule } from '../../services/baskets/module.ts';
import { eventually, startTestProcess } from '../../services/kernel/testing/index.ts';
import { storesModule } from '../../services/stores/module.ts';
import { cliUnderTest } from '../testing/cli-process.ts';
import { DeskDatabase } from './desk-database.ts';
import { EventLog } from './event-log.ts';

/* Two contexts that keep events, and the command line pointed at their servers. */
const mall = await startTestProcess([basketsModule, storesModule]);
after(() => mall.stop());
const cli = cliUnderTest({
  MALL_INFRA: 'external',
  MALL_POSTGRES_URL: mall.ground.databaseUrl,
  MALL_NATS_URL: mall.ground.natsUrl,
  MALL_NATS_STREAM: mall.ground.stream,
});

const streamsDocument = z.object({
  schema: z.literal('mall.events.show/1'),
  streams: z.array(
    z.object({
      context: z.string(),
      streamName: z.string(),
      version: z.number(),
      events: z.array(z.object({ name: z.string(), occurredAt: z.iso.datetime() })),
      state: z.unknown(),
      unreadable: z.string().nullable(),
    }),
  ),
});
const eventDocument = z.object({
  schema: z.literal('mall.event/1'),
  context: z.string(),
  streamId: z.string(),
  version: z.number(),
  name: z.string(),
});

/** A store that was renamed once: two events. */
async function renamedStore(): Promise<string> {
  const id = await mall.created('/api/stores', { name: 'Old', location: 'here' });
  const { told } = await mall.rest('PUT', `/api/stores/${id}/rebrand`, { name: 'New' });
  assert.equal(told, '200');
  return id;
}

async function shown(id: string, ...flags: readonly string[]) {
  const { code, stdout, stderr } = await cli.run('events', 'show', id, '--json', ...flags);
  assert.equal(code, 0, stderr);
  const { streams } = streamsDocument.parse(JSON.parse(stdout));
  return streams;
}

async function tailed(...flags: readonly string[]) {
  const { code, stdout, stderr } = await cli.run('events', 'tail', '--json', ...flags);
  assert.equal(code, 0, stderr);
  const lines = stdout.split('\n').filter((line) => line !== '');
  return lines.map((line) => eventDocument.parse(JSON.parse(line)));
}

test('a stream is shown with its events, what caused them, and its state', async () => {
  const id = await renamedStore();
  const [stream] = await shown(id);
  assert.equal(stream?.streamName, 'stores.Store');
  assert.deepEqual(stream?.state, { Name: 'New', Location: 'here', Participating: false });
  const { stdout } = await cli.run('events', 'show', id);
  assert.match(stdout, /1 +\S+Z +stores\.StoreCreated\n.*"Name":"Old".*\n +caused by \S+, correlation \S+/);
  assert.match(stdout, /state at version 2\n\{\n {2}"Name": "New"/);
});

test('its state at any version and time', async () => {
  const id = await renamedStore();
  const [first] = await shown(id, '--at', '1');
  assert.deepEqual([first?.version, first?.events.length], [1, 1]);
  assert.deepEqual(first?.state, { Name: 'Old', Location: 'here', Participating: false });
  const [now] = await shown(id, '--at', new Date().toISOString());
  assert.equal(now?.version, 2);
  const before = await cli.run('events', 'show', id, '--at', '2020-01-01T00:00:00Z');
  assert.equal(before.code, 1);
  assert.match(before.stderr, /had no events at 2020-01-01/);
});

test('streams of several contexts with one id are all shown, or those of one context', async () => {
  const id = await mall.created('/api/baskets', { customerId: 'c' });
  await mall.rows(
    `INSERT INTO stores.events (stream_id, stream_name, stream_version, event_id, event_name, event_data, occurred_at)
     VALUES ($1, 'stores.Store', 1, $1, 'stores.StoreVanished', '{}', now())`,
    [id],
  );
  const streams = await shown(id);
  assert.deepEqual(
    streams.map(({ context, unreadable }) => [context, unreadable === null]),
    [
      ['baskets', true],
      ['stores', false],
    ],
  );
  assert.equal((await shown(id, '--context', 'baskets')).length, 1);
  assert.match((await cli.run('events', 'show', id)).stdout, /cannot be read: .*StoreVanished/);
});

test('the newest events of all contexts come in order', async () => {
  const store = await renamedStore();
  const basket = await mall.created('/api/baskets', { customerId: 'c' });
  assert.deepEqual(
    (await tailed('--lines', '3')).map(({ streamId, version }) => [streamId, version]),
    [
      [store, 1],
      [store, 2],
      [basket, 1],
    ],
  );
  const [only] = await tailed('--lines', '1', '--context', 'stores');
  assert.deepEqual([only?.streamId, only?.name], [store, 'stores.StoreRebranded']);
  assert.match(
    (await cli.run('events', 'tail', '-l', '1')).stdout,
    /baskets\.Basket \S+ 1 baskets\.BasketStarted/,
  );
});

test('a follower goes on with what is stored after', async () => {
  const shownFirst = await renamedStore();
  const following = cli.start('events', 'tail', '--follow', '--lines', '1');
  await following.says(`${shownFirst} 2 stores.StoreRebranded`);
  const before = await renamedStore();
  await following.says(`${before} 2 stores.StoreRebranded`);
  const basket = await mall.created('/api/baskets', { customerId: 'c' });
  await following.says(`${basket} 1 baskets.BasketStarted`);
  following.process.kill('SIGINT');
  const { stdout, code } = await following.ended;
  assert.equal(code, 0);
  assert.ok(stdout.indexOf(before) < stdout.indexOf(basket));
});

test('an event of a transaction that commits late is not passed over', async () => {
  const late = new pg.Client({ connectionString: mall.ground.databaseUrl });
  await late.connect();
  await DeskDatabase.use({ postgresUrl: mall.ground.databaseUrl }, async (database) => {
    const log = await EventLog.of(database, undefined);
    const [last] = await log.newest(1);
    assert.ok(last);
    await late.query('BEGIN');
    await late.query(
      `INSERT INTO stores.events (stream_id, stream_name, stream_version, event_id, event_name, event_data,
         occurred_at) VALUES ('late', 'stores.Store', 1, 'late', 'stores.StoreCreated', '{}', now())`,
    );
    const early = await mall.created('/api/stores', { name: 'Early', location: 'here' });
    assert.deepEqual(await log.after(last), []);
    await late.query('COMMIT');
    await late.end();
    await eventually(async () =>
      assert.deepEqual(
        (await log.after(last)).map(({ streamId }) => streamId),
        ['late', early],
      ),
    );
  });
});

test('what cannot be done is told with what to do', async () => {
  const cases: readonly (readonly [number, RegExp, ...string[]])[] = [
    [1, /The stream nosuch has no events/, 'show', 'nosuch'],
    [2, /--at cannot be "soon"/, 'show', 'nosuch', '--at', 'soon'],
    [2, /--lines cannot be "many"/, 'tail', '--lines', 'many'],
    [2, /it must be one of baskets/, 'tail', '--context', 'shops'],
  ];
  for (const [exitCode, complaint, ...args] of cases) {
    const { code, stderr } = await cli.run('events', ...args);
    assert.equal(code, exitCode, stderr);
    assert.match(stderr, complaint);
  }
});
