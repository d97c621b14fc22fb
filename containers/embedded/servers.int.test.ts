import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { InfrastructureError, PortInUse } from './infrastructure-error.ts';
import { type NatsOptions, startNats } from './nats.ts';
import { connected, type PostgresOptions, startPostgres } from './postgres.ts';
import { isAlive, signalQuietly } from './processes.ts';
import type { RunningServer } from './running-server.ts';
import { testFolder } from './test-folder.ts';

after(endWhatIsLeft);
const folder = testFolder();

function postgresIn(place: string, more: Partial<PostgresOptions> = {}): PostgresOptions {
  return { place, dataFolder: join(place, 'postgres'), logFile: join(place, 'postgres.log'), ...more };
}

function natsIn(place: string, more: Partial<NatsOptions> = {}): NatsOptions {
  return {
    storeFolder: join(place, 'nats'),
    pidFile: join(place, 'nats.pid'),
    logFile: join(place, 'nats.log'),
    ...more,
  };
}

async function setting(server: RunningServer, name: string): Promise<unknown> {
  const { rows } = await connected(server.url, (client) =>
    client.query(`select current_setting($1) as value`, [name]),
  );
  return rows[0]?.value;
}

/* Hooks of a suite whose tests a name pattern leaves out run in part only: what is started is started in tests. */
describe('servers a killed mall has left', () => {
  const notices: string[] = [];
  const onNotice = (sentence: string) => notices.push(sentence);

  test('they outlive it', () => {
    const { postgres, nats } = leftBehind();
    assert.ok(isAlive(postgres));
    assert.ok(isAlive(nats));
  });

  test('Postgres is recognised, stopped and started again on the same data', async () => {
    const pids = leftBehind();
    const server = await startPostgres(postgresIn(folder, { onNotice }));
    after(() => server.stop());
    assert.ok(!isAlive(pids.postgres));
    assert.match(notices.join(), new RegExp(`stopped a Postgres \\(process ${pids.postgres}\\)`));
    const { rows } = await connected(server.url, (client) => client.query('select answer from kept'));
    assert.deepEqual(rows, [{ answer: 42 }]);
    assert.match(server.version, /^18\./);
  });

  test('NATS is recognised, stopped and started again', async () => {
    const pids = leftBehind();
    const server = await startNats(natsIn(folder, { onNotice }));
    after(() => server.stop());
    assert.ok(!isAlive(pids.nats));
    assert.match(notices.join(), new RegExp(`stopped a NATS server \\(process ${pids.nats}\\)`));
    assert.match(server.version, /^2\.\d+\./);
  });
});

describe('a Postgres of its own', async () => {
  const place = join(folder, 'own');
  mkdirSync(place);

  test('is durable unless told to be fast, and ends when asked to', async () => {
    const durable = await startPostgres(postgresIn(place));
    assert.deepEqual(
      [await setting(durable, 'fsync'), await setting(durable, 'synchronous_commit')],
      ['on', 'on'],
    );
    assert.equal(await setting(durable, 'listen_addresses'), '127.0.0.1');
    await durable.stop();
    await durable.stop();
    assert.ok(!isAlive(durable.pid));
    assert.equal(await durable.exited, 'Postgres ended with exit code 0');
    const fast = await startPostgres(postgresIn(place, { fast: true }));
    after(() => fast.stop());
    assert.equal(await setting(fast, 'fsync'), 'off');
  });

  const children = (pid: number) => `/proc/${pid}/task/${pid}/children`;
  test('that is fast has what was committed when it is killed', {
    skip: !existsSync(children(process.pid)) && 'who its processes are cannot be told here',
  }, async () => {
    const killed = join(folder, 'killed');
    const fast = await startPostgres(postgresIn(killed, { fast: true }));
    await connected(fast.url, async (client) => {
      await client.query('CREATE TABLE kept (n int)');
      await client.query('INSERT INTO kept VALUES (1)');
    });
    const helpers = readFileSync(children(fast.pid), 'utf8').split(' ').filter(Boolean).map(Number);
    for (const pid of [fast.pid, ...helpers]) signalQuietly(pid, 'SIGKILL');
    await fast.exited;
    const again = await startPostgres(postgresIn(killed, { fast: true }));
    after(() => again.stop());
    const { rows } = await connected(again.url, (client) => client.query('SELECT n FROM kept'));
    assert.deepEqual(rows, [{ n: 1 }]);
  });

  test('never touches a process that only has the recorded id', async () => {
    const foreign = join(folder, 'foreign');
    mkdirSync(join(foreign, 'postgres'), { recursive: true });
    writeFileSync(join(foreign, 'postgres', 'postmaster.pid'), `${process.pid}\n`);
    writeFileSync(join(foreign, 'postgres', 'PG_VERSION'), '18\n');
    // The folder holds no real data, so the start fails; what counts is that this process is still there.
    await assert.rejects(startPostgres(postgresIn(foreign)), InfrastructureError);
    assert.ok(isAlive(process.pid));
  });

  test('says so when the data is of another version', async () => {
    const old = join(folder, 'old');
    const data = join(old, 'postgres');
    mkdirSync(place, { recursive: true });
    await (await startPostgres(postgresIn(old, { fast: true }))).stop();
    writeFileSync(join(data, 'PG_VERSION'), '15\n');
    await assert.rejects(startPostgres(postgresIn(old)), /is of Postgres 15; this mall brings Postgres 18/);
  });

  test('tells the end of its log when it cannot start', async () => {
    const broken = join(folder, 'broken');
    await (await startPostgres(postgresIn(broken, { fast: true }))).stop();
    writeFileSync(join(broken, 'postgres', 'postgresql.auto.conf'), 'no_such_setting = 1\n');
    await assert.rejects(startPostgres(postgresIn(broken)), (error) => {
      assert.ok(error instanceof InfrastructureError);
      assert.match(error.message, /^Postgres ended with exit code 1 while starting/);
      assert.match(String(error.cause), /no_such_setting/);
      return true;
    });
  });

  test('is given up when the start is called off', async () => {
    const off = AbortSignal.abort(new Error('called off'));
    const place = join(folder, 'off');
    await assert.rejects(startPostgres(postgresIn(place, { signal: off })));
    assert.equal(startedProcesses(place).length, 0);
  });
});

describe('a port that somebody else has', () => {
  test('is told with its owner', async () => {
    const taken = createServer();
    after(() => taken.close());
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    const address = taken.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const place = join(folder, 'taken');
    const starts = [
      () => startPostgres(postgresIn(place, { port })),
      () => startNats(natsIn(place, { port })),
    ];
    for (const start of starts) {
      await assert.rejects(start, (error) => {
        assert.ok(error instanceof PortInUse);
        assert.equal(error.port, port);
        if (process.platform === 'linux') assert.match(error.message, new RegExp(`process ${process.pid} `));
        return true;
      });
    }
  });
});

let left: { readonly postgres: number; readonly nats: number } | undefined;

/** The processes of both servers of a mall that was killed. */
function leftBehind(): { readonly postgres: number; readonly nats: number } {
  if (left !== undefined) return left;
  const script = fileURLToPath(new URL('start-and-die.ts', import.meta.url));
  const { signal, stdout } = spawnSync(process.execPath, [script, folder], { encoding: 'utf8' });
  assert.equal(signal, 'SIGKILL');
  left = z.object({ postgres: z.number(), nats: z.number() }).parse(JSON.parse(stdout));
  return left;
}

/** Servers that no test has taken over, as where a name pattern leaves those out. */
function endWhatIsLeft(): void {
  for (const line of startedProcesses(folder)) signalQuietly(Number.parseInt(line, 10), 'SIGKILL');
}

/** Living processes whose command line names a folder, each with its id first. */
function startedProcesses(place: string): string[] {
  const { stdout } = spawnSync('ps', ['-ww', '-eo', 'pid=,stat=,args='], { encoding: 'utf8' });
  return stdout.split('\n').filter((line) => line.includes(`${place}/`) && !/^\s*\d+\s+Z/.test(line));
}
