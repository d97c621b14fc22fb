import type { FigureId } from './figures.ts';
import type { BenchReport, FigureReport } from './report.ts';

/** The rows of the README's table: what they tell, and of which figures, as `p50 / p99`. */
const rows: readonly (readonly [title: string, ...ids: FigureId[]])[] = [
  ['checkout to approved at 10 orders/s, p50 / p99', 'checkout.rate10.p50', 'checkout.rate10.p99'],
  ['the same in nine processes', 'apart.rate10.p50', 'apart.rate10.p99'],
  ['outbox commit to broker ack at 100/s, p50 / p99', 'relay.rate100.p50', 'relay.rate100.p99'],
  ['orders approved per second, 64 in flight', 'orders.saga64.rate'],
  ['whole shopper journeys per second, 64 in flight', 'orders.journey64.rate'],
  ['event appends per second, 32 in flight', 'append.rate'],
  ['REST reads per second of a core', 'rest.core.rate'],
  ['requests busywork drives per second of its core', 'busywork.core.rate'],
  ['one trace in ten recorded: orders per second', 'tracing.sampled.rate'],
  ['`mall up` to ready, cold / warm', 'up.cold', 'up.warm'],
  ['memory after 10,000 orders, with Postgres and NATS', 'memory.total'],
];

const begin = '<!-- figures: node .ci/figures.mjs -->';
const end = '<!-- end of figures -->';

/** The README with the figures of a report between its two marks. @throws Error where it has no such place */
export function withFigures(readme: string, report: BenchReport): string {
  const [before, rest] = readme.split(begin);
  const after = rest?.split(end)[1];
  if (before === undefined || after === undefined) throw new Error(`the README has no ${begin} … ${end}`);
  return `${before}${begin}\n\n${tableOf(report)}\n\n${shortfalls(report)}\n\n${end}${after}`;
}

function tableOf({ figures }: BenchReport): string {
  const cells = rows.flatMap(([title, ...ids]) => {
    const found = ids.flatMap((id) => figures.find((figure) => figure.id === id) ?? []);
    const polled = found.flatMap((figure) => (figure.polled === undefined ? [] : [figure.polled]));
    if (found.length < ids.length) return [];
    const original = polled.length < ids.length ? '' : told(polled, found);
    return [
      [
        title,
        told(
          found.map(({ value }) => value),
          found,
        ),
        original,
      ],
    ];
  });
  return aligned([['figure', 'measured', "with the original's relay"], ...cells]);
}

/** Figures that miss their target, so that nobody has to look for them. */
function shortfalls({ figures }: BenchReport): string {
  const missed = figures.filter(
    ({ value, target, better }) =>
      target !== undefined && (better === 'higher' ? value < target : value > target),
  );
  if (missed.length === 0) return 'None of the figures misses its target.';
  const cells = missed.map((figure) => [
    figure.title,
    told([figure.value], [figure]),
    told([figure.target ?? 0], [figure]),
  ]);
  return `Short of what we want:\n\n${aligned([['figure', 'measured', 'wanted'], ...cells])}`;
}

/** `23 / 44 ms`; what is counted a second stands without its unit, which the titles name. */
function told(values: readonly number[], [figure]: readonly FigureReport[]): string {
  const numbers = values.map(rounded).join(' / ');
  if (figure?.unit === '×') return `x ${numbers}`;
  return figure === undefined || figure.unit === '/s' ? numbers : `${numbers} ${figure.unit}`;
}

function rounded(value: number): string {
  const digits = value < 2 ? 2 : value < 10 ? 1 : 0;
  return value.toLocaleString('en-US', { maximumFractionDigits: digits });
}

function aligned([head = [], ...body]: readonly (readonly string[])[]): string {
  const widths = head.map((title, column) =>
    Math.max(title.length, ...body.map((row) => row[column]?.length ?? 0)),
  );
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(' | ')} |`;
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`;
  return [line(head), rule, ...body.map(line)].join('\n');
}
