import { columns } from '../terminal/table.ts';
import { formatDuration, formatLatency } from './format.ts';
import type { Percentiles } from './latency.ts';
import type { OrderReport } from './orders.ts';
import { totals } from './report.ts';
import type { Moment } from './series.ts';
import type { Statistics } from './statistics.ts';

export interface LiveFacts {
  readonly forMs: number;
  /** Null: until stopped. */
  readonly durationMs: number | null;
  readonly wantedRate: number | null;
  readonly inside: number;
  /** The last whole second; none at the start. */
  readonly last: Moment | undefined;
  readonly statistics: Pick<Statistics, 'calls' | 'allCallsMs' | 'activities'>;
  readonly orders: OrderReport;
}

/** How a run is doing, for a terminal where it is drawn again and again. */
export function liveTable(facts: LiveFacts): string[] {
  const { last, orders } = facts;
  const { calls, failed } = totals(facts.statistics.calls().filter(({ call }) => call !== 'follow order'));
  const body = [
    ['calls', rate(last?.calls, last), String(calls), String(failed), ...quantiles(last?.callMs ?? null)],
    [
      'orders approved',
      rate(last?.approved, last),
      String(orders.approved),
      String(orders.rejected),
      ...quantiles(last?.approvedMs ?? null),
    ],
  ];
  const head = ['last second', 'per s', 'so far', 'failed', 'p50 ms', 'p95 ms', 'p99 ms', 'max ms'];
  const numbers = (row: readonly string[]) =>
    row.map((cell, column) => (column === 0 ? cell.padEnd(16) : cell.padStart(8)));
  return [
    '',
    headline(facts),
    '',
    ...columns(body.map(numbers), numbers(head)).split('\n'),
    '',
    `orders    ${orders.placed} placed, ${orders.open} open, ${orders.approved} approved, ` +
      `${orders.rejected} rejected, ${orders.cancelled} cancelled`,
    `errors    ${errors(facts)}`,
  ];
}

function headline({ forMs, durationMs, wantedRate, inside, last }: LiveFacts): string {
  const time = `${formatDuration(forMs)}${durationMs === null ? '' : ` of ${formatDuration(durationMs)}`}`;
  const who =
    wantedRate === null
      ? `${inside} clients`
      : `${Number(wantedRate.toFixed(1))} arrivals a second, ${inside} inside`;
  const core = last === undefined ? '' : `, simulator busy ${Math.round(last.busy * 100)} %`;
  return `busywork  ${time}, ${who}${core}`;
}

function rate(count: number | undefined, last: Moment | undefined): string {
  if (count === undefined || last === undefined || last.forMs === 0) return '-';
  return (count / (last.forMs / 1_000)).toFixed(0);
}

function quantiles(latency: Percentiles | null): string[] {
  if (latency === null) return ['-', '-', '-', '-'];
  return [latency.p50, latency.p95, latency.p99, latency.max].map(formatLatency);
}

/** The calls that failed most, with how. */
function errors({ statistics }: LiveFacts): string {
  const failing = statistics
    .calls()
    .filter(({ failed }) => failed > 0)
    .toSorted((left, right) => right.failed - left.failed)
    .slice(0, 3)
    .map(({ call, failures }) => {
      const kinds = Object.entries(failures).map(([failure, count]) => `${count} × ${failure}`);
      return `${call}: ${kinds.join(', ')}`;
    });
  return failing.length === 0 ? 'none' : failing.join('; ');
}
