import { stripVTControlCharacters } from 'node:util';
import type { Output } from '../terminal/output.ts';
import type { CrashRow } from './crash-run.ts';
import type { OutageRow } from './outage-run.ts';
import type { ChaosRows } from './report.ts';
import type { SoakRow } from './soak.ts';
import type { Verdict } from './verdict.ts';

/** Rows come one by one and none knows the others, so each column has its width from the beginning. */
type Cell = readonly [head: string, width: number, text: string];

/** Green or red. */
type Judged = (text: string, bad: boolean) => string;

/** The newest row as a line, under the line of heads when it is the first, above what is wrong with it. */
export function newestLines(result: ChaosRows, output: Output): readonly string[] {
  const judged: Judged = (text, bad) => output.paint(bad ? 'red' : 'green', text);
  const { cells, wrong } = newestRow(result, judged);
  const head = result.rows.length === 1 ? [line(cells.map(([head, width]) => [head, width]))] : [];
  return [...head, line(cells.map(([, width, text]) => [text, width])), ...wrong.map((says) => `  ${says}`)];
}

function line(cells: readonly (readonly [text: string, width: number])[]): string {
  const padded = cells.map(
    ([text, width]) => text + ' '.repeat(Math.max(0, width - stripVTControlCharacters(text).length)),
  );
  return padded.join('  ').trimEnd();
}

function newestRow(result: ChaosRows, judged: Judged): { cells: readonly Cell[]; wrong: readonly string[] } {
  const none = { cells: [], wrong: [] };
  if (result.kind === 'points') {
    const row = result.rows.at(-1);
    return row ? { cells: crashCells(row, judged), wrong: row.wrong } : none;
  }
  if (result.kind === 'faults') {
    const row = result.rows.at(-1);
    return row ? { cells: outageCells(row, judged), wrong: [...row.wrong, ...row.told.wrong] } : none;
  }
  const row = result.rows.at(-1);
  return row ? { cells: soakCells(row, judged), wrong: row.wrong } : none;
}

function crashCells(row: CrashRow, judged: Judged): readonly Cell[] {
  return [
    ['POINT', 21, row.point],
    ['CONTEXT', 13, row.context],
    ['HIT', 5, judged(row.hit ? `#${row.hitNumber}` : 'never', !row.hit)],
    ...verdictCells(row, judged),
  ];
}

function outageCells(row: OutageRow, judged: Judged): readonly Cell[] {
  const { told } = row;
  return [
    ['FAULT', 16, row.outage],
    ['FOR', 5, row.seconds === undefined ? '-' : `${row.seconds} s`],
    ...verdictCells(row, judged),
    ['ANSWERED', 8, String(told.answered)],
    ['503', 5, String(told.unavailable)],
    ['504', 5, String(told.late)],
    ['UNCONNECTED', 11, String(told.unconnected)],
    ['WRONG', 5, judged(String(told.wrong.length), told.wrong.length > 0)],
  ];
}

function soakCells(row: SoakRow, judged: Judged): readonly Cell[] {
  return [
    ['KILLED: MALL', 12, String(row.kills.mall)],
    ['POSTGRES', 8, String(row.kills.postgres)],
    ['NATS', 5, String(row.kills.nats)],
    ['CALLS', 7, String(row.calls)],
    ['FAILED', 6, String(row.failed)],
    ...verdictCells(row, judged),
  ];
}

function verdictCells(row: Verdict, judged: Judged): readonly Cell[] {
  const { orders, ended, violations, quiet } = row;
  return [
    ['ORDERS', 6, String(orders)],
    ['ENDED', 6, judged(String(ended), ended !== orders)],
    [
      'VIOLATIONS',
      11,
      judged(quiet ? String(violations) : `${violations}, restless`, violations > 0 || !quiet),
    ],
    ['TOOK', 6, `${(row.tookMs / 1_000).toFixed(1)} s`],
  ];
}
