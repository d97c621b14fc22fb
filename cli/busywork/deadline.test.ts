import assert from 'node:assert/strict';
import { getEventListeners, once } from 'node:events';
import { test } from 'node:test';
import { createDeadline } from './deadline.ts';

test('a deadline passes by itself', async () => {
  const deadline = createDeadline(1, new AbortController().signal);
  await once(deadline.signal, 'abort');
  assert.equal(deadline.passed, true);
});

test('a stop ends it before its time, also one that came before', () => {
  const stop = new AbortController();
  const before = createDeadline(60_000, stop.signal);
  stop.abort();
  const after = createDeadline(60_000, stop.signal);
  for (const deadline of [before, after]) {
    assert.deepEqual([deadline.signal.aborted, deadline.passed], [true, false]);
    deadline.release();
  }
});

test('a call that is over leaves nothing with the stop', () => {
  const stop = new AbortController();
  createDeadline(60_000, stop.signal).release();
  assert.equal(getEventListeners(stop.signal, 'abort').length, 0);
});
