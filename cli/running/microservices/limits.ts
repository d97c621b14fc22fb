/** Bounds of the processes of a mall in microservices mode, with their reasons. */
export const supervisionLimits = {
  /** The pause before a service that has ended is started again: doubled each time, from the first to the last. */
  restartBackoffMs: [200, 10_000],
  /** One that was ready for this long has recovered: its next end is a first one again. */
  recoveredAfterMs: 60_000,
  /** A service that has ended so often without recovering will not be helped by another start. */
  endsInARow: 8,
  /** Services are asked so often whether they live, or four times within the silence that is allowed them. */
  askEveryMs: 2_000,
  /** The gateway only finishes requests it has taken; */
  gatewayStopMs: 2_500,
  /** services then have the rest of the ten seconds, less what the servers need, to publish what is left. */
  serviceStopMs: 5_000,
} as const;
