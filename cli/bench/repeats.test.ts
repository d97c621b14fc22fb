import assert from 'node:assert/strict';
import { test } from 'node:test';
import { median, overRuns } from './repeats.ts';

test('the median is the middle one, or the mean of the two in the middle', () => {
  assert.equal(median([9, 1, 5]), 5);
  assert.equal(median([4, 1, 2, 9]), 3);
  assert.throws(() => median([]), TypeError);
});

test('each figure has its median over the runs, and what was seen at both ends', () => {
  const measured = overRuns([
    { 'append.rate': 10, 'up.cold': 3 },
    { 'append.rate': 30 },
    { 'append.rate': 20 },
  ]);
  assert.deepEqual(measured.get('append.rate'), { value: 20, least: 10, most: 30 });
  assert.deepEqual(measured.get('up.cold'), { value: 3, least: 3, most: 3 });
});
