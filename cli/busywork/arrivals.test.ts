import assert from 'node:assert/strict';
import { test } from 'node:test';
import { arrivalTimes, type LoadStage, rateAt, totalMs } from './arrivals.ts';
import { randomOf } from './random.ts';

const minute = 60_000;
const timesOf = (stages: readonly LoadStage[], seed = 1) => [...arrivalTimes(stages, randomOf([seed, 0]))];

/** Within five standard deviations of a Poisson count: a wrong rate is far outside, chance practically never. */
function assertAbout(count: number, expected: number): void {
  assert.ok(Math.abs(count - expected) <= 5 * Math.sqrt(expected), `${count} instead of about ${expected}`);
}

test('a constant rate gives as many arrivals as it says, in order and in time', () => {
  const times = timesOf([{ durationMs: minute, from: 50, to: 50 }]);
  assertAbout(times.length, 3_000);
  assert.deepEqual(
    times,
    times.toSorted((left, right) => left - right),
  );
  assert.ok(times.every((ms) => ms >= 0 && ms <= minute));
});

test('gaps are spread as those of a Poisson process: mean and deviation are the same', () => {
  const times = timesOf([{ durationMs: 10 * minute, from: 20, to: 20 }]);
  const gaps = times.slice(1).map((ms, index) => ms - (times[index] ?? 0));
  const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
  const deviation = Math.sqrt(gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length);
  assert.ok(Math.abs(mean - 50) < 2, `mean ${mean} ms`);
  assert.ok(Math.abs(deviation / mean - 1) < 0.05, `deviation ${deviation} ms`);
});

test('a ramp has a quarter of its arrivals in its first half, upwards, and three quarters downwards', () => {
  const up = timesOf([{ durationMs: minute, from: 0, to: 100 }]);
  assertAbout(up.length, 3_000);
  assertAbout(up.filter((ms) => ms < minute / 2).length, 750);
  const down = timesOf([{ durationMs: minute, from: 100, to: 0 }]);
  assertAbout(down.filter((ms) => ms < minute / 2).length, 2_250);
  assert.ok(down.every((ms) => ms <= minute));
});

test('stages follow each other; one with the rate 0 is quiet', () => {
  const stages = [
    { durationMs: minute, from: 10, to: 30 },
    { durationMs: minute, from: 0, to: 0 },
    { durationMs: minute, from: 30, to: 30 },
  ];
  const times = timesOf(stages);
  assertAbout(times.filter((ms) => ms < minute).length, 1_200);
  assert.equal(times.filter((ms) => ms >= minute && ms < 2 * minute).length, 0);
  assertAbout(times.filter((ms) => ms >= 2 * minute).length, 1_800);
  assert.equal(totalMs(stages), 3 * minute);
  assert.deepEqual(
    [0, minute / 2, minute * 1.5, minute * 2.5, minute * 4].map((ms) => rateAt(stages, ms)),
    [10, 20, 0, 30, 0],
  );
});

test('a load without an end goes on; the same seed gives the same arrivals', () => {
  const endless = [{ durationMs: Number.POSITIVE_INFINITY, from: 5, to: 5 }];
  const first = arrivalTimes(endless, randomOf([7, 0]))
    .take(1_000)
    .toArray();
  assert.deepEqual(
    first,
    arrivalTimes(endless, randomOf([7, 0]))
      .take(1_000)
      .toArray(),
  );
  assertAbout(1_000, (first.at(-1) ?? 0) / 200);
  assert.equal(rateAt(endless, 1e9), 5);
});
