import assert from 'node:assert/strict';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { z } from 'zod';
import { becomesTrue, connected, freePort, isAlive } from '../../containers/embedded/index.ts';
import { mallFolders } from '../malls/folders.ts';
import { readState } from '../malls/state.ts';
import { cliUnderTest } from '../testing/cli-process.ts';

const psDocument = z.object({
  malls: z.array(
    z.object({
      name: z.string(),
      phase: z.string(),
      pid: z.number().nullable(),
      health: z.string().nullable(),
    }),
  ),
});

const upDocument = z.object({
  pid: z.number(),
  addresses: z.object({ rest: z.string(), grpc: z.string(), postgres: z.string(), nats: z.string() }),
  servers: z.object({ postgres: z.object({ pid: z.number() }), nats: z.object({ pid: z.number() }) }),
});

const cli = cliUnderTest();
const ports = ['--port', String(await freePort()), '--grpc-port', String(await freePort())];

async function up(...args: readonly string[]) {
  const { code, stdout, stderr } = await cli.run('up', '--detach', '--json', ...args);
  assert.equal(code, 0, stderr);
  return upDocument.parse(JSON.parse(stdout));
}

async function ps() {
  const { stdout } = await cli.run('ps', '--all', '--json');
  return psDocument.parse(JSON.parse(stdout)).malls;
}

test('a mall in the foreground tells its addresses, answers, and stops in order on SIGTERM', async () => {
  const mall = cli.start('up', ...ports);
  await mall.says('Ctrl-C stops it.');
  const state = readState(mallFolders(cli.home, 'mall').state);
  assert.ok(state?.addresses && state.servers);
  assert.equal((await fetch(`${state.addresses.rest}/readiness`)).status, 200);
  mall.process.kill('SIGTERM');
  const { code, stdout, stderr } = await mall.ended;
  assert.equal(code, 0, stderr);
  for (const address of Object.values(state.addresses)) assert.ok(stdout.includes(address), address);
  assert.match(stderr, /stopping the contexts\nstopping NATS\nstopping Postgres\n$/);
  for (const { pid } of Object.values(state.servers)) assert.ok(pid !== undefined && !isAlive(pid));
  assert.ok(!existsSync(mallFolders(cli.home, 'mall').state));
});

test('data outlives kill -9 and down; what the killed mall has left is put right', async () => {
  const first = await up(...ports);
  await connected(first.addresses.postgres, (client) => client.query('create table kept as select 7 as n'));
  process.kill(first.pid, 'SIGKILL');
  assert.ok(await becomesTrue(() => !isAlive(first.pid), 5_000));
  assert.ok(isAlive(first.servers.postgres.pid));
  assert.deepEqual(
    (await ps()).map(({ phase }) => phase),
    ['killed'],
  );

  const second = await up(...ports);
  assert.ok(!isAlive(first.servers.postgres.pid) && !isAlive(first.servers.nats.pid));
  assert.deepEqual(second.addresses, first.addresses);
  assert.equal((await cli.run('down')).code, 0);
  assert.ok(!isAlive(second.pid) && !isAlive(second.servers.postgres.pid));

  const third = await up(...ports);
  const { rows } = await connected(third.addresses.postgres, (client) => client.query('select n from kept'));
  assert.deepEqual(rows, [{ n: 7 }]);
  process.kill(third.pid, 'SIGKILL');
  const { stdout } = await cli.run('down');
  assert.match(stdout, /had been killed; nothing of it runs any more/);
  assert.ok(!isAlive(third.servers.postgres.pid) && !isAlive(third.servers.nats.pid));
});

test('two malls run side by side; a second start of one is refused; purge removes the data', async () => {
  const [one, other] = await Promise.all([up('--name', 'one'), up('--name', 'other')]);
  const doors = [...Object.values(one.addresses), ...Object.values(other.addresses)];
  assert.equal(new Set(doors).size, doors.length);
  const running = (await ps()).filter(({ pid }) => pid !== null);
  assert.deepEqual(
    running.map(({ name, phase, health }) => [name, phase, health]),
    [
      ['one', 'ready', 'ready'],
      ['other', 'ready', 'ready'],
    ],
  );
  const again = await cli.run('up', '--name', 'one');
  assert.equal(again.code, 4);
  assert.match(again.stderr, /The mall "one" runs already \(process \d+, ready\) at http/);
  assert.equal((await cli.run('wait', '--name', 'other', '--timeout', '5s')).code, 0);

  assert.equal((await cli.run('down', '--all')).code, 0);
  assert.ok(!isAlive(one.pid) && !isAlive(other.pid));
  const { stdout } = await cli.run('down', '--name', 'one', '--purge');
  assert.match(stdout, /was not running, and its data is removed/);
  assert.ok(!readdirSync(cli.home).includes('one'));
  assert.ok(!existsSync(mallFolders(cli.home, 'one').postgresData));
  assert.ok(existsSync(mallFolders(cli.home, 'other').postgresData));
});

test('a port in use is told with its owner and a way out', async () => {
  const port = await freePort();
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(port, '127.0.0.1', resolve));
  const { code, stderr } = await cli.run('up', '--name', 'crowded', '--port', String(port));
  taken.close();
  assert.equal(code, 4);
  assert.match(stderr, new RegExp(`Port ${port}, wanted for REST, is in use by `));
  assert.match(stderr, /next: {2}choose another one with `mall up --port \d+`/);
});

describe('a port that is taken after it was found free is told the same way', () => {
  for (const [mode, flag, title] of [
    ['monolith', '--port', 'REST'],
    ['monolith', '--grpc-port', 'gRPC'],
    ['microservices', '--port', 'REST'],
  ] as const) {
    test(`${title}, ${mode}`, async () => {
      const port = await freePort();
      const mall = cli.start('up', '--name', `overtaken-${mode}`, '--mode', mode, flag, String(port));
      await mall.says('starting Postgres');
      const taken = createServer();
      await new Promise<void>((resolve) => taken.listen(port, '127.0.0.1', resolve));
      const { code, stderr } = await mall.ended;
      taken.close();
      assert.equal(code, 4, stderr);
      const told = `Port ${port}, wanted for ${title}, is in use by process ${process.pid} `;
      assert.ok(stderr.includes(told), stderr);
      assert.match(stderr, new RegExp(`next: {2}choose another one with \`mall up ${flag} \\d+\``));
    });
  }
});

test('a stale state file and a stale lock do not stop a start', async () => {
  const folders = mallFolders(cli.home, 'mall');
  writeFileSync(folders.state, '{ "version": 0 }');
  writeFileSync(folders.lock, JSON.stringify({ pid: 1, startToken: 'long ago', nonce: 'x' }));
  assert.equal((await ps()).find(({ name }) => name === 'mall')?.phase, 'killed');
  const { pid } = await up(...ports);
  assert.ok(isAlive(pid));
  assert.equal((await cli.run('down')).code, 0);
});

test('an interrupted start leaves nothing running', async () => {
  const mall = cli.start('up', ...ports);
  await mall.says('starting Postgres and NATS');
  mall.process.kill('SIGINT');
  assert.equal((await mall.ended).code, 130);
  const folders = mallFolders(cli.home, 'mall');
  assert.ok(!existsSync(join(folders.postgresData, 'postmaster.pid')) && !existsSync(folders.natsPid));
});

test('logs show what was written, pretty or raw', async () => {
  const raw = await cli.run('logs', '--json', '--lines', '1000');
  const lines = raw.stdout.trimEnd().split('\n');
  assert.ok(lines.some((line) => JSON.parse(line).msg === 'ready'));
  const pretty = await cli.run('logs', '--lines', '1000');
  assert.match(pretty.stdout, /^\[\d\d:\d\d:\d\d\.\d{3}\] INFO: ready$/m);
  const none = await cli.run('logs', '--name', 'nobody');
  assert.equal(none.code, 4);
});

test('waiting for a mall that does not come ends with 5', async () => {
  const { code, stderr } = await cli.run('wait', '--timeout', '100ms');
  assert.equal(code, 5);
  assert.match(stderr, /was not ready within 100ms/);
});

test('a start that takes too long is given up with 5', async () => {
  const impatient = cliUnderTest({ MALL_START_TIMEOUT: '100ms' });
  const { code, stderr } = await impatient.run('up', ...ports);
  assert.equal(code, 5);
  assert.match(stderr, /was not ready within 100ms/);
});
