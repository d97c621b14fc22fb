import type { LoadStage } from './arrivals.ts';
import type { Trouble } from './client.ts';
import type { ArrivalReport, GeneratorReport } from './generator.ts';
import type { Percentiles } from './latency.ts';
import type { Mix } from './mix.ts';
import type { OrderReport } from './orders.ts';
import type { PaceName } from './pace.ts';
import type { Moment } from './series.ts';
import type { ActivityRow, CallRow } from './statistics.ts';

/** Raised whenever a reader of the JSON document would have to change; added fields do not raise it. */
export const REPORT_SCHEMA = 'mall.busywork/1';

/** All facts of a run: the JSON document as it is, and the source of the summary. */
export interface Report {
  readonly schema: typeof REPORT_SCHEMA;
  readonly host: string;
  readonly seed: number;
  readonly pace: PaceName;
  /** Null where shoppers arrive at a rate. */
  readonly clients: number | null;
  /** Null for clients. */
  readonly load: { readonly stages: readonly LoadStage[]; readonly maxShoppers: number } | null;
  /** Null: the original's activities and probabilities. */
  readonly mix: Mix | null;
  readonly timeoutMs: number;
  readonly startedAt: string;
  /** From the first activity to the last client's end; the wait for open orders comes on top. */
  readonly durationMs: number;
  readonly endedBy: 'signal' | 'duration';
  readonly activities: readonly ActivityRow[];
  /** The shoppers' calls. */
  readonly calls: readonly CallRow[];
  /** The calls by which orders were followed, counted apart. An order not made yet is no failure. */
  readonly follow: CallRow;
  /** Of all the shoppers' calls. */
  readonly allCallsMs: Percentiles | null;
  readonly orders: OrderReport;
  /** Null for clients, who do not arrive. */
  readonly arrivals: ArrivalReport | null;
  readonly generator: GeneratorReport;
  readonly thresholds: readonly ThresholdResult[];
  readonly series: readonly Moment[];
  readonly firstTroubles: readonly Trouble[];
}

export interface ThresholdResult {
  /** As it was typed. */
  readonly threshold: string;
  readonly kept: boolean;
  /** Null: there was nothing to measure, which keeps no threshold. */
  readonly value: number | null;
  /** The value for people. */
  readonly measured: string;
}

/** Calls of the run, all together. */
export function totals(rows: readonly CallRow[]): { calls: number; failed: number; cutShort: number } {
  const total = { calls: 0, failed: 0, cutShort: 0 };
  for (const row of rows) {
    total.calls += row.calls;
    total.failed += row.failed;
    total.cutShort += row.cutShort;
  }
  return total;
}
