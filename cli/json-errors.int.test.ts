import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { freePort } from '../containers/embedded/index.ts';
import { openTestMall } from './busywork/testing/in-memory-mall.ts';
import { cliUnderTest } from './testing/cli-process.ts';

/* What a program reads when a command fails: with --json also errors are JSON, one object as the last line. */

const errorDocument = z.strictObject({
  schema: z.literal('mall.error/1'),
  code: z.string(),
  exitCode: z.number(),
  message: z.string(),
  cause: z.string().nullable(),
  next: z.string().nullable(),
});

const launcher = fileURLToPath(new URL('launcher/mall.mjs', import.meta.url));
const cli = cliUnderTest();
const mall = await openTestMall();
after(() => mall.close());

/** Runs a command that fails, and reads what it says of that. */
async function failing(...args: readonly string[]) {
  const { code, stdout, stderr } = await cli.run(...args);
  const error = errorDocument.parse(JSON.parse(stderr.trimEnd().split('\n').at(-1) ?? ''));
  assert.equal(error.exitCode, code);
  return { ...error, stdout, stderr };
}

test('usage errors', async () => {
  const { code, exitCode, message, next, stdout } = await failing('dwon', '--json');
  assert.deepEqual([code, exitCode, message, stdout], ['usage', 2, "Unknown command 'dwon'.", '']);
  assert.match(next ?? '', /did you mean down\?/);
  assert.equal((await failing('up', '--json', '--detahc')).code, 'usage');
  assert.equal((await failing('saga', '--json')).code, 'usage');
  assert.equal((await failing('wait', '--timeout', 'soon', '--json')).code, 'usage');
  assert.equal((await failing('busywork', '--clients=99', '--json')).code, 'usage');
});

test('a setting that is not valid', async () => {
  const other = cliUnderTest({ MALL_PORT: 'eighty' });
  const { code, stderr } = await other.run('config', '--json');
  assert.equal(code, 3);
  assert.equal(errorDocument.parse(JSON.parse(stderr)).code, 'configuration');
});

test('a mall that cannot be reached', async () => {
  for (const args of [
    ['saga', 'ls'],
    ['audit'],
    ['open'],
    ['busywork', '--host', `localhost:${await freePort()}`],
  ]) {
    const { code, next } = await failing(...args, '--json', '--quiet');
    assert.equal(code, 'environment', args[0]);
    assert.match(next ?? '', /`mall up/, args[0]);
  }
});

test('a mall that is not ready in time', async () => {
  assert.equal((await failing('wait', '--timeout', '50ms', '--json')).code, 'start-timeout');
});

test('a threshold that was missed, with the whole result on standard output', async () => {
  const load = ['--host', mall.host, '--duration=50ms', '--pace=none'];
  const args = ['busywork', ...load, '--threshold', 'calls.rate>100000/s', '--json', '--quiet'];
  const { code, message, stdout, stderr } = await failing(...args);
  assert.deepEqual([code, message], ['threshold-missed', 'A threshold was missed.']);
  assert.equal(stderr.trimEnd().split('\n').length, 1);
  const { thresholds } = z
    .object({ thresholds: z.array(z.object({ kept: z.boolean() })) })
    .parse(JSON.parse(stdout));
  assert.deepEqual(
    thresholds.map(({ kept }) => kept),
    [false],
  );
});

test('what stands in the way before the command line is loaded', () => {
  const gone = mkdtempSync(join(tmpdir(), 'mall-gone-'));
  const script = 'cd "$1" && rmdir "$1" && exec "$2" "$3" ps --json';
  const { status, stderr } = spawnSync('sh', ['-c', script, 'sh', gone, process.execPath, launcher], {
    encoding: 'utf8',
  });
  assert.equal(status, 4);
  assert.match(errorDocument.parse(JSON.parse(stderr)).message, /folder does not exist any more/);
});

test('a sentence for people where the document goes to a file, or none is asked for', async () => {
  for (const args of [
    ['busywork', '--json', 'now.json', '--clients=99'],
    ['up', '--detahc'],
  ])
    assert.match((await cli.run(...args)).stderr, /^mall: .*\n {2}next: {2}/);
});
