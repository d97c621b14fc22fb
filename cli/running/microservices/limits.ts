/** Bounds of the processes of a mall: its services in microservices mode, and servers of its own. */
export const supervisionLimits = {
  /** The pause before one that has ended is started again: doubled each time, from the first to the last. */
  restartBackoffMs: [200, 10_000],
  /** One that was ready for this long has recovered: its next end is a first one again. */
  recoveredAfterMs: 60_000,
  /** One that has ended so often without recovering will not be helped by another start. */
  endsInARow: 8,
  /** Services are asked so often whether they live, or four times within the silence that is allowed them. */
  askEveryMs: 2_000,
  /** The gateway only finishes requests it has taken; */
  gatewayStopMs: 2_500,
  /** services then have the rest of the ten seconds, less what the servers need, to publish what is left. */
  serviceStopMs: 5_000,
} as const;

/** How long, and how often, one that ends is started again. */
export interface RestartLimits {
  readonly restartBackoffMs: readonly [first: number, last: number];
  readonly recoveredAfterMs: number;
  readonly endsInARow: number;
}

/** The pause after so many ends in a row: doubled each time, with jitter. */
export function restartPauseMs(ends: number, limits: RestartLimits): number {
  const [first, last] = limits.restartBackoffMs;
  return Math.round(Math.min(first * 2 ** (ends - 1), last) * (0.5 + Math.random()));
}
