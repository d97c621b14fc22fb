import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { openTestMall } from './testing/in-memory-mall.ts';
import { parseReport } from './testing/surroundings.ts';

const mall = await openTestMall();
after(() => mall.close());

const main = fileURLToPath(new URL('../main.ts', import.meta.url));

/** Starts the command line in a process of its own. */
function start(...flags: string[]) {
  const child = spawn(process.execPath, [main, 'busywork', ...flags]);
  const [out, err]: [string[], string[]] = [[], []];
  const outLines = createInterface({ input: child.stdout }).on('line', (line) => out.push(line));
  const errLines = createInterface({ input: child.stderr }).on('line', (line) => err.push(line));
  const ended = Promise.all([once(child, 'exit'), once(outLines, 'close'), once(errLines, 'close')]).then(
    ([[code]]) => code,
  );
  const said = async (pattern: RegExp): Promise<void> => {
    while (!out.some((line) => pattern.test(line))) await once(outLines, 'line');
  };
  return { child, out, err, ended, said };
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGQUIT'] as const) {
  test(`${signal} ends a run at a human pace at once, in order`, async () => {
    const run = start('--host', mall.host, '--clients=2', '--seed=7');
    await run.said(/\[Client 2\] is considering/);
    run.child.kill(signal);
    assert.equal(await run.ended, 0);
    assert.equal(run.out.filter((line) => /\[Client [12]\] Quitting time$/.test(line)).length, 2);
    const summary = run.out.findIndex((line) => line.startsWith('busywork: 2 clients for '));
    assert.ok(summary > run.out.findLastIndex((line) => line.endsWith('Quitting time')));
    assert.match(run.err.at(-1) ?? '', /^\d\d:\d\d:\d\d busywork shutdown$/);
  });
}

test('a duration ends a run; the document is alone on standard output', async () => {
  const run = start('--host', mall.host, '--duration=500ms', '--pace=none', '--json');
  assert.equal(await run.ended, 0);
  const report = parseReport(run);
  assert.equal(report.endedBy, 'duration');
  assert.ok(report.calls.some((row) => row.calls > 0));
  assert.ok(run.err.some((line) => /\[Client 5\] Quitting time$/.test(line)));
});

test('quiet leaves the result alone', async () => {
  const run = start('--host', mall.host, '--duration=20ms', '--pace=none', '--quiet');
  assert.equal(await run.ended, 0);
  assert.deepEqual(run.err, []);
  assert.ok(!run.out.some((line) => line.includes('[Client ')));
  assert.ok(run.out.some((line) => line.startsWith('busywork: 5 clients for ')));
});

test('a reader who goes away ends the run', async () => {
  const run = start('--host', mall.host, '--pace=none');
  await run.said(/is considering/);
  run.child.stdout.destroy();
  const [code] = await once(run.child, 'exit');
  assert.equal(code, 0);
});

test('a mall that is not there: exit code 4', async () => {
  const gone = await openTestMall();
  await gone.close();
  const run = start('--host', gone.host, '--seed=7');
  assert.equal(await run.ended, 4);
  assert.match(run.err[0] ?? '', /No mall can be reached at /);
  assert.deepEqual(run.out, []);
});

test('a bad flag: exit code 2, what is wrong and what to type', async () => {
  const run = start('--clients=26');
  assert.equal(await run.ended, 2);
  assert.deepEqual(run.out, []);
  assert.match(run.err.join(' '), /--clients cannot be "26": it must be a whole number from 1 to 25\./);
  assert.match(run.err.join(' '), /mall busywork --clients=10/);
});
