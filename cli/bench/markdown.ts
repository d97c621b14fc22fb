import type { Comparison } from './compare.ts';
import type { BenchReport } from './report.ts';
import { conditionsOf, tableOf } from './table.ts';

/** A report as a page. */
export function markdownOf(report: BenchReport, compared: readonly Comparison[] = []): string {
  const { head, rows } = tableOf(report, compared);
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [
    '# What `mall bench` measured',
    '',
    ...(report.quick ? ['Quick: it shows that everything runs; the figures say nothing.', ''] : []),
    ...conditionsOf(report).map(([label, value]) => `- ${label}: ${value}`),
    '',
    line(head),
    line(head.map(() => '---')),
    ...rows.map(line),
    '',
  ].join('\n');
}
