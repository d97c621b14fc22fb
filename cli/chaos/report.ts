import { z } from 'zod';
import { contextNames } from '../../proto/catalogue.ts';
import { pointNames } from './cells.ts';
import type { CrashRow } from './crash-run.ts';
import type { OutageRow } from './outage-run.ts';
import type { SoakRow } from './soak.ts';
import type { Verdict } from './verdict.ts';

/** The document's name and version, as `--json` prints it and `--resume` reads it. */
export const schemaName = 'mall.chaos/1';

const verdictShape = {
  quiet: z.boolean(),
  orders: z.number(),
  ended: z.number(),
  violations: z.number(),
  wrong: z.array(z.string()),
  waitedMs: z.number(),
  tookMs: z.number(),
};
const crashRow = z.object({
  point: z.enum(pointNames),
  context: z.enum([...contextNames, 'process']),
  hit: z.boolean(),
  hitNumber: z.number(),
  ...verdictShape,
}) satisfies z.ZodType<CrashRow>;
const outageRow = z.object({
  outage: z.string(),
  seconds: z.number().optional(),
  told: z.object({
    answered: z.number(),
    unavailable: z.number(),
    late: z.number(),
    unconnected: z.number(),
    wrong: z.array(z.string()),
  }),
  ...verdictShape,
}) satisfies z.ZodType<OutageRow>;

const conditions = {
  schema: z.literal(schemaName),
  seed: z.number(),
  mode: z.enum(['monolith', 'microservices']),
  /** What is to be tried in all; fewer rows: the run was cut off. */
  planned: z.number(),
  tookMs: z.number(),
};

/** A report that a run can take up. */
export const resumableShape = z.discriminatedUnion('kind', [
  z.object({ ...conditions, kind: z.literal('points'), rows: z.array(crashRow) }),
  z.object({ ...conditions, kind: z.literal('faults'), rows: z.array(outageRow) }),
]);

/** What a run has tried, one of the three, with its outcome. */
export type ChaosRows =
  | { readonly kind: 'points'; readonly rows: readonly CrashRow[] }
  | { readonly kind: 'faults'; readonly rows: readonly OutageRow[] }
  | { readonly kind: 'soak'; readonly rows: readonly SoakRow[] };

export type ChaosResult = ChaosRows & {
  readonly seed: number;
  readonly mode: string;
  readonly planned: number;
  readonly tookMs: number;
};

export interface Outcome {
  readonly violations: number;
  /** Failures that are no violation: a point that was not hit, a mall that did not come to rest, a wrong answer. */
  readonly failures: number;
}

export function outcomeOf(result: ChaosRows): Outcome {
  const verdicts: readonly Verdict[] = result.rows;
  const restless = verdicts.filter(({ quiet }) => !quiet).length;
  const missed = result.kind === 'points' ? result.rows.filter(({ hit }) => !hit).length : 0;
  const wrong =
    result.kind === 'faults' ? result.rows.reduce((sum, { told }) => sum + told.wrong.length, 0) : 0;
  return { violations: sumOf(verdicts, 'violations'), failures: restless + missed + wrong };
}

/** The outcome in one sentence. */
export function sentence(result: ChaosResult): string {
  const { violations, failures } = outcomeOf(result);
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
