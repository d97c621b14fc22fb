import { createLatency, type Percentiles } from './latency.ts';
import type { OrderEnd } from './orders.ts';
import type { Outcome } from './sender.ts';
import { wasTimed } from './statistics.ts';

/** What happened in one stretch of a run. */
export interface Moment {
  /** Its end, from the start of the run. */
  readonly atMs: number;
  /** How long it is. */
  readonly forMs: number;
  /** Arrivals a second that the load asks for; null for clients. */
  readonly wantedRate: number | null;
  /** Clients, or shoppers inside, at its end. */
  readonly inside: number;
  readonly calls: number;
  readonly failed: number;
  readonly callMs: Percentiles | null;
  readonly approved: number;
  readonly rejected: number;
  readonly cancelled: number;
  readonly approvedMs: Percentiles | null;
  /** Share of the simulator's core that was at work. */
  readonly busy: number;
}

export interface Series {
  called(outcome: Outcome): void;
  decided(end: OrderEnd, ms: number): void;
  /** Closes the current stretch. */
  tick(now: Pick<Moment, 'atMs' | 'wantedRate' | 'inside' | 'busy'>): void;
  moments(): readonly Moment[];
  last(): Moment | undefined;
}

/** As many as a chart can show; a longer run has longer stretches. */
const MOST_MOMENTS = 600;

export function createSeries(): Series {
  let moments: Moment[] = [];
  let latest: Moment | undefined;
  let pending: Moment[] = [];
  let merge = 1;
  let current = newCounters();
  let since = 0;
  return {
    called: (outcome) => {
      if (outcome.kind === 'cut short') return;
      current.calls += 1;
      if (outcome.kind === 'failed') current.failed += 1;
      if (wasTimed(outcome)) current.callMs.record(outcome.ms);
    },
    decided: (end, ms) => {
      current[end] += 1;
      if (end === 'approved') current.approvedMs.record(ms);
    },
    tick: (now) => {
      const { callMs, approvedMs, ...counts } = current;
      latest = {
        ...counts,
        ...now,
        forMs: now.atMs - since,
        callMs: callMs.percentiles(),
        approvedMs: approvedMs.percentiles(),
      };
      since = now.atMs;
      current = newCounters();
      pending.push(latest);
      if (pending.length < merge) return;
      moments.push(pending.reduce(joined));
      pending = [];
      if (moments.length <= MOST_MOMENTS) return;
      moments = pairs(moments);
      merge *= 2;
    },
    moments: () => (pending.length === 0 ? moments : [...moments, pending.reduce(joined)]),
    last: () => latest,
  };
}

function newCounters() {
  const [callMs, approvedMs] = [createLatency(), createLatency()];
  return { calls: 0, failed: 0, approved: 0, rejected: 0, cancelled: 0, callMs, approvedMs };
}

function pairs(moments: readonly Moment[]): Moment[] {
  const joinedPairs: Moment[] = [];
  for (let index = 0; index < moments.length; index += 2) {
    joinedPairs.push(moments.slice(index, index + 2).reduce(joined));
  }
  return joinedPairs;
}

/** Two stretches as one: counts add up, of percentiles the worse one stays, since the histograms are gone. */
function joined(left: Moment, right: Moment): Moment {
  return {
    ...right,
    forMs: left.forMs + right.forMs,
    calls: left.calls + right.calls,
    failed: left.failed + right.failed,
    callMs: worse(left.callMs, right.callMs),
    approved: left.approved + right.approved,
    rejected: left.rejected + right.rejected,
    cancelled: left.cancelled + right.cancelled,
    approvedMs: worse(left.approvedMs, right.approvedMs),
    busy: Math.max(left.busy, right.busy),
  };
}

function worse(left: Percentiles | null, right: Percentiles | null): Percentiles | null {
  if (left === null || right === null) return left ?? right;
  return {
    p50: Math.max(left.p50, right.p50),
    p95: Math.max(left.p95, right.p95),
    p99: Math.max(left.p99, right.p99),
    max: Math.max(left.max, right.max),
  };
}
