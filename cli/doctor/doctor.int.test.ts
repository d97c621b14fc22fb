import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { cliUnderTest } from '../testing/cli-process.ts';
import { clockJudgement, memoryFinding, nodeFinding, spaceFinding, syncFinding } from './machine.ts';

const shape = z.object({
  schema: z.literal('mall.doctor/1'),
  checks: z.array(
    z.object({ check: z.string(), status: z.string(), found: z.string(), fix: z.string().optional() }),
  ),
});

/** What the doctor says of one thing on a machine that was made so, and the exit code. */
async function told(check: string, environment: NodeJS.ProcessEnv, ...flags: string[]) {
  const cli = cliUnderTest(environment);
  const { code, stdout } = await cli.run('doctor', '--json', ...flags);
  const found = shape.parse(JSON.parse(stdout)).checks.find((each) => each.check === check);
  assert.ok(found, `${check} was checked`);
  return { code, ...found };
}

test('a machine that is well passes every check', async () => {
  const { code, stdout } = await cliUnderTest({ DOCKER_HOST: '' }).run('doctor', '--name', 'fresh');
  assert.equal(code, 0, stdout);
  assert.match(stdout, /pass {2}node/);
  assert.match(stdout, /pass {2}postgres +postgres \(PostgreSQL\) 18/);
  assert.match(stdout, /pass {2}nats/);
});

describe('a folder that cannot be written, for the doctor and for a start', () => {
  // Below /proc nothing can be made, and not for want of a folder: Node's own `mkdir -p` tries for ever.
  for (const [name, home] of [
    ['below a file', join(import.meta.filename, 'home')],
    ['where the system says there is none', '/proc/mall/home'],
  ] as const) {
    test(name, {
      skip: !existsSync('/proc/self') && home.startsWith('/proc') && 'there is no /proc',
    }, async () => {
      const { code, status, fix } = await told('folder', { MALL_HOME: home });
      assert.deepEqual([code, status], [4, 'fail']);
      assert.match(fix ?? '', /MALL_HOME/);
      const up = await cliUnderTest({ MALL_HOME: home }).run('up');
      assert.equal(up.code, 4);
      assert.match(
        up.stderr,
        /The mall's folder .* cannot be written \(E[A-Z]+\)\.\n.*\n {2}next: {2}set MALL_HOME/,
      );
    });
  }
});

test('a port that is taken: by whom, and what to type', async (context) => {
  const server = createServer().listen(0, '127.0.0.1');
  context.after(() => server.close());
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const { code, status, found, fix } = await told('REST port', {}, '--port', String(port));
  assert.deepEqual([code, status], [4, 'fail']);
  assert.match(found, new RegExp(`${port} is in use by process ${process.pid} `));
  assert.match(fix ?? '', /`mall up --port <port>`/);
});

const namespaces = spawnSync('unshare', ['-n', 'true']).status === 0;
test('a machine that does not reach itself', {
  skip: !namespaces && 'this user may not make namespaces',
}, () => {
  const launcher = fileURLToPath(new URL('../launcher/mall.mjs', import.meta.url));
  const args = ['-n', process.execPath, launcher, 'doctor', '--infra', 'embedded'];
  const env = { ...process.env, MALL_HOME: cliUnderTest().home };
  const { status, stdout } = spawnSync('unshare', args, { encoding: 'utf8', env });
  assert.equal(status, 4, stdout);
  assert.match(stdout, /FAIL {2}loopback +127\.0\.0\.1 cannot be reached from here .*\n +fix: bring it up/);
});

test('a NATS server that cannot be used', async () => {
  const { code, status, fix } = await told('nats', { MALL_NATS_BIN: '/bin/false' });
  assert.deepEqual([code, status], [4, 'fail']);
  assert.match(fix ?? '', /MALL_NATS_BIN/);
});

test('an engine that is named and does not answer: a warning, or a failure where it is wanted', async () => {
  const gone = { DOCKER_HOST: 'unix:///nowhere/docker.sock', MALL_INFRA: 'auto' };
  assert.equal((await told('engine', gone)).status, 'warn');
  const wanted = await told('engine', gone, '--infra', 'docker');
  assert.deepEqual([wanted.code, wanted.status], [4, 'fail']);
  assert.match(wanted.fix ?? '', /--infra embedded/);
});

test('a setting that is not valid', async () => {
  const { code, status, found } = await told('settings', { MALL_PORT: 'eighty' });
  assert.deepEqual([code, status], [4, 'fail']);
  assert.match(found, /MALL_PORT cannot be "eighty"/);
});

test('a mall that was killed', async () => {
  const cli = cliUnderTest();
  mkdirSync(join(cli.home, 'lost'), { recursive: true });
  writeFileSync(join(cli.home, 'lost', 'state.json'), '{}');
  const { stdout } = await cli.run('doctor');
  assert.match(stdout, /warn {2}malls +lost was killed/);
  assert.match(stdout, /fix: `mall down --name lost` cleans up/);
});

test('what cannot be made so here is judged as it would be', () => {
  const mb = 1024 * 1024;
  assert.equal(nodeFinding('18.20.0').status, 'fail');
  assert.deepEqual(
    [1_400, 2_000, 9_000].map((free) => spaceFinding(free * mb, '/data').status),
    ['fail', 'warn', 'pass'],
  );
  assert.deepEqual(
    [100, 500, 900].map((available) => memoryFinding(available * mb).status),
    ['fail', 'warn', 'pass'],
  );
  assert.deepEqual(
    [undefined, 40, 1].map((ms) => syncFinding(ms).status),
    ['warn', 'warn', 'pass'],
  );
  const day = 24 * 3_600_000;
  assert.equal(clockJudgement({ now: day, installedAt: 9 * day, driftMs: 0 }).status, 'fail');
  assert.equal(clockJudgement({ now: 9 * day, installedAt: day, driftMs: 500 }).status, 'warn');
  assert.equal(clockJudgement({ now: 9 * day, installedAt: day, driftMs: 0 }).status, 'pass');
});
