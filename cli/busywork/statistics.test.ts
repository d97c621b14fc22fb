import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CALLS } from './calls.ts';
import { ACTIVITIES } from './draw.ts';
import { createLatency } from './latency.ts';
import { createStatistics } from './statistics.ts';

test('percentiles are exact to three digits and never beyond the largest value', () => {
  const latency = createLatency();
  assert.equal(latency.percentiles(), null);
  for (let ms = 1; ms <= 1_000; ms += 1) latency.record(ms);
  const { p50, p95, p99, max } = latency.percentiles() ?? assert.fail('nothing recorded');
  for (const [seen, expected] of [
    [p50, 500],
    [p95, 950],
    [p99, 990],
  ] as const) {
    assert.ok(Math.abs(seen - expected) <= expected / 1_000, `${seen} instead of ${expected}`);
  }
  assert.equal(max, 1_000);
});

test('a single value is all percentiles at once', () => {
  const latency = createLatency();
  latency.record(12.3456);
  assert.deepEqual(latency.percentiles(), { p50: 12.346, p95: 12.346, p99: 12.346, max: 12.346 });
});

test('activities are counted by how they end, in the order of the table', () => {
  const statistics = createStatistics();
  for (const end of ['finished', 'finished', 'troubled', 'cutShort'] as const) {
    statistics.activityStarted('buy');
    statistics.activityEnded('buy', end, end === 'cutShort' ? 9_000 : 250);
  }
  statistics.activityStarted('register');
  const rows = statistics.activities();
  assert.deepEqual(
    rows.map((row) => row.activity),
    ACTIVITIES,
  );
  const durationMs = { p50: 250, p95: 250, p99: 250, max: 250 };
  assert.deepEqual(rows[1], {
    activity: 'buy',
    started: 4,
    finished: 2,
    troubled: 1,
    cutShort: 1,
    durationMs,
  });
  const register = { activity: 'register', started: 1, finished: 0, troubled: 0, cutShort: 0 };
  assert.deepEqual(rows[2], { ...register, durationMs: null });
});

test('calls are counted by failure; what never reached the mall has no latency', () => {
  const statistics = createStatistics();
  statistics.called('add item', { kind: 'answered', ms: 10 });
  statistics.called('add item', { kind: 'failed', failure: '503', ms: 20 });
  statistics.called('add item', { kind: 'failed', failure: '503', ms: 20 });
  statistics.called('add item', { kind: 'failed', failure: 'timeout', ms: 40 });
  statistics.called('add item', { kind: 'failed', failure: 'connection', ms: 5_000 });
  statistics.called('add item', { kind: 'cut short' });
  const rows = statistics.calls();
  assert.deepEqual(
    rows.map((row) => row.call),
    CALLS,
  );
  const row = rows.find(({ call }) => call === 'add item');
  assert.deepEqual(
    { ...row, latencyMs: row?.latencyMs?.max },
    {
      call: 'add item',
      calls: 5,
      failed: 4,
      cutShort: 1,
      failures: { 503: 2, timeout: 1, connection: 1 },
      latencyMs: 40,
    },
  );
  assert.equal(rows[0]?.latencyMs, null);
});
