import { build } from 'hdr-histogram-js';

export interface Percentiles {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
}

/** Collects durations in constant memory, exact to three digits. */
export interface Latency {
  record(ms: number): void;
  /** In milliseconds; null when nothing was recorded. */
  percentiles(): Percentiles | null;
}

const MICROS_PER_MS = 1_000;

export function createLatency(): Latency {
  const histogram = build({ numberOfSignificantValueDigits: 3, autoResize: true });
  let maxMs = 0;
  // The histogram answers with the upper end of a bucket, which may lie beyond everything that was seen.
  const at = (percentile: number) =>
    Math.min(maxMs, histogram.getValueAtPercentile(percentile) / MICROS_PER_MS);
  return {
    record: (ms) => {
      histogram.recordValue(Math.max(0, Math.round(ms * MICROS_PER_MS)));
      maxMs = Math.max(maxMs, Math.round(ms * MICROS_PER_MS) / MICROS_PER_MS);
    },
    percentiles: () =>
      histogram.totalCount === 0 ? null : { p50: at(50), p95: at(95), p99: at(99), max: maxMs },
  };
}
