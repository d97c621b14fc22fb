import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { atRate, saturate } from './load.ts';

const never = new AbortController().signal;

test('saturation keeps no more under way than was asked for, and does everything once', async () => {
  const seen: number[] = [];
  let underWay = 0;
  let most = 0;
  const result = await saturate({
    inFlight: 3,
    count: 10,
    signal: never,
    work: async (index) => {
      most = Math.max(most, ++underWay);
      seen.push(index);
      await pause(1);
      underWay--;
    },
  });
  assert.equal(most, 3);
  assert.equal(result.done, 10);
  assert.deepEqual(
    seen.sort((a, b) => a - b),
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
  );
});

test('at a rate, work that is held up is counted from when it was meant to begin', async () => {
  const blocked = performance.now() + 100;
  const result = await atRate({
    perSecond: 1_000,
    count: 20,
    signal: never,
    // Holds the whole process up, as a stalled machine would.
    work: async () => {
      while (performance.now() < blocked);
    },
  });
  assert.ok(result.latency.p50 > 50, `p50 is ${result.latency.p50} ms`);
});

test('an aborted load ends', async () => {
  const signal = AbortSignal.abort(new Error('called off'));
  const work = () => Promise.resolve();
  await assert.rejects(saturate({ inFlight: 1, count: 1, signal, work }), /called off/);
  await assert.rejects(atRate({ perSecond: 1, count: 1, signal, work }), /called off/);
});
