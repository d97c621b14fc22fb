import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { breaks } from './table.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const features = globSync('features/*/*.feature', { cwd: root })
  .map((path) => path.slice('features/'.length, -'.feature'.length))
  .filter((path) => !path.startsWith('example/'));

for (const { name, file, search, replace } of breaks) {
  test(`can be made: ${name}`, () => {
    const parts = readFileSync(`${root}${file}`, 'utf8').split(search);
    assert.equal(parts.length, 2, `"${search}" stands in ${file} ${parts.length - 1} times`);
    assert.notEqual(search, replace);
  });
}

test('every feature file has a fault to tell, and every fault a feature file', () => {
  assert.deepEqual([...new Set(breaks.map(({ feature }) => feature))].sort(), features.sort());
});
