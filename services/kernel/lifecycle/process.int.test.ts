import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import pg from 'pg';
import { pino } from 'pino';
import { connected, freePort, isPortFree } from '../../../containers/embedded/index.ts';
import { freshDatabase, testServers, uniqueName } from '../../../containers/embedded/test-servers.ts';
import { basketsModule } from '../../baskets/module.ts';
import { storesModule } from '../../stores/module.ts';
import { eventually } from '../testing/index.ts';
import { portOf, Way } from '../testing/way.ts';
import { type ProcessSettings, startProcess } from './process.ts';
import type { RunningProcess } from './running-process.ts';

/** What was cut off is noticed soon. */
const limits = { streamMaxBytes: 64 * 1024 ** 2, publishTimeoutMs: 300, relayBackoffMs: [20, 100] } as const;

let servers: Awaited<ReturnType<typeof testServers>>;
let fresh: Awaited<ReturnType<typeof freshDatabase>>;
/** A session of the test's own on the processes' database. */
let database: pg.Client;
let toPostgres: Way;
let toNats: Way;
let stream: string;
let running: RunningProcess[];

before(async () => {
  servers = await testServers();
});
after(() => servers?.stop());
beforeEach(async () => {
  running = [];
  stream = uniqueName('mall');
  fresh = await freshDatabase(servers.postgresUrl);
  toPostgres = await Way.to(fresh.url);
  toNats = await Way.to(servers.natsUrl);
  database = new pg.Client({ connectionString: fresh.url });
  await database.connect();
});
afterEach(async () => {
  await Promise.all(running.map((process) => process.stop()));
  await database.end();
  toPostgres.close();
  toNats.close();
  await fresh.drop();
});

async function start(
  settings: Partial<ProcessSettings> = {},
  progress: (step: string) => void = () => undefined,
): Promise<RunningProcess> {
  const process = await startProcess(
    {
      modules: [storesModule],
      databaseUrl: () => toPostgres.url,
      natsUrl: toNats.url,
      natsStream: stream,
      host: '127.0.0.1',
      restPort: 0,
      grpcPort: 0,
      logger: pino({ level: 'silent' }),
      limits,
      ...settings,
    },
    progress,
  );
  running.push(process);
  return process;
}

/** Stops it now, not at the end of the test. */
async function stop(process: RunningProcess): Promise<void> {
  running = running.filter((each) => each !== process);
  await process.stop();
}

const rows = async (text: string) => (await database.query<Record<string, unknown>>(text)).rows;
const openStore = (process: RunningProcess, name = 'Waldorf Books') =>
  fetch(`${process.restUrl}/api/stores`, {
    method: 'POST',
    body: JSON.stringify({ name, location: 'here' }),
  });
const stores = async (process: RunningProcess) => (await fetch(`${process.restUrl}/api/stores`)).status;

async function readiness(restUrl: string): Promise<{ status: number; checks: Record<string, string> }> {
  const response = await fetch(`${restUrl}/readiness`);
  const { ready, checks } = JSON.parse(await response.text());
  assert.equal(ready, response.status === 200);
  return { status: response.status, checks };
}

const nothingConnected = () =>
  eventually(() => assert.deepEqual([toPostgres.connections, toNats.connections], [0, 0]));

/** How many statements wait for a lock; a transaction of one's own would always see what it saw first. */
const waitingForLocks = () =>
  connected(fresh.url, async (client) => {
    const { rowCount } = await client.query(
      "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()",
    );
    return rowCount;
  });

const published = () =>
  eventually(async () => {
    const waiting = await rows('SELECT name FROM stores.outbox WHERE published_at IS NULL');
    assert.deepEqual(waiting, []);
  });

describe('readiness', () => {
  test('is red until the start is done, with the doors open already (row P-68)', async () => {
    const restPort = await freePort();
    const starting = start({ modules: [basketsModule], restPort }, (step) => {
      if (step === 'starting relays and consumers') toNats.hold();
    });
    const { status, checks } = await eventually(() => readiness(`http://127.0.0.1:${restPort}`));
    assert.equal(status, 503);
    assert.equal(checks.process, 'it is starting or stopping');
    toNats.release();
    await starting;
    assert.deepEqual(await readiness(`http://127.0.0.1:${restPort}`), {
      status: 200,
      checks: {
        process: 'ok',
        broker: 'ok',
        'baskets database': 'ok',
        'baskets outbox': 'ok',
        'baskets consumers': 'ok',
      },
    });
  });

  test('rows P-31, P-32: is red while the broker is away, and what is committed meanwhile is published afterwards', async () => {
    const process = await start();
    toNats.cut();
    await eventually(async () => {
      const { status, checks } = await readiness(process.restUrl);
      assert.deepEqual([status, checks.broker], [503, 'the message broker is away']);
    });
    assert.equal((await openStore(process)).status, 200);
    toNats.mend();
    await eventually(async () => assert.equal((await readiness(process.restUrl)).status, 200));
    await published();
  });

  test('is red when the outbox is stuck (row X11)', async () => {
    const process = await start({ limits: { ...limits, outboxStuckMs: 10 } });
    toNats.cut();
    await openStore(process);
    await eventually(async () => {
      const { checks } = await readiness(process.restUrl);
      assert.match(checks['stores outbox'] ?? '', /^its oldest message has waited \d+ s$/);
    });
    toNats.mend();
    await eventually(async () => assert.equal((await readiness(process.restUrl)).status, 200));
  });

  test('is red and names the consumer that is missing at the broker, until it is there again', async () => {
    const process = await start({ modules: [basketsModule] });
    const connection = await connect({ servers: servers.natsUrl });
    after(() => connection.close());
    const { consumers } = await jetstreamManager(connection);
    await eventually(async () => {
      // Each time anew: the process restores it within half a second, which a look can miss on a busy machine.
      await consumers.delete(stream, 'baskets-products').catch(() => false);
      const { status, checks } = await readiness(process.restUrl);
      const says = 'missing at the broker, or not read yet: baskets-products';
      assert.deepEqual([status, checks['baskets consumers']], [503, says]);
      assert.equal((await fetch(`${process.restUrl}/liveness`)).status, 200);
    });
    await eventually(async () => assert.equal((await readiness(process.restUrl)).status, 200));
    assert.equal((await consumers.info(stream, 'baskets-products')).name, 'baskets-products');
  });

  test('answers soon, and red, when a database is halted and answers nothing', async () => {
    const process = await start();
    toPostgres.hold();
    const { status, checks } = await readiness(process.restUrl);
    assert.deepEqual([status, checks['stores database']], [503, 'no answer within 1500 ms']);
    assert.equal((await fetch(`${process.restUrl}/liveness`)).status, 200);
    toPostgres.release();
    await eventually(async () => assert.equal((await readiness(process.restUrl)).status, 200));
  });

  test('is red, and no more than that, while the database refuses connections', async () => {
    const process = await start();
    await openToConnections(false);
    const { status, checks } = await readiness(process.restUrl);
    assert.deepEqual([status, checks['stores database']], [503, 'the database does not answer']);
    assert.equal((await fetch(`${process.restUrl}/liveness`)).status, 200);
    await openToConnections(true);
    await eventually(async () => assert.equal((await readiness(process.restUrl)).status, 200));
  });

  async function openToConnections(open: boolean): Promise<void> {
    const name = new URL(fresh.url).pathname.slice(1);
    await connected(servers.postgresUrl, async (client) => {
      await client.query(`ALTER DATABASE ${name} ALLOW_CONNECTIONS ${open}`);
      await client.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE datname = $1 AND application_name LIKE 'mall stores%'`,
        [name],
      );
    });
  }
});

test('rows P-08, P-33: while the database is away calls are 503 with Retry-After; afterwards all goes on', async () => {
  const process = await start();
  assert.equal((await openStore(process)).status, 200);
  toPostgres.cut();
  for (const answer of [await openStore(process), await fetch(`${process.restUrl}/api/stores`)]) {
    assert.equal(answer.status, 503);
    assert.equal(answer.headers.get('retry-after'), '1');
    assert.equal(JSON.parse(await answer.text()).message, 'the database cannot be reached');
  }
  assert.equal((await readiness(process.restUrl)).checks['stores database'], 'the database does not answer');
  toPostgres.mend();
  assert.equal((await openStore(process)).status, 200);
  assert.equal(await stores(process), 200);
  await published();
  assert.equal((await rows('SELECT id FROM stores.stores')).length, 2);
});

test('row P-08: while the database is halted calls are told so in time, with Retry-After', async () => {
  const process = await start();
  toPostgres.hold();
  const answers = await Promise.all([openStore(process), fetch(`${process.restUrl}/api/stores`)]);
  for (const answer of answers) {
    assert.equal(answer.status, 503);
    assert.equal(answer.headers.get('retry-after'), '1');
  }
  toPostgres.release();
  await eventually(async () => assert.equal((await openStore(process)).status, 200));
  await published();
});

describe('a start', () => {
  test('row P-33: waits for a database and a broker that come up later', async () => {
    toNats.cut();
    toPostgres.cut();
    const steps: string[] = [];
    const starting = start({}, (step) => {
      steps.push(step);
      // Each is mended once the start has met it away.
      if (step === 'applying migrations') setTimeout(() => toPostgres.mend(), 100);
    });
    setTimeout(() => toNats.mend(), 100);
    assert.equal(await stores(await starting), 200);
    assert.deepEqual(steps, [
      'connecting to the message broker',
      'applying migrations',
      'opening the doors',
      'starting relays and consumers',
    ]);
  });

  test('row P-62: two at once on a new database do not collide', async () => {
    const [one, other] = await Promise.all([start(), start()]);
    assert.deepEqual([await stores(one), await stores(other)], [200, 200]);
    const applied = (await rows('SELECT name FROM stores.migrations')).map(({ name }) => name);
    assert.ok(applied.includes('stores/001-stores-products.sql'));
    assert.equal(new Set(applied).size, applied.length);
  });

  test('rows P-08, P-33: survives a connection that breaks under its migrations', async () => {
    await rows(`SELECT pg_advisory_lock(hashtext('mall migrations stores'))`);
    const starting = start();
    await eventually(async () => assert.equal(await waitingForLocks(), 1));
    toPostgres.cut();
    toPostgres.mend();
    await rows(`SELECT pg_advisory_unlock(hashtext('mall migrations stores'))`);
    assert.equal(await stores(await starting), 200);
  });

  for (const door of ['restPort', 'grpcPort'] as const) {
    test(`with its ${door} taken tells so, and leaves nothing listening or connected`, async () => {
      const taken = createServer();
      await once(taken.listen(0, '127.0.0.1'), 'listening');
      const port = portOf(taken.address());
      const restPort = await freePort();
      const grpcPort = await freePort();
      const failed = start({ restPort, grpcPort, [door]: port });
      await assert.rejects(failed, new RegExp(`address already in use 127\\.0\\.0\\.1:${port}`));
      taken.close();
      await once(taken, 'close');
      assert.deepEqual([await isPortFree(restPort), await isPortFree(grpcPort)], [true, true]);
      await nothingConnected();
    });
  }

  test('with a context that cannot be built tells why, and leaves nothing connected', async () => {
    const broken = {
      ...storesModule,
      build: () => {
        throw new Error('no such rule');
      },
    };
    await assert.rejects(start({ modules: [basketsModule, broken] }), /no such rule/);
    await nothingConnected();
  });

  test('on a schema its migrations cannot mend says which one failed', async () => {
    await rows('CREATE SCHEMA stores');
    await rows('CREATE TABLE stores.outbox (id text)');
    await assert.rejects(start(), /migration messaging\/001-inbox-outbox-dead-letters\.sql of stores failed/);
    assert.deepEqual(await rows('SELECT name FROM stores.migrations'), []);
    await nothingConnected();
  });
});

test('row P-30: a stop finishes what was accepted, publishes what it left, and lets go of everything', async () => {
  const process = await start();
  await openStore(process);
  await rows('BEGIN; LOCK TABLE stores.events');
  const inHand = openStore(process, 'Statler Toys');
  await eventually(async () => assert.equal(await waitingForLocks(), 1));
  const stopped = stop(process);
  const { port } = new URL(process.restUrl);
  await eventually(async () => assert.ok(await isPortFree(Number(port))));
  await rows('COMMIT');
  assert.equal((await inHand).status, 200);
  await stopped;
  const left = await rows('SELECT name FROM stores.stores ORDER BY name');
  assert.deepEqual(left, [{ name: 'Statler Toys' }, { name: 'Waldorf Books' }]);
  assert.deepEqual(await rows('SELECT 1 FROM stores.outbox WHERE published_at IS NULL'), []);
  await nothingConnected();
  assert.ok(await isPortFree(Number(process.grpcAddress.split(':')[1])));
});

test('a stop in which every part hangs is over within its eight seconds', async () => {
  const process = await start({ modules: [storesModule, basketsModule] });
  toPostgres.hold();
  toNats.hold();
  const inHand = openStore(process).catch(() => undefined);
  const started = performance.now();
  await stop(process);
  assert.ok(performance.now() - started < 8_000, `${performance.now() - started} ms`);
  await inHand;
});

test('a stop may be asked for twice', async () => {
  const process = await start();
  await Promise.all([stop(process), process.stop()]);
  await process.stop();
});

test('a second start on the same database and stream continues where the first one ended', async () => {
  const first = await start({ modules: [storesModule, basketsModule] });
  const { id } = JSON.parse(await (await openStore(first)).text());
  await published();
  await stop(first);
  const alone = await start();
  await fetch(`${alone.restUrl}/api/stores/${id}/rebrand`, {
    method: 'PUT',
    body: '{"name":"Statler Toys"}',
  });
  await published();
  await stop(alone);
  // As a process that was killed between its commit and its publishing leaves it.
  await rows(`UPDATE stores.outbox SET published_at = NULL, id = id || '-2' WHERE name LIKE '%Rebranded'`);
  await start({ modules: [storesModule, basketsModule] });
  await published();
  await eventually(async () => {
    const cached = await rows('SELECT id, name, version FROM baskets.stores_cache');
    assert.deepEqual(cached, [{ id, name: 'Statler Toys', version: 2 }]);
  });
});
