import { CALLS, type CallName } from './calls.ts';
import { ACTIVITIES, type ActivityName } from './draw.ts';
import type { Failure } from './failures.ts';
import { createLatency, type Percentiles } from './latency.ts';
import type { Outcome } from './sender.ts';

export interface ActivityRow {
  readonly activity: ActivityName;
  readonly started: number;
  readonly finished: number;
  readonly troubled: number;
  /** Under way when the run ended. */
  readonly cutShort: number;
  /** Of those that came to their end; from the intended arrival where shoppers arrive at a rate. */
  readonly durationMs: Percentiles | null;
}

export interface CallRow {
  readonly call: CallName;
  /** Calls that had their outcome, good or bad; those cut short are not among them. */
  readonly calls: number;
  readonly failed: number;
  /** How many by status, `timeout`, `connection` or `answer`. */
  readonly failures: Readonly<Partial<Record<Failure, number>>>;
  readonly cutShort: number;
  /**
   * Of calls that were answered, also with an error, and of those that timed out; not of missing connections.
   */
  readonly latencyMs: Percentiles | null;
}

export type ActivityEnd = 'finished' | 'troubled' | 'cutShort';

/** Counts what happens in a run. */
export interface Statistics {
  activityStarted(activity: ActivityName): void;
  activityEnded(activity: ActivityName, end: ActivityEnd, ms: number): void;
  called(call: CallName, outcome: Outcome): void;
  activities(): readonly ActivityRow[];
  calls(): readonly CallRow[];
  /** Of all calls of the shoppers. */
  allCallsMs(): Percentiles | null;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

export function createStatistics(): Statistics {
  const activities = table(ACTIVITIES, createActivityCounter);
  const calls = table(CALLS, createCallCounter);
  const allCalls = createLatency();
  return {
    activityStarted: (activity) => {
      activities.of(activity).counts.started += 1;
    },
    activityEnded: (activity, end, ms) => activities.of(activity).end(end, ms),
    called: (call, outcome) => {
      calls.of(call).count(outcome);
      if (call !== 'follow order' && wasTimed(outcome)) allCalls.record(outcome.ms);
    },
    activities: () => activities.rows.map(([activity, counter]) => ({ activity, ...counter.row() })),
    calls: () => calls.rows.map(([call, counter]) => ({ call, ...counter.row() })),
    allCallsMs: allCalls.percentiles,
  };
}

/** Whether the time of a call says something about the mall. */
export function wasTimed(outcome: Outcome): outcome is Exclude<Outcome, { kind: 'cut short' }> {
  if (outcome.kind === 'cut short') return false;
  return outcome.kind === 'answered' || outcome.failure !== 'connection';
}

function createActivityCounter() {
  const counts = { started: 0, finished: 0, troubled: 0, cutShort: 0 };
  const duration = createLatency();
  return {
    counts,
    end: (end: ActivityEnd, ms: number) => {
      counts[end] += 1;
      if (end !== 'cutShort') duration.record(ms);
    },
    row: () => ({ ...counts, durationMs: duration.percentiles() }),
  };
}

function createCallCounter() {
  const latency = createLatency();
  const counts = { calls: 0, failed: 0, cutShort: 0 };
  const failures: Mutable<CallRow['failures']> = {};
  const fail = (failure: Failure) => {
    counts.failed += 1;
    failures[failure] = (failures[failure] ?? 0) + 1;
  };
  return {
    count: (outcome: Outcome) => {
      if (outcome.kind === 'cut short') {
        counts.cutShort += 1;
        return;
      }
      counts.calls += 1;
      if (outcome.kind === 'failed') fail(outcome.failure);
      if (wasTimed(outcome)) latency.record(outcome.ms);
    },
    row: () => ({ ...counts, failures: { ...failures }, latencyMs: latency.percentiles() }),
  };
}

/** One entry per name, made beforehand so that the rows keep the names' order. */
function table<N extends string, T>(names: readonly N[], create: () => T) {
  const rows: readonly (readonly [N, T])[] = names.map((name) => [name, create()]);
  const entries = new Map(rows);
  const of = (name: N): T => {
    const entry = entries.get(name);
    if (entry === undefined) throw new RangeError(`no such row: ${name}`);
    return entry;
  };
  return { rows, of };
}
