import { CALLS } from './calls.ts';
import { ACTIVITIES } from './draw.ts';
import type { Percentiles } from './latency.ts';
import { type Report, totals } from './report.ts';
import type { CallRow } from './statistics.ts';

export type Unit = 'ms' | 'ratio' | 'count' | 'per second';

/** One figure of a report, by the name that thresholds and comparisons use. */
export interface Metric {
  readonly name: string;
  readonly unit: Unit;
  /** Null where the run has not measured it. */
  readonly read: (report: Report) => number | null;
}

const QUANTILES = ['p50', 'p95', 'p99', 'max'] as const;

/** `check out` as `check_out`. */
const snake = (words: string) => words.replaceAll(' ', '_');

function latencies(name: string, of: (report: Report) => Percentiles | null | undefined): Metric[] {
  return QUANTILES.map((quantile) => ({
    name: `${name}.${quantile}`,
    unit: 'ms',
    read: (report) => of(report)?.[quantile] ?? null,
  }));
}

function count(name: string, read: Metric['read']): Metric {
  return { name, unit: 'count', read };
}

/** Counts of calls of one kind or of all; a rate of errors exists only where there were calls. */
function callCounts(name: string, of: (report: Report) => Pick<CallRow, 'calls' | 'failed'>): Metric[] {
  return [
    count(`${name}.count`, (report) => of(report).calls),
    count(`${name}.failed`, (report) => of(report).failed),
    {
      name: `${name}.error_rate`,
      unit: 'ratio',
      read: (report) => (of(report).calls === 0 ? null : of(report).failed / of(report).calls),
    },
    { name: `${name}.rate`, unit: 'per second', read: (report) => perSecond(report, of(report).calls) },
  ];
}

function perSecond({ durationMs }: Report, amount: number): number | null {
  return durationMs === 0 ? null : amount / (durationMs / 1_000);
}

const NO_CALLS = { calls: 0, failed: 0, latencyMs: null } as const;

const perCall = CALLS.flatMap((call) => {
  const of = ({ calls, follow }: Report) => [...calls, follow].find((row) => row.call === call) ?? NO_CALLS;
  return [...latencies(snake(call), (report) => of(report).latencyMs), ...callCounts(snake(call), of)];
});

const perActivity = ACTIVITIES.flatMap((activity) => {
  const of = (report: Report) => report.activities.find((row) => row.activity === activity);
  return [
    ...latencies(snake(activity), (report) => of(report)?.durationMs),
    count(`${snake(activity)}.troubled`, (report) => of(report)?.troubled ?? 0),
    count(`${snake(activity)}.finished`, (report) => of(report)?.finished ?? 0),
  ];
});

const ends = ['placed', 'approved', 'rejected', 'cancelled', 'open', 'unconfirmed'] as const;

/** Every figure a threshold can be set for, the ones most asked for first. */
export const METRICS: readonly Metric[] = [
  ...latencies('order_approved', ({ orders }) => orders.checkoutToApprovedMs),
  ...latencies('calls', ({ allCallsMs }) => allCallsMs),
  ...callCounts('calls', ({ calls }) => totals(calls)),
  ...ends.map((end) => count(`orders.${end}`, ({ orders }) => orders[end])),
  { name: 'orders.rate', unit: 'per second', read: (report) => perSecond(report, report.orders.approved) },
  count('activities.troubled', ({ activities }) =>
    activities.reduce((sum, { troubled }) => sum + troubled, 0),
  ),
  count('arrivals.turned_away', ({ arrivals }) => arrivals?.turnedAway ?? null),
  ...latencies('arrivals.late', ({ arrivals }) => arrivals?.lateMs),
  { name: 'generator.busy', unit: 'ratio', read: ({ generator }) => generator.busy },
  ...perCall,
  ...perActivity,
];

export function metricNamed(name: string): Metric | undefined {
  return METRICS.find((metric) => metric.name === name);
}

/** A figure with its unit: `12.3 ms`, `0.5 %`, `41.2/s`, `7`. */
export function formatMetric(value: number, unit: Unit): string {
  const digits = Math.abs(value) < 10 ? 2 : Math.abs(value) < 100 ? 1 : 0;
  if (unit === 'ms') return `${value.toFixed(digits)} ms`;
  if (unit === 'ratio') return `${Number((value * 100).toFixed(2))} %`;
  return unit === 'per second' ? `${value.toFixed(digits)}/s` : String(value);
}
