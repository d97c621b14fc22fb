import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exitCodeOf, reportOf } from './make-report.ts';
import type { Report } from './report.ts';
import { createStatistics, type Statistics } from './statistics.ts';
import { summaryLines } from './summary.ts';

/** Some activities and calls, among them failed ones unless they are not wanted. */
function someStatistics(fail: boolean): Statistics {
  const statistics = createStatistics();
  for (let buying = 0; buying < 3; buying += 1) statistics.activityStarted('buy');
  statistics.activityEnded('buy', 'finished', 100);
  statistics.activityEnded('buy', 'troubled', 100);
  statistics.activityEnded('buy', 'cutShort', 100);
  for (let ms = 1; ms <= 100; ms += 1)
    statistics.called('list products of a store', { kind: 'answered', ms });
  if (fail) {
    statistics.called('add item', { kind: 'failed', failure: '503', ms: 1_234 });
    statistics.called('add item', { kind: 'failed', failure: 'connection', ms: 1 });
    statistics.called('check out', { kind: 'cut short' });
  }
  statistics.called('follow order', { kind: 'answered', ms: 3 });
  return statistics;
}

function report(orders: Partial<Report['orders']> = {}, fail = true): Report {
  return reportOf({
    options: {
      clients: 10,
      load: null,
      mix: null,
      thresholds: [],
      host: 'localhost:8080',
      durationMs: null,
      seed: 7,
      pace: 'human',
      timeoutMs: 10_000,
      graceMs: 10_000,
    },
    startedAt: '2026-01-31T07:55:50.290Z',
    durationMs: 120_400.6,
    endedBy: 'signal',
    statistics: someStatistics(fail),
    troubles: [],
    arrivals: null,
    generator: { busy: 0.1, heldUpMs: { p50: 0, p99: 1, max: 2 }, bottleneck: null },
    series: [],
    orders: {
      placed: 2,
      approved: 1,
      rejected: 0,
      cancelled: 0,
      open: 1,
      unconfirmed: 0,
      checkedOut: '31.75',
      checkoutToApprovedMs: { p50: 85.25, p95: 120.4, p99: 120.4, max: 120.4 },
      seenLateAtMostMs: 37.6,
      ...orders,
    },
  });
}

test('the summary of a run', () => {
  assert.deepEqual(summaryLines(report()), [
    '',
    'busywork: 10 clients for 2 min 0 s at localhost:8080, pace human, seed 7',
    '',
    'activity           started  finished  troubled  cut short',
    'browse                   0         0         0          0',
    'buy                      3         1         1          1',
    'register                 0         0         0          0',
    'set up a store           0         0         0          0',
    'add inventory            0         0         0          0',
    'rebrand a store          0         0         0          0',
    'rebrand a product        0         0         0          0',
    '',
    'call                      calls  failed  p50 ms  p95 ms  p99 ms  max ms',
    'add item                      2       2    1234    1234    1234    1234',
    'list products of a store    100       0    50.0    95.0    99.0     100',
    'failed: add item: 1 × 503, 1 × connection',
    'cut short by the end of the run: 1 call',
    '',
    'orders: 2 placed, 1 approved, 0 rejected, 0 cancelled, 1 still open',
    '        $31.75 checked out',
    'checkout to approved: p50 85.3 ms, p95 120 ms, p99 120 ms, max 120 ms',
    '        seen by 1 look at the orders, each at most 38 ms late',
  ]);
});

test('no line is wider than 100 columns, also with large numbers', () => {
  const orders = {
    placed: 999_999,
    approved: 999_999,
    rejected: 99_999,
    cancelled: 99_999,
    unconfirmed: 999,
  };
  const lines = summaryLines({ ...report(orders), host: 'a-long-host-name.example.org:65535' });
  for (const line of lines) assert.ok(line.length <= 100, `${line.length}: ${line}`);
});

test('on a narrow terminal its tables do without what is needed least', () => {
  const tables = (width?: number) => summaryLines(report(), width).filter((line) => / p50 ms /.test(line));
  assert.match(tables()[0] ?? '', /p95 ms +p99 ms +max ms$/);
  assert.match(tables(60)[0] ?? '', /p50 ms +p99 ms$/);
});

test('a run without calls and orders has a summary too', () => {
  const empty = {
    ...report({ checkoutToApprovedMs: null, seenLateAtMostMs: null, unconfirmed: 1 }, false),
    calls: [],
  };
  const lines = summaryLines(empty);
  assert.ok(lines.includes('no calls'));
  assert.ok(lines.includes('        1 checkout without a clear answer and without an order to see'));
  assert.ok(!lines.some((line) => line.startsWith('checkout to approved')));
});

test('the exit code is 1 as soon as one call failed, be it one that follows orders', () => {
  assert.equal(exitCodeOf(report({}, false)), 0);
  assert.equal(exitCodeOf(report()), 1);
  const fine = report({}, false);
  assert.equal(exitCodeOf({ ...fine, follow: { ...fine.follow, failed: 1 } }), 1);
});

test('the document says which version of its shape it has, and keeps following apart from shopping', () => {
  const { schema, durationMs, calls, follow } = report();
  assert.equal(schema, 'mall.busywork/1');
  assert.equal(durationMs, 120_401);
  assert.equal(follow.call, 'follow order');
  assert.ok(!calls.some((row) => row.call === 'follow order'));
});
