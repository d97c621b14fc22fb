import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { commandLine, isAlive } from '../../containers/embedded/index.ts';
import { listMalls } from '../malls/directory.ts';
import { cliUnderTest } from './cli-process.ts';
import { family, isServer, running, until } from './process-family.ts';

/* A run that is killed can stop nothing itself. */
const folder = mkdtempSync(join(tmpdir(), 'mall-killed-'));
after(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
const temporary = join(folder, 'temporary');
mkdirSync(temporary);
// Postgres may run as another user.
for (const each of [folder, temporary]) chmodSync(each, 0o755);
const cli = cliUnderTest({ TMPDIR: temporary });

const slow = join(folder, 'slow.feature');
writeFileSync(
  slow,
  `Feature: Slow
  Scenario: An order nobody collects
    Given I have an approved order of
      | Name | Price | Quantity |
      | Hat  | 5     | 1        |
    Then my order becomes completed

  @lab
  Scenario: An order nobody collects, in a mall of its own
    Given I have an approved order of
      | Name | Price | Quantity |
      | Hat  | 5     | 1        |
    Then my order becomes completed
`,
);
test('a features run that is killed leaves neither malls nor servers nor data', async () => {
  const run = cli.start('test', 'features', '--features', slow, '--parallel', '2', '--reports', folder);
  const malls = () => listMalls(cli.home).filter(({ phase }) => phase === 'ready');
  await until('two malls to be ready', () => malls().length === 2);
  const known = malls().flatMap(({ pid, state }) => [
    pid ?? 0,
    state?.servers?.postgres.pid ?? 0,
    state?.servers?.nats.pid ?? 0,
  ]);
  const pids = [...known, ...family(run.process.pid ?? 0)];
  assert.equal(known.filter(isAlive).length, 6);
  run.process.kill('SIGKILL');
  await run.ended;
  await until('all of it to be gone', () => listMalls(cli.home).length === 0);
  await until('its processes to end', () => running(pids).length === 0);
});

test('one that is killed while its mall starts leaves nothing either', async () => {
  const run = cli.start('test', 'features', '--features', slow, '--reports', folder);
  await until('a mall to start', () => listMalls(cli.home).length === 1);
  const pids = family(run.process.pid ?? 0);
  run.process.kill('SIGKILL');
  await run.ended;
  await until('its processes to end', () => running(pids).length === 0 && listMalls(cli.home).length === 0);
});

test('a contracts run that is killed leaves no servers and no tests', async () => {
  const run = cli.start('test', 'contracts', 'pacts/consumers/customers-sub.contract.test.ts');
  const servers = () => family(run.process.pid ?? 0).filter(isServer);
  await until('its servers to run', () => servers().length === 2);
  const tests = () => family(run.process.pid ?? 0).filter((pid) => commandLine(pid)?.includes('--test'));
  await until('its tests to run', () => tests().length > 0);
  const pids = family(run.process.pid ?? 0);
  run.process.kill('SIGKILL');
  await run.ended;
  await until('its processes to end', () => running(pids).length === 0);
  await until(
    'its folder to be removed',
    () => !readdirSync(temporary).some((name) => name.startsWith('mall-test-')),
  );
});
