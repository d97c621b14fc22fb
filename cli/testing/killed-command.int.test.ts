import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { childrenOf, commandLine, entrustProcess } from '../../containers/embedded/index.ts';
import { testFolder } from '../../containers/embedded/test-folder.ts';
import { listMalls } from '../malls/directory.ts';
import { cliUnderTest } from './cli-process.ts';
import { family, isServer, running, until } from './process-family.ts';

/* Commands, and tests, that start servers and malls of their own, killed: they can stop nothing themselves. */
const folder = testFolder();
const cli = cliUnderTest({ TMPDIR: folder });

/** Folders of a run below another. */
const foldersOf = (parent: string, name: string) =>
  existsSync(parent) ? readdirSync(parent).filter((entry) => entry.startsWith(name)) : [];

/** The processes of malls that have left their starter. */
const mallsIn = (home: string) =>
  listMalls(home).flatMap(({ phase, pid, state }) =>
    phase === 'ready'
      ? [pid, state?.servers?.postgres.pid, state?.servers?.nats.pid].flatMap((each) => each ?? [])
      : [],
  );

test('mall chaos that is killed while its Postgres is halted leaves nothing', async () => {
  const run = cli.start('chaos', '--faults', 'postgres-paused', '--for', '60s');
  const pids = () => family(run.process.pid ?? 0);
  const halted = () => pids().some((pid) => isServer(pid) && /^State:\tT/m.test(statusOf(pid)));
  await until('Postgres to be halted', halted);
  // Its backends are children of Postgres, the mall one of the run.
  const known = pids().flatMap((pid) => (isServer(pid) ? [pid, ...childrenOf(pid)] : [pid]));
  assert.ok(known.some((pid) => commandLine(pid)?.includes(' up ')));
  run.process.kill('SIGKILL');
  await run.ended;
  await until('its processes to end', () => running(known).length === 0);
  await until('its data to be removed', () => foldersOf(cli.home, '.chaos').length === 0);
});

test('mall bench that is killed leaves neither its mall nor its data', async () => {
  const run = cli.start('bench', 'orders', '--quick');
  const homes = () => foldersOf(cli.home, '.bench');
  const malls = () => homes().flatMap((name) => mallsIn(join(cli.home, name)));
  await until('its mall to be ready', () => malls().length === 3);
  const known = [...malls(), ...family(run.process.pid ?? 0)];
  run.process.kill('SIGKILL');
  await run.ended;
  await until('its processes to end', () => running(known).length === 0);
  await until('its data to be removed', () => homes().length === 0);
});

test('mall bench that is killed while it measures on servers alone leaves none', async () => {
  const run = cli.start('bench', 'append', '--quick');
  const servers = () => family(run.process.pid ?? 0).filter(isServer);
  await until('its servers to run', () => servers().length === 2);
  const known = family(run.process.pid ?? 0);
  run.process.kill('SIGKILL');
  await run.ended;
  await until('its processes to end', () => running(known).length === 0);
  await until('its data to be removed', () => foldersOf(cli.home, '.bench').length === 0);
});

test('a test file that is ended with its killed run leaves neither malls nor servers nor folders', async (t) => {
  const file = join(folder, 'stays.ts');
  const from = (path: string) => JSON.stringify(new URL(path, import.meta.url).href);
  writeFileSync(
    file,
    `import { test } from 'node:test';
     import { testServers } from ${from('../../containers/embedded/test-servers.ts')};
     import { cliUnderTest } from ${from('./cli-process.ts')};
     const cli = cliUnderTest();
     test('stays', async () => {
       await testServers({});
       await cli.run('up', '--detach', '--fast', '--name', 'left');
       await new Promise((resolve) => setTimeout(resolve, 600_000));
     });`,
  );
  const runner = join(folder, 'runner.ts');
  writeFileSync(
    runner,
    `import { spawn } from 'node:child_process';
     import { entrustProcess } from ${from('../../containers/embedded/index.ts')};
     const child = spawn(process.execPath, [${JSON.stringify(file)}], { stdio: 'ignore' });
     entrustProcess(child.pid, { group: false });
     setInterval(() => undefined, 1_000);`,
  );
  const run = spawn(process.execPath, [runner], { stdio: 'ignore', env: { ...process.env, TMPDIR: folder } });
  // Should this file be killed itself.
  const entrusted = entrustProcess(run.pid, { group: false });
  t.after(() => {
    run.kill('SIGKILL');
    entrusted.release();
  });
  const left = () => foldersOf(folder, 'mall-test-');
  const before = left().length;
  const malls = () => left().flatMap((name) => mallsIn(join(folder, name, 'home')));
  await until('its mall to be ready', () => malls().length === 3);
  const known = [...malls(), ...family(run.pid ?? 0)];
  assert.ok(known.filter(isServer).length >= 4);
  run.kill('SIGKILL');
  await until('its processes to end', () => running(known).length === 0);
  await until('its folders to be removed', () => left().length === before);
});

function statusOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/status`, 'utf8');
  } catch {
    return '';
  }
}
