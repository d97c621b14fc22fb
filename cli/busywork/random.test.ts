import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { randomOf } from './random.ts';

const first = (path: readonly number[]) => {
  const random = randomOf(path);
  return Array.from({ length: 8 }, () => random.next());
};

test('one path has one sequence, and no other path has it', () => {
  assert.deepEqual(first([7, 1, 1]), first([7, 1, 1]));
  const paths = [[7], [8], [7, 1], [7, 2], [7, 1, 1], [7, 1, 2], [7, 11], [71]];
  const starts = new Set(paths.map((path) => first(path).join()));
  assert.equal(starts.size, paths.length);
});

test('the sequence of a seed stays what it is from release to release', () => {
  assert.deepEqual(
    Array.from({ length: 6 }, (_, index) => randomOf([7, index]).below(1_000)),
    [456, 828, 770, 633, 665, 643],
  );
});

test('draws keep within their bounds and reach both ends', () => {
  fc.assert(
    fc.property(fc.nat(), fc.integer({ min: -5, max: 5 }), fc.nat({ max: 5 }), (seed, lowest, width) => {
      const random = randomOf([seed]);
      const seen = new Set(Array.from({ length: 400 }, () => random.between(lowest, lowest + width)));
      const expected = Array.from({ length: width + 1 }, (_, index) => lowest + index);
      assert.deepEqual(
        [...seen].sort((left, right) => left - right),
        expected,
      );
    }),
    { numRuns: 50 },
  );
});

test('nothing can be picked from nothing', () => {
  assert.throws(() => randomOf([1]).pick([]), RangeError);
});
