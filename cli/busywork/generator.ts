import { type EventLoopUtilization, monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { createLatency, type Percentiles } from './latency.ts';

/** How the simulator itself was doing: whether what it measured is the mall or its own slowness. */
export interface GeneratorReport {
  /** Which share of the time its one core was at work. */
  readonly busy: number;
  /** How long its event loop was held up, so how late answers may have been noticed. */
  readonly heldUpMs: { readonly p50: number; readonly p99: number; readonly max: number };
  /** Why the simulator was the bottleneck, in a sentence; null where it was not. */
  readonly bottleneck: string | null;
}

/** Arrivals of an open load. */
export interface ArrivalReport {
  readonly due: number;
  /** Not let in, since as many shoppers as may be were inside. */
  readonly turnedAway: number;
  /** How much later than drawn they began. */
  readonly lateMs: Percentiles | null;
}

export interface Generator {
  /** Share of the time at work since it was asked before. */
  busyLately(): number;
  arrived(lateMs: number): void;
  turnedAway(): void;
  arrivals(): ArrivalReport;
  report(): GeneratorReport;
  close(): void;
}

const RESOLUTION_MS = 10;
const NANOS_PER_MS = 1e6;

/** Above this share of a core waits for the simulator are part of what it measures. */
const BUSY_LIMIT = 0.85;
/** A timer alone is late by a millisecond or two. */
const LATE_LIMIT_MS = 25;

export function watchGenerator(): Generator {
  const delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delays.enable();
  const start = performance.eventLoopUtilization();
  let before: EventLoopUtilization = start;
  const late = createLatency();
  let [due, turnedAway] = [0, 0];
  const arrivals = (): ArrivalReport => ({ due, turnedAway, lateMs: late.percentiles() });
  // The histogram holds the time from tick to tick, which is the resolution when nothing is in the way.
  const delay = (nanos: number) => Math.max(0, nanos / NANOS_PER_MS - RESOLUTION_MS);
  return {
    busyLately: () => {
      const now = performance.eventLoopUtilization();
      const { utilization } = performance.eventLoopUtilization(now, before);
      before = now;
      return utilization;
    },
    arrived: (ms) => {
      due += 1;
      late.record(ms);
    },
    turnedAway: () => {
      turnedAway += 1;
    },
    arrivals,
    report: () => {
      const busy = performance.eventLoopUtilization(start).utilization;
      const heldUpMs = {
        p50: delay(delays.percentile(50)),
        p99: delay(delays.percentile(99)),
        max: delay(delays.max),
      };
      return { busy, heldUpMs, bottleneck: bottleneckOf(busy, arrivals()) };
    },
    close: () => delays.disable(),
  };
}

/** What kept the simulator from doing as it should. */
export function bottleneckOf(busy: number, { lateMs }: Pick<ArrivalReport, 'lateMs'>): string | null {
  if (busy > BUSY_LIMIT) {
    return `its core was busy ${Math.round(busy * 100)} % of the time, so latencies are partly its own`;
  }
  if (lateMs !== null && lateMs.p95 > LATE_LIMIT_MS) {
    return `1 arrival in 20 began more than ${Math.round(lateMs.p95)} ms late, so its machine had no time for it`;
  }
  return null;
}
