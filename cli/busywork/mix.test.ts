import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ACTIVITIES } from './draw.ts';
import { activityOf, drawFrom, typedActivity } from './mix.ts';
import { randomOf } from './random.ts';

test('activities come up by their weights, others never', () => {
  const random = randomOf([1]);
  const seen = new Map<string, number>();
  for (let draws = 0; draws < 10_000; draws += 1) {
    const activity = drawFrom(
      [
        ['buy', 3],
        ['search orders', 1],
      ],
      random,
    );
    seen.set(activity, (seen.get(activity) ?? 0) + 1);
  }
  assert.deepEqual([...seen.keys()].sort(), ['buy', 'search orders']);
  assert.ok(Math.abs((seen.get('buy') ?? 0) - 7_500) < 250, `${seen.get('buy')} of 10000`);
});

test('without a mix the draws are the original ones, whose activities are all there is', () => {
  const random = randomOf([1]);
  const seen = new Set(Array.from({ length: 2_000 }, () => drawFrom(null, random)));
  assert.deepEqual(
    [...seen].sort(),
    ACTIVITIES.slice(0, 7).toSorted((left, right) => left.localeCompare(right)),
  );
});

test('every activity has a name that can be typed', () => {
  for (const activity of ACTIVITIES) {
    assert.match(typedActivity(activity), /^[a-z-]+$/);
    assert.equal(activityOf(typedActivity(activity)), activity);
  }
  assert.equal(activityOf('steal'), undefined);
});
