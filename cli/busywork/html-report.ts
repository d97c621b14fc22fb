import { chartSvg, escaped, type Line } from './charts.ts';
import type { Comparison } from './compare.ts';
import { formatDuration, formatLatency } from './format.ts';
import { htmlStyle } from './html-style.ts';
import type { Percentiles } from './latency.ts';
import { formatMetric, METRICS } from './metrics.ts';
import { type Report, totals } from './report.ts';
import type { Moment } from './series.ts';
import { headline } from './summary.ts';

/** The report as one page that needs nothing else: no script, no other file, no network. */
export function htmlReport(report: Report, comparison: Comparison | null): string {
  const title = `busywork, ${report.startedAt.slice(0, 16).replace('T', ' ')} UTC`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title>
<style>${htmlStyle}</style>
</head>
<body>
<h1>${escaped(title)}</h1>
<p class="soft">${escaped(headline(report))}</p>
${bottleneck(report)}
${figures(report)}
<div class="charts">
${charts(report).join('\n')}
</div>
${[
  thresholds(report),
  comparison && compared(comparison),
  calls(report),
  activities(report),
  troubles(report),
]
  .filter(Boolean)
  .join('\n')}
</body>
</html>
`;
}

function bottleneck({ generator }: Report): string {
  if (generator.bottleneck === null) return '';
  return `<p class="bad">The simulator was the bottleneck: ${escaped(generator.bottleneck)}.</p>`;
}

function figures(report: Report): string {
  const { calls: count, failed } = totals(report.calls);
  const { orders } = report;
  const rate = report.durationMs === 0 ? 0 : count / (report.durationMs / 1_000);
  const cards = [
    [rate.toFixed(1), 'calls a second'],
    [count === 0 ? '-' : `${Number(((failed / count) * 100).toFixed(2))} %`, 'failed'],
    [latencyText(report.allCallsMs, 'p50'), 'call p50'],
    [latencyText(report.allCallsMs, 'p99'), 'call p99'],
    [String(orders.approved), `of ${orders.placed} orders approved`],
    [latencyText(orders.checkoutToApprovedMs, 'p50'), 'checkout to approved p50'],
    [latencyText(orders.checkoutToApprovedMs, 'p99'), 'checkout to approved p99'],
  ];
  const html = cards.map(
    ([value = '', label = '']) => `<div class="figure"><b>${escaped(value)}</b>${escaped(label)}</div>`,
  );
  return `<div class="figures">${html.join('')}</div>`;
}

function latencyText(latency: Percentiles | null, quantile: 'p50' | 'p99'): string {
  return latency === null ? '-' : `${formatLatency(latency[quantile])} ms`;
}

function charts({ series, load }: Report): string[] {
  const line = (
    name: string,
    color: Line['color'],
    value: (moment: Moment) => number | null | undefined,
  ): Line => ({
    name,
    color,
    points: series.map((moment) => ({ atMs: moment.atMs, value: value(moment) ?? null })),
  });
  const perSecond = (count: number, { forMs }: Moment) => (forMs === 0 ? null : count / (forMs / 1_000));
  const who = load === null ? 'Clients' : 'Shoppers inside';
  return [
    section('Calls a second', [
      line('calls', 1, (moment) => perSecond(moment.calls, moment)),
      line('failed', 3, (moment) => perSecond(moment.failed, moment)),
    ]),
    section('Latency of calls, ms', [
      line('p50', 4, ({ callMs }) => callMs?.p50),
      line('p95', 2, ({ callMs }) => callMs?.p95),
      line('p99', 3, ({ callMs }) => callMs?.p99),
    ]),
    section('Orders decided a second', [
      line('approved', 4, (moment) => perSecond(moment.approved, moment)),
      line('rejected', 3, (moment) => perSecond(moment.rejected, moment)),
      line('cancelled', 2, (moment) => perSecond(moment.cancelled, moment)),
    ]),
    section('Checkout to approved, ms', [
      line('p50', 4, ({ approvedMs }) => approvedMs?.p50),
      line('p99', 3, ({ approvedMs }) => approvedMs?.p99),
    ]),
    section(who, [
      line('inside', 1, ({ inside }) => inside),
      ...(load === null ? [] : [line('arrivals a second', 2, ({ wantedRate }) => wantedRate)]),
    ]),
    section("The simulator's own core, % busy", [line('busy', 2, ({ busy }) => busy * 100)]),
  ];
}

function section(title: string, lines: readonly Line[]): string {
  const legend = lines.map(({ name, color }) => `<span class="k${color}">${escaped(name)}</span>`).join('');
  const chart = chartSvg({ title, lines });
  return `<section><h2>${escaped(title)}</h2><div class="legend">${legend}</div>${chart}</section>`;
}

function thresholds({ thresholds: results }: Report): string {
  if (results.length === 0) return '';
  const rows = results.map(({ threshold, kept, measured }) => [
    threshold,
    measured,
    kept ? 'kept' : 'missed',
  ]);
  return table('Thresholds', ['threshold', 'measured', ''], rows);
}

function compared({ with: earlier, rows, differences }: Comparison): string {
  const unitOf = (name: string) => METRICS.find((metric) => metric.name === name)?.unit ?? 'count';
  const body = rows.map(({ metric, before, now, ratio }) => [
    metric,
    formatMetric(before, unitOf(metric)),
    formatMetric(now, unitOf(metric)),
    ratio === null ? '-' : `× ${ratio.toFixed(2)}`,
  ]);
  const notes = differences.map((each) => `<p class="soft">${escaped(each)}</p>`).join('');
  return `${table(`Compared with ${earlier}`, ['figure', 'before', 'now', 'ratio'], body)}${notes}`;
}

function calls(report: Report): string {
  const rows = [...report.calls, report.follow]
    .filter((row) => row.calls > 0)
    .map((row) => [
      row.call,
      String(row.calls),
      Object.entries(row.failures)
        .map(([failure, count]) => `${count} × ${failure}`)
        .join(', ') || '0',
      ...quantiles(row.latencyMs),
    ]);
  return table('Calls', ['call', 'calls', 'failed', 'p50 ms', 'p95 ms', 'p99 ms', 'max ms'], rows);
}

function activities(report: Report): string {
  const rows = report.activities
    .filter(({ started }) => started > 0)
    .map((row) => [
      row.activity,
      String(row.started),
      String(row.finished),
      String(row.troubled),
      String(row.cutShort),
      row.durationMs === null ? '-' : formatDuration(row.durationMs.p50),
      row.durationMs === null ? '-' : formatDuration(row.durationMs.p99),
    ]);
  return table(
    'Activities',
    ['activity', 'started', 'finished', 'troubled', 'cut short', 'p50', 'p99'],
    rows,
  );
}

function troubles({ firstTroubles }: Report): string {
  if (firstTroubles.length === 0) return '';
  const rows = firstTroubles.map(({ activity, at, reason, traceId }) => [activity, at, reason, traceId]);
  return table('First troubles', ['activity', 'at', 'reason', 'trace'], rows);
}

function quantiles(latency: Percentiles | null): string[] {
  if (latency === null) return ['-', '-', '-', '-'];
  return [latency.p50, latency.p95, latency.p99, latency.max].map(formatLatency);
}

const marks: Readonly<Record<string, string>> = { kept: ' class="good"', missed: ' class="bad"' };

function table(title: string, head: readonly string[], rows: readonly (readonly string[])[]): string {
  const heads = head.map((cell) => `<th>${escaped(cell)}</th>`).join('');
  const body = rows.map(
    (row) => `<tr>${row.map((cell) => `<td${marks[cell] ?? ''}>${escaped(cell)}</td>`).join('')}</tr>`,
  );
  return `<section><h2>${escaped(title)}</h2><table><thead><tr>${heads}</tr></thead><tbody>${body.join('')}</tbody></table></section>`;
}
