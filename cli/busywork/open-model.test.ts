import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { arrivalTimes } from './arrivals.ts';
import type { BusyworkFlags } from './options.ts';
import { randomOf } from './random.ts';
import { openTestMall } from './testing/in-memory-mall.ts';
import { parseReport, skippingClock, startRun, type TestRun } from './testing/surroundings.ts';
import type { TestMall } from './testing/types.ts';

let mall: TestMall;
beforeEach(async () => {
  mall = await openTestMall();
});
afterEach(() => mall.close());

/** When shoppers arrive within ten seconds, by the seed all these runs have. */
function arrivals(rate: number): number[] {
  return [...arrivalTimes([{ durationMs: 10_000, from: rate, to: rate }], randomOf([1, 0]))];
}

const registrations = () => mall.requests.filter(({ path }) => path === '/api/customers').length;

/** Starts a run of ten seconds and ends it once everybody who is due has come, and is seen by the mall. */
function start(rate: number, flags: BusyworkFlags, seen: () => boolean): TestRun {
  const clock = skippingClock();
  const [startedAt, lastMs] = [clock.elapsed(), arrivals(rate).at(-1) ?? 0];
  const run = startRun(
    mall,
    { rate: `${rate}`, duration: '10s', mix: 'register', ...flags },
    undefined,
    clock,
  );
  const timer = setInterval(() => {
    if (clock.elapsed() - startedAt < lastMs || !seen()) return;
    clearInterval(timer);
    clock.pass(10_000);
  }, 5);
  timer.unref();
  return run;
}

test('as many shoppers come as the rate says, without narration, each for one activity', async () => {
  const due = arrivals(20).length;
  const run = start(20, { json: true }, () => registrations() >= due);
  assert.equal(await run.exitCode, 0);
  const report = parseReport(run);
  assert.equal(report.arrivals?.due, due);
  assert.equal(report.clients, null);
  assert.equal(registrations(), due);
  assert.equal(report.activities.find(({ activity }) => activity === 'register')?.started, due);
  assert.ok(!run.err.some((line) => line.includes('[Client ')));
});

test('nobody waits for the mall: when all places are taken, shoppers are turned away and counted', async () => {
  mall.intercept = ({ path }) => (path === '/api/customers' ? 'hang' : undefined);
  const run = start(20, { maxShoppers: '3', json: true }, () => registrations() >= 3);
  assert.equal(await run.exitCode, 0);
  const report = parseReport(run);
  assert.equal(registrations(), 3);
  assert.equal(report.arrivals?.due, arrivals(20).length);
  assert.equal(report.arrivals?.turnedAway, arrivals(20).length - 3);
  assert.equal(report.activities.find(({ activity }) => activity === 'register')?.cutShort, 3);
});

test('a missed threshold ends the program with 6 and says so', async () => {
  const due = arrivals(5).length;
  const threshold = ['calls.count>1000', 'calls.error_rate<1%'];
  const run = start(5, { threshold }, () => registrations() >= due);
  assert.equal(await run.exitCode, 6);
  assert.ok(run.out.some((line) => /^missed {2}calls\.count>1000 {2}\(\d+\)$/.test(line)));
  assert.ok(run.out.some((line) => line === 'kept    calls.error_rate<1%  (0 %)'));
});
