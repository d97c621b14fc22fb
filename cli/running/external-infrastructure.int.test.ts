import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { freePort, natsBinary } from '../../containers/embedded/index.ts';
import { testFolder } from '../../containers/embedded/test-folder.ts';
import { freshDatabase, testServers } from '../../containers/embedded/test-servers.ts';
import { mallFolders } from '../malls/folders.ts';
import { readState } from '../malls/state.ts';
import { cliUnderTest } from '../testing/cli-process.ts';

const password = 'p@ss w/rd';
const natsPort = await freePort();
const natsUrl = (pass: string) => `nats://mall:${encodeURIComponent(pass)}@127.0.0.1:${natsPort}`;
let servers: Awaited<ReturnType<typeof testServers>>;
let database: Awaited<ReturnType<typeof freshDatabase>>;
const guarded = spawn(
  (await natsBinary()).path,
  [
    '--addr',
    '127.0.0.1',
    '--port',
    String(natsPort),
    '--jetstream',
    '--store_dir',
    join(testFolder(), 'nats'),
  ].concat(['--user', 'mall', '--pass', password]),
  { stdio: 'ignore' },
);

before(async () => {
  servers = await testServers();
  database = await freshDatabase(servers.postgresUrl);
});
after(async () => {
  const ended = once(guarded, 'close');
  guarded.kill('SIGKILL');
  await ended;
  await database?.drop();
  await servers?.stop();
});

/** Where an external mall is to be, asked when it is started. */
function cliWith(pass: string) {
  return cliUnderTest({
    MALL_INFRA: 'external',
    MALL_POSTGRES_URL: database.url,
    MALL_NATS_URL: natsUrl(pass),
  });
}

test('a broker that wants a password is used with the one in its address, which is shown to nobody', async () => {
  const cli = cliWith(password);
  const doors = ['--port', String(await freePort()), '--grpc-port', String(await freePort())];
  const up = await cli.run('up', ...doors, '--detach');
  assert.equal(up.code, 0, up.stderr);
  const state = readState(mallFolders(cli.home, 'mall').state);
  assert.equal(state?.addresses?.nats, `nats://mall:***@127.0.0.1:${natsPort}`);
  const audit = await cli.run('audit', '--wait', '30s');
  assert.equal(audit.code, 0, audit.stdout + audit.stderr);
  assert.equal((await cli.run('down')).code, 0);
});

test('one that refuses the password is told so', async () => {
  const { code, stderr } = await cliWith('another').run('up', '--detach');
  assert.equal(code, 4);
  assert.match(stderr, /NATS with JetStream at nats:\/\/mall:\*\*\*@127\.0\.0\.1:\d+ refuses us/);
  assert.match(stderr, /Authorization Violation/i);
  assert.match(stderr, /correct MALL_NATS_URL/);
});
