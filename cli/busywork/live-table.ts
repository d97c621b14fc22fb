import { columns } from '../terminal/table.ts';
import { hanging } from '../terminal/wrap.ts';
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

const labelColumns = 10;
/** What a narrow terminal shows last. */
const spareColumns = ['p95 ms', 'max ms', 'so far'];

/** How a run is doing, for a terminal of some width where it is drawn again and again. */
export function liveTable(facts: LiveFacts, width: number): string[] {
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
    row.map((cell, column) => (column === 0 ? cell.padEnd(16) : cell.padStart(7)));
  const spare = numbers(['', ...spareColumns]).slice(1);
  const said = (label: string, text: string) => labelled(label, text, width);
  const { placed, open, approved, rejected, cancelled } = orders;
  return [
    '',
    ...said('busywork', headline(facts)),
    '',
    ...columns(body.map(numbers), numbers(head), { width, spare }).split('\n'),
    '',
    ...said(
      'orders',
      `${placed} placed, ${open} open, ${approved} approved, ${rejected} rejected, ${cancelled} cancelled`,
    ),
    ...said('errors', errors(facts)),
  ];
}

/** Some lines that begin with what they are about; numbers stay beside what they count. */
function labelled(label: string, text: string, width: number): string[] {
  const kept = text.replaceAll(/(\d) (?=\w|%)/g, '$1\u00a0');
  const lines = hanging(label.padEnd(labelColumns), kept, { column: labelColumns, width });
  return lines.replaceAll('\u00a0', ' ').split('\n');
}

function headline({ forMs, durationMs, wantedRate, inside, last }: LiveFacts): string {
  const time = `${formatDuration(forMs)}${durationMs === null ? '' : ` of ${formatDuration(durationMs)}`}`;
  const who =
    wantedRate === null
      ? `${inside} clients`
      : `${Number(wantedRate.toFixed(1))} arrivals a second, ${inside} inside`;
  const core = last === undefined ? '' : `, simulator busy ${Math.round(last.busy * 100)} %`;
  return `${time}, ${who}${core}`;
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
