import { exitCodes } from '../exit-codes.ts';
import type { Trouble } from './client.ts';
import type { BusyworkOptions } from './options.ts';
import type { OrderReport } from './orders.ts';
import type { PaceName } from './pace.ts';
import type { ActivityRow, CallRow, Statistics } from './statistics.ts';

/** Raised whenever a reader of the JSON document would have to change; added fields do not raise it. */
export const REPORT_SCHEMA = 'mall.busywork/1';

/** All facts of a run: the JSON document as it is, and the source of the summary. */
export interface Report {
  readonly schema: typeof REPORT_SCHEMA;
  readonly host: string;
  readonly seed: number;
  readonly pace: PaceName;
  readonly clients: number;
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
  readonly orders: OrderReport;
  readonly firstTroubles: readonly Trouble[];
}

/** Enough to find a cause by, few enough to read. */
export const TROUBLES_KEPT = 20;

export interface RunFacts {
  readonly options: BusyworkOptions;
  readonly startedAt: string;
  readonly durationMs: number;
  readonly endedBy: Report['endedBy'];
  readonly statistics: Statistics;
  readonly orders: OrderReport;
  readonly troubles: readonly Trouble[];
}

export function reportOf(facts: RunFacts): Report {
  const { options, statistics } = facts;
  const rows = statistics.calls();
  const follow = rows.find((row) => row.call === 'follow order');
  if (!follow) throw new RangeError('the calls that follow orders are not counted');
  return {
    schema: REPORT_SCHEMA,
    host: options.host,
    seed: options.seed,
    pace: options.pace,
    clients: options.clients,
    timeoutMs: options.timeoutMs,
    startedAt: facts.startedAt,
    durationMs: Math.round(facts.durationMs),
    endedBy: facts.endedBy,
    activities: statistics.activities(),
    calls: rows.filter((row) => row !== follow),
    follow,
    orders: facts.orders,
    firstTroubles: facts.troubles.slice(0, TROUBLES_KEPT),
  };
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

/** 0 when every call worked, 1 when one failed, be it a shopper's or one that followed an order (B-12). */
export function exitCodeOf(report: Report): number {
  const { failed } = totals([...report.calls, report.follow]);
  return failed === 0 ? exitCodes.ok : exitCodes.checkFailed;
}
