import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatDuration, parseDuration } from './duration.ts';

test('lengths of time are read with their units', () => {
  assert.equal(parseDuration('500ms'), 500);
  assert.equal(parseDuration('30s'), 30_000);
  assert.equal(parseDuration('1h30m'), 5_400_000);
});

test('anything else is no length of time', () => {
  for (const text of ['', '30', 's', '-1s', '1.5s', '1d', ' 1s'])
    assert.equal(parseDuration(text), undefined, text);
});

test('they are told by their two largest units', () => {
  assert.equal(formatDuration(400), '0s');
  assert.equal(formatDuration(7_900), '7s');
  assert.equal(formatDuration(310_000), '5m 10s');
  assert.equal(formatDuration(3 * 86_400_000 + 4 * 3_600_000 + 59_000), '3d 4h');
  assert.equal(formatDuration(3_600_000 + 5_000), '1h');
});
