import type { Report } from '../report.ts';

/** A report with something in each of its parts. */
export function exampleReport(changes: Partial<Report> = {}): Report {
  const latency = { p50: 10, p95: 20, p99: 30, max: 40 };
  const call = { calls: 100, failed: 0, failures: {}, cutShort: 0, latencyMs: latency };
  return {
    schema: 'mall.busywork/1',
    host: 'localhost:8080',
    seed: 7,
    pace: 'none',
    clients: null,
    load: { stages: [{ durationMs: 10_000, from: 5, to: 5 }], maxShoppers: 100 },
    mix: [['buy', 1]],
    timeoutMs: 10_000,
    startedAt: '2026-01-31T07:55:50.290Z',
    durationMs: 10_000,
    endedBy: 'duration',
    activities: [
      { activity: 'buy', started: 50, finished: 49, troubled: 1, cutShort: 0, durationMs: latency },
    ],
    calls: [
      { call: 'check out', ...call },
      { call: 'add item', ...call, failed: 4, failures: { 503: 3, timeout: 1 } },
    ],
    follow: { call: 'follow order', ...call },
    allCallsMs: latency,
    orders: {
      placed: 49,
      approved: 48,
      rejected: 1,
      cancelled: 0,
      open: 0,
      unconfirmed: 0,
      checkedOut: '100.00',
      checkoutToApprovedMs: { p50: 100, p95: 200, p99: 300, max: 400 },
      seenLateAtMostMs: 12,
    },
    arrivals: { due: 50, turnedAway: 0, lateMs: { p50: 0, p95: 1, p99: 2, max: 3 } },
    generator: { busy: 0.2, heldUpMs: { p50: 0, p99: 1, max: 2 }, bottleneck: null },
    thresholds: [],
    series: [1_000, 2_000, 3_000].map((atMs) => ({
      atMs,
      forMs: 1_000,
      wantedRate: 5,
      inside: 3,
      calls: 20,
      failed: 1,
      callMs: latency,
      approved: 5,
      rejected: 0,
      cancelled: 0,
      approvedMs: atMs === 2_000 ? null : latency,
      busy: 0.2,
    })),
    firstTroubles: [
      {
        at: '2026-01-31T07:55:51.000Z',
        client: 3,
        activity: 'buy',
        reason: '<b>no</b>',
        traceId: 'a'.repeat(32),
      },
    ],
    ...changes,
  };
}
