import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseSampling } from './sampling.ts';

test('which traces are recorded is said by a word, a share or a rate', () => {
  assert.deepEqual(['off', 'all', '1', '0.1', '0', '20/s', '0/s'].map(parseSampling), [
    'off',
    { share: 1 },
    { share: 1 },
    { share: 0.1 },
    'off',
    { perSecond: 20 },
    'off',
  ]);
});

for (const text of ['', 'some', '-1', '1.1', '20', '20/m', '20001/s', '1e9/s', '.5'])
  test(`"${text}" says nothing of the kind`, () => assert.equal(parseSampling(text), undefined));
