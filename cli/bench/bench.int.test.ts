import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import { cliUnderTest } from '../testing/cli-process.ts';
import { benchmarks } from './benchmarks.ts';
import { figures, isFigureId } from './figures.ts';
import { flatFigures } from './flat/flat-figures.ts';
import { reportShape } from './report.ts';

const cli = cliUnderTest();

test('every benchmark runs, its report is well-formed, and nothing is left behind', async () => {
  const names = benchmarks.map(({ name }) => name);
  const { code, stdout, stderr } = await cli.run('bench', ...names, '--quick', '--json');
  assert.equal(code, 0, stderr);
  const report = reportShape.parse(JSON.parse(stdout));
  assert.equal(report.quick, true);
  assert.deepEqual(
    report.figures.map(({ id }) => id),
    Object.keys(figures).filter(isFigureId),
  );
  for (const { id, value } of report.figures) assert.ok(value > 0, id);
  // Pages, not times: the same on every machine and under any load.
  const flat = report.figures.filter(({ id }) => id in flatFigures);
  for (const { id, value } of flat) assert.ok(value < 3, `${id}: ${value}`);
  const gain = report.figures.find(({ id }) => id === 'checkout.idle.p50')?.gain;
  assert.ok(gain !== undefined && gain > 2, `the woken relay is ${gain} times as fast as the polled one`);
  assert.deepEqual(
    readdirSync(cli.home).filter((name) => name.includes('bench')),
    [],
  );
});

test('a benchmark that does not exist is told with those that do', async () => {
  const { code, stderr } = await cli.run('bench', 'chekout');
  assert.equal(code, 2);
  for (const { name } of benchmarks) assert.ok(stderr.includes(name), name);
});
