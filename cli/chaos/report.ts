import type { Output } from '../terminal/output.ts';
import { columns } from '../terminal/table.ts';
import type { CrashRow } from './crash-run.ts';
import type { OutageRow } from './outage-run.ts';
import type { SoakRow } from './soak.ts';
import type { Verdict } from './verdict.ts';

/** What a run has tried, one of the three, with its outcome. */
export type ChaosRows =
  | { readonly kind: 'points'; readonly rows: readonly CrashRow[] }
  | { readonly kind: 'faults'; readonly rows: readonly OutageRow[] }
  | { readonly kind: 'soak'; readonly rows: readonly SoakRow[] };

export type ChaosResult = ChaosRows & {
  readonly seed: number;
  readonly mode: string;
  readonly tookMs: number;
};

export interface Outcome {
  readonly violations: number;
  /** Failures that are no violation: a point that was not hit, a mall that did not come to rest, a wrong answer. */
  readonly failures: number;
}

export function outcomeOf(result: ChaosResult): Outcome {
  const verdicts: readonly Verdict[] = result.rows;
  const restless = verdicts.filter(({ quiet }) => !quiet).length;
  const missed = result.kind === 'points' ? result.rows.filter(({ hit }) => !hit).length : 0;
  const wrong =
    result.kind === 'faults' ? result.rows.reduce((sum, { told }) => sum + told.wrong.length, 0) : 0;
  return { violations: sumOf(verdicts, 'violations'), failures: restless + missed + wrong };
}

/** Tells the outcome: a table, what is wrong, then one sentence. */
export function report(result: ChaosResult, output: Output): void {
  const outcome = outcomeOf(result);
  if (output.json) {
    output.document('mall.chaos/1', { ...result, ...outcome });
    return;
  }
  output.result(tableOf(result, output));
  for (const line of wrongOf(result)) output.result(line);
  output.result(`\n${sentence(result, outcome)}`);
}

function tableOf(result: ChaosResult, output: Output): string {
  const red = (text: string, bad: boolean) => output.paint(bad ? 'red' : 'green', text);
  const verdict = ({ orders, ended, violations, quiet }: Verdict): string[] => [
    String(orders),
    red(String(ended), ended !== orders),
    red(quiet ? String(violations) : `${violations}, restless`, violations > 0 || !quiet),
  ];
  if (result.kind === 'points') {
    const rows = result.rows.map((row) => [
      row.point,
      row.context,
      red(row.hit ? `#${row.hitNumber}` : 'never', !row.hit),
      ...verdict(row),
    ]);
    return columns(rows, ['POINT', 'CONTEXT', 'HIT', 'ORDERS', 'ENDED', 'VIOLATIONS']);
  }
  if (result.kind === 'faults') {
    const rows = result.rows.map((row) => [
      row.outage,
      row.seconds === undefined ? '-' : `${row.seconds} s`,
      ...verdict(row),
      ...[row.told.answered, row.told.unavailable, row.told.late, row.told.unconnected].map(String),
      red(String(row.told.wrong.length), row.told.wrong.length > 0),
    ]);
    const told = ['ANSWERED', '503', '504', 'UNCONNECTED', 'WRONG'];
    return columns(rows, ['FAULT', 'FOR', 'ORDERS', 'ENDED', 'VIOLATIONS', ...told]);
  }
  const rows = result.rows.map((row) => [
    ...[row.kills.mall, row.kills.postgres, row.kills.nats, row.calls, row.failed].map(String),
    ...verdict(row),
  ]);
  const kills = ['KILLED: MALL', 'POSTGRES', 'NATS', 'CALLS', 'FAILED'];
  return columns(rows, [...kills, 'ORDERS', 'ENDED', 'VIOLATIONS']);
}

function wrongOf(result: ChaosResult): readonly string[] {
  const told = result.kind === 'faults' ? result.rows.flatMap((row) => row.told.wrong) : [];
  return [...result.rows.flatMap((row) => row.wrong), ...told].map((says) => `  ${says}`);
}

function sentence(result: ChaosResult, { violations, failures }: Outcome): string {
  const orders = sumOf(result.rows, 'orders');
  const what = `${result.rows.length} tried in ${Math.round(result.tookMs / 1_000)} s, ${orders} orders`;
  const verdict =
    violations > 0
      ? `${violations} violations`
      : failures > 0
        ? `no violation, but ${failures} failed`
        : 'nothing lost, nothing done twice, every order at its end';
  return `${what}: ${verdict}. ${result.mode}, seed ${result.seed}.`;
}

function sumOf(rows: readonly Verdict[], key: 'violations' | 'orders'): number {
  return rows.reduce((sum, row) => sum + row[key], 0);
}
