import { columns } from '../terminal/table.ts';
import { type ActivityName, isOriginal } from './draw.ts';
import { formatDuration, formatLatency, oneLine } from './format.ts';
import type { Percentiles } from './latency.ts';
import { type Report, totals } from './report.ts';
import type { CallRow } from './statistics.ts';

/** The report for people, in lines of at most 100 columns; its tables fit a terminal that is narrower. */
export function summaryLines(report: Report, width?: number): string[] {
  return [
    '',
    headline(report),
    '',
    ...activityTable(report, width),
    '',
    ...callTable(report.calls, width),
    ...failureLines([...report.calls, report.follow]),
    '',
    ...orderLines(report),
    ...arrivalLines(report),
    ...thresholdLines(report),
  ];
}

/** Who was busy, for how long, where and how. */
export function headline(report: Report): string {
  const who = report.clients === null ? arrivalsOf(report) : counted(report.clients, 'client');
  const how = `pace ${report.pace}, seed ${report.seed}`;
  return `busywork: ${who} for ${formatDuration(report.durationMs)} at ${report.host}, ${how}`;
}

function arrivalsOf({ load }: Report): string {
  const [first, ...more] = load?.stages ?? [];
  if (first !== undefined && more.length === 0 && first.from === first.to) {
    return `${first.to} arrivals a second`;
  }
  const rates = [first?.from ?? 0, ...(load?.stages ?? []).map(({ to }) => to)];
  return `${rates.join(' to ')} arrivals a second`;
}

/** How the simulator did: what it was asked for and whether it kept up. */
function arrivalLines({ arrivals, generator }: Report): string[] {
  const lines: string[] = [];
  if (arrivals !== null) {
    const late =
      arrivals.lateMs === null ? '' : `, 99 % of them at most ${formatLatency(arrivals.lateMs.p99)} ms late`;
    lines.push(`arrivals: ${arrivals.due}${late}`);
    if (arrivals.turnedAway > 0) {
      lines.push(
        `          ${arrivals.turnedAway} turned away, since as many as may be were inside (--max-shoppers)`,
      );
    }
  }
  if (generator.bottleneck !== null) lines.push(`the simulator was the bottleneck: ${generator.bottleneck}`);
  return lines;
}

function thresholdLines({ thresholds }: Report): string[] {
  if (thresholds.length === 0) return [];
  const lines = thresholds.map(({ threshold, kept, measured }) =>
    oneLine(`${kept ? 'kept  ' : 'missed'}  ${threshold}  (${measured})`),
  );
  return ['', ...lines];
}

function activityTable(report: Report, width: number | undefined): string[] {
  const usual = (activity: ActivityName) => report.mix === null && isOriginal(activity);
  const shown = report.activities.filter(({ activity, started }) => usual(activity) || started > 0);
  const rows = shown.map((row) => [row.activity, row.started, row.finished, row.troubled, row.cutShort]);
  return table(['activity', 'started', 'finished', 'troubled', 'cut short'], rows, width);
}

function callTable(rows: readonly CallRow[], width: number | undefined): string[] {
  const used = rows.filter((row) => row.calls > 0);
  if (used.length === 0) return ['no calls'];
  const cells = used.map((row) => [row.call, row.calls, row.failed, ...latencyCells(row.latencyMs)]);
  return table(['call', 'calls', 'failed', 'p50 ms', 'p95 ms', 'p99 ms', 'max ms'], cells, width);
}

function latencyCells(latency: Percentiles | null): string[] {
  if (latency === null) return ['-', '-', '-', '-'];
  return [latency.p50, latency.p95, latency.p99, latency.max].map(formatLatency);
}

/** One line per call that failed: `failed: add item: 3 × 503, 1 × timeout`. */
function failureLines(rows: readonly CallRow[]): string[] {
  const failed = rows.filter((row) => row.failed > 0);
  const lines = failed.map((row) => {
    const kinds = Object.entries(row.failures).map(([failure, count]) => `${count} × ${failure}`);
    return `failed: ${row.call}: ${kinds.join(', ')}`;
  });
  const { cutShort } = totals(rows);
  return cutShort === 0 ? lines : [...lines, `cut short by the end of the run: ${counted(cutShort, 'call')}`];
}

function orderLines({ orders, follow }: Report): string[] {
  const { placed, approved, rejected, cancelled, open, unconfirmed } = orders;
  const decided = `${approved} approved, ${rejected} rejected, ${cancelled} cancelled, ${open} still open`;
  const lines = [`orders: ${placed} placed, ${decided}`, `        $${orders.checkedOut} checked out`];
  if (unconfirmed > 0) {
    lines.push(
      `        ${counted(unconfirmed, 'checkout')} without a clear answer and without an order to see`,
    );
  }
  const latency = orders.checkoutToApprovedMs;
  if (latency !== null) {
    const [p50, p95, p99, max] = latencyCells(latency);
    lines.push(`checkout to approved: p50 ${p50} ms, p95 ${p95} ms, p99 ${p99} ms, max ${max} ms`);
    const late = formatDuration(Math.ceil(orders.seenLateAtMostMs ?? 0));
    lines.push(`        seen by ${counted(follow.calls, 'look')} at the orders, each at most ${late} late`);
  }
  return lines.map(oneLine);
}

/** What a narrow terminal does not show. */
const spareColumns = ['p95 ms', 'max ms', 'cut short'];

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/**
 * The first column to the left, numbers to the right; without colours and frames, so that it can be grepped.
 */
function table(
  head: readonly string[],
  rows: readonly (readonly (string | number)[])[],
  width: number | undefined,
): string[] {
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => String(row[column] ?? '').length)),
  );
  const align = (row: readonly (string | number)[]) =>
    row.map((cell, column) => (column === 0 ? String(cell) : String(cell).padStart(widths[column] ?? 0)));
  const titles = align(head);
  const spare = titles.filter((title) => spareColumns.includes(title.trim()));
  return columns(rows.map(align), titles, { width, spare }).split('\n');
}
