import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { withFigures } from './readme-figures.ts';
import { reportShape } from './report.ts';

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

test('the figures of the README are those of the sample', () => {
  const report = reportShape.parse(JSON.parse(read('reports/sample/bench.json')));
  const readme = read('README.md');
  assert.equal(withFigures(readme, report), readme, '`node .ci/figures.mjs` writes them anew');
});

test('a figure that was not measured has no row, and one that misses its target is named', () => {
  const report = reportShape.parse(JSON.parse(read('reports/sample/bench.json')));
  const figures = report.figures
    .filter(({ id }) => id !== 'memory.total')
    .map((figure) => (figure.id === 'up.cold' ? { ...figure, value: 7.25 } : figure));
  const page = withFigures(read('README.md'), { ...report, figures });
  assert.doesNotMatch(page, /memory after 10,000 orders/);
  assert.match(page, /\| `mall up` to ready, nothing there yet +\| 7\.3 s +\| 6 s +\|/);
});
