import { exitCodes } from '../exit-codes.ts';
import type { Trouble } from './client.ts';
import type { ArrivalReport, GeneratorReport } from './generator.ts';
import type { BusyworkOptions } from './options.ts';
import type { OrderReport } from './orders.ts';
import { REPORT_SCHEMA, type Report, totals } from './report.ts';
import type { Moment } from './series.ts';
import type { Statistics } from './statistics.ts';
import { judge } from './thresholds.ts';

/** Enough to find a cause by, few enough to read. */
export const TROUBLES_KEPT = 20;

export interface RunFacts {
  readonly options: BusyworkOptions;
  readonly startedAt: string;
  readonly durationMs: number;
  readonly endedBy: Report['endedBy'];
  readonly statistics: Statistics;
  readonly orders: OrderReport;
  readonly arrivals: ArrivalReport | null;
  readonly generator: GeneratorReport;
  readonly series: readonly Moment[];
  readonly troubles: readonly Trouble[];
}

export function reportOf(facts: RunFacts): Report {
  const { options, statistics } = facts;
  const rows = statistics.calls();
  const follow = rows.find((row) => row.call === 'follow order');
  if (!follow) throw new RangeError('the calls that follow orders are not counted');
  const report: Report = {
    schema: REPORT_SCHEMA,
    host: options.host,
    seed: options.seed,
    pace: options.pace,
    clients: options.load === null ? options.clients : null,
    load: options.load,
    mix: options.mix,
    timeoutMs: options.timeoutMs,
    startedAt: facts.startedAt,
    durationMs: Math.round(facts.durationMs),
    endedBy: facts.endedBy,
    activities: statistics.activities(),
    calls: rows.filter((row) => row !== follow),
    follow,
    allCallsMs: statistics.allCallsMs(),
    orders: facts.orders,
    arrivals: facts.arrivals,
    generator: facts.generator,
    thresholds: [],
    series: facts.series,
    firstTroubles: facts.troubles.slice(0, TROUBLES_KEPT),
  };
  return { ...report, thresholds: judge(options.thresholds, report) };
}

/**
 * 6 when a threshold was missed, 0 when every call worked, 1 when one failed, be it a shopper's or one that followed
 * an order (B-12). Where a threshold says how many may fail, failures within it are fine.
 */
export function exitCodeOf(report: Report): number {
  const { thresholds } = report;
  if (thresholds.some(({ kept }) => !kept)) return exitCodes.thresholdMissed;
  if (thresholds.some(({ threshold }) => /^\s*calls\.(error_rate|failed)\b/.test(threshold)))
    return exitCodes.ok;
  const { failed } = totals([...report.calls, report.follow]);
  return failed === 0 ? exitCodes.ok : exitCodes.checkFailed;
}
