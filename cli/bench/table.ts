import type { Comparison } from './compare.ts';
import { flatFigures } from './flat/flat-figures.ts';
import type { BenchReport, FigureReport } from './report.ts';

/** A report as rows of text: the same for the terminal and for Markdown. */
export function tableOf(
  report: BenchReport,
  compared: readonly Comparison[],
): { readonly head: readonly string[]; readonly rows: readonly (readonly string[])[] } {
  const before = new Map(compared.map((each) => [each.id, each]));
  const polled = report.figures.some((figure) => figure.polled !== undefined);
  const head = [
    'figure',
    'measured',
    'spread',
    'target',
    ...(polled ? ["original's relay", 'gain'] : []),
    ...(compared.length > 0 ? ['before', 'ratio'] : []),
  ];
  const rows = report.figures.map((figure) => [
    figure.title,
    amount(figure.value, figure.unit),
    figure.runs > 1 ? `${number(figure.least)} to ${number(figure.most)}` : '',
    targetOf(figure),
    ...(polled ? gainOf(figure) : []),
    ...(compared.length > 0 ? ratioOf(figure, before.get(figure.id)) : []),
  ]);
  return { head, rows };
}

/** Where and how it was measured, one fact per line. */
export function conditionsOf(report: BenchReport): readonly (readonly [string, string])[] {
  const { machine, durability, flatPercent } = report;
  const reduced = flatPercent < 100 && report.figures.some(({ id }) => id in flatFigures);
  return [
    ['machine', `${machine.processor}, ${machine.cores} cores, ${machine.memoryGb} GB, ${machine.system}`],
    ['load before', `${machine.loadBefore} (0 on a quiet machine)`],
    ['disk', `a synced write of 8 KB takes ${machine.diskSyncMs} ms`],
    ['Node', machine.node],
    ['Postgres', durability.postgres],
    ['NATS', durability.nats],
    ...(reduced ? [['filled', `to ${flatPercent} % of the numbers named below`] as const] : []),
    ['measured', `${report.startedAt}, in ${report.tookSeconds} s, version ${report.version}`],
  ];
}

function targetOf({ target, better, unit, value }: FigureReport): string {
  if (target === undefined) return '';
  const met = better === 'lower' ? value <= target : value >= target;
  return `${better === 'lower' ? '≤' : '≥'} ${amount(target, unit)} ${met ? '✔' : '✖'}`;
}

function gainOf({ polled, gain, unit }: FigureReport): readonly string[] {
  return polled === undefined || gain === undefined ? ['', ''] : [amount(polled, unit), times(gain)];
}

function ratioOf({ unit }: FigureReport, comparison: Comparison | undefined): readonly string[] {
  if (comparison === undefined) return ['', ''];
  return [amount(comparison.before, unit), `${times(comparison.ratio)}${comparison.worse ? ' ✖' : ''}`];
}

function amount(value: number, unit: string): string {
  return `${number(value)}${unit === '/s' ? '/s' : ` ${unit}`}`;
}

/** Three digits are as much as repeats agree on. */
function number(value: number): string {
  const digits = value >= 100 ? 0 : value >= 10 ? 1 : 2;
  return value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

function times(ratio: number): string {
  return `×${number(ratio)}`;
}
