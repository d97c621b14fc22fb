import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BEGUN_WITHIN_MS } from '../database/group-commits.ts';
import { httpLimits } from '../http/index.ts';
import { lifecycleLimits } from './limits.ts';

/** What the way through a process takes besides, on a busy machine. */
const spareMs = 1_000;

for (const { what, takesMs } of [
  {
    what: 'a change waits for its turn, then for a connection',
    takesMs: BEGUN_WITHIN_MS + lifecycleLimits.database.connectTimeoutMs,
  },
  {
    what: 'a request waits for its turn in the pool, then for a new connection',
    takesMs: 2 * lifecycleLimits.database.connectTimeoutMs,
  },
  { what: 'a statement hangs', takesMs: lifecycleLimits.database.statementTimeoutMs + 500 },
]) {
  test(`behind a database that is halted a call is refused, not left to its deadline: ${what}`, () => {
    assert.ok(
      takesMs + spareMs <= httpLimits.callDeadlineMs,
      `${takesMs} ms of ${httpLimits.callDeadlineMs}`,
    );
  });
}
