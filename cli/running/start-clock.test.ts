import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { StartClock } from './start-clock.ts';

const never = new AbortController().signal;

test('what does not count makes a start no later', async () => {
  const begun = performance.now();
  const clock = new StartClock();
  const late = clock.passes(50, never);
  assert.equal(await clock.without(pause(300, 'fetched')), 'fetched');
  await late;
  // Timers may be a millisecond early.
  assert.ok(performance.now() - begun >= 348);
});

test('nobody waits for the end of a start that was given up', async () => {
  const givenUp = new AbortController();
  const late = new StartClock().passes(60_000, givenUp.signal);
  givenUp.abort();
  await assert.rejects(late, { name: 'AbortError' });
});
