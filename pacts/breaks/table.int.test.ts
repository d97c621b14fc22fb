import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { contextOf } from '../../cli/pacts/orders.ts';
import { readPactFiles } from '../../cli/pacts/pact-files.ts';
import { pactFilesFolder, projectRoot } from '../../cli/pacts/places.ts';
import { contractBreaks } from './table.ts';

const pacts = readPactFiles(pactFilesFolder);
const contracts = new Set(
  pacts.flatMap(({ consumer, provider, interactions }) =>
    interactions.map(({ description }) => `${consumer} of ${provider}: ${description}`),
  ),
);

for (const { name, file, search, replace, caughtBy } of contractBreaks) {
  test(`can be made, and there is a contract to tell it: ${name}`, () => {
    const parts = readFileSync(`${projectRoot}${file}`, 'utf8').split(search);
    assert.equal(parts.length, 2, `"${search}" stands in ${file} ${parts.length - 1} times`);
    assert.notEqual(search, replace);
    assert.ok(contracts.has(caughtBy), `there is no ${caughtBy}`);
  });
}

test('every context that owes something has a fault to tell', () => {
  const faulty = contractBreaks.map(({ caughtBy }) => contextOf(/ of ([a-z-]+):/.exec(caughtBy)?.[1] ?? ''));
  const owing = new Set(pacts.map(({ provider }) => contextOf(provider)));
  assert.deepEqual(new Set(faulty), owing);
});
