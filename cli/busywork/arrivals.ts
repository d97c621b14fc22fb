import type { Random } from './random.ts';

/** A stretch of time in which the rate of arrivals goes from one value to another in a straight line. */
export interface LoadStage {
  /** `Infinity` for a load without an end, whose rate stays. */
  readonly durationMs: number;
  /** Arrivals a second at its beginning. */
  readonly from: number;
  /** Arrivals a second at its end. */
  readonly to: number;
}

/**
 * When shoppers arrive, in milliseconds from the start: a Poisson process with the stages' changing rate. Nobody
 * looks whether the mall keeps up: that is what makes the model open.
 *
 * Gaps of a process with the constant rate 1 are drawn, and each is spread over as much time as the rate needs to
 * add up to it, so that the rate may change, also in the middle of a gap.
 */
export function* arrivalTimes(stages: readonly LoadStage[], random: Random): Generator<number> {
  let stageStartMs = 0;
  let expected = nextGap(random);
  for (const stage of stages) {
    const total = expectedUntil(stage, stage.durationMs / 1_000);
    while (expected <= total) {
      yield stageStartMs + timeOf(stage, expected) * 1_000;
      expected += nextGap(random);
    }
    expected -= total;
    stageStartMs += stage.durationMs;
  }
}

/** The rate at a moment; 0 after the last stage. */
export function rateAt(stages: readonly LoadStage[], ms: number): number {
  let startMs = 0;
  for (const { durationMs, from, to } of stages) {
    if (ms < startMs + durationMs) {
      return durationMs === Number.POSITIVE_INFINITY
        ? to
        : from + ((to - from) * (ms - startMs)) / durationMs;
    }
    startMs += durationMs;
  }
  return 0;
}

export function totalMs(stages: readonly LoadStage[]): number {
  return stages.reduce((sum, { durationMs }) => sum + durationMs, 0);
}

/** Exponentially distributed with mean 1; `next()` is below 1, so the logarithm is finite. */
function nextGap(random: Random): number {
  return -Math.log(1 - random.next());
}

/** How many arrivals are expected in the first seconds of a stage. */
function expectedUntil({ durationMs, from, to }: LoadStage, seconds: number): number {
  if (from === to) return from === 0 ? 0 : from * seconds;
  return from * seconds + ((to - from) * seconds * seconds) / (2 * (durationMs / 1_000));
}

/** The second of a stage by which this many arrivals are expected. */
function timeOf({ durationMs, from, to }: LoadStage, expected: number): number {
  const slope = (to - from) / (durationMs / 1_000);
  if (slope === 0 || Number.isNaN(slope)) return expected / from;
  // The other root lies before the stage or after its end. A falling rate may leave a rounding error below 0.
  const root = Math.sqrt(Math.max(0, from * from + 2 * slope * expected));
  return (2 * expected) / (from + root);
}
