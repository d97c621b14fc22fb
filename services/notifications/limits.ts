/** Bounds of the sending of notifications, with their reasons. */
export interface DeliveryLimits {
  /** Notifications sent at once; all are done before the next are taken. */
  readonly batch: number;
  /** An attempt is given up after this; a stop of the process leaves a round three seconds. */
  readonly attemptMs: number;
  /** Pauses between the attempts at a notification; when they are used up it is undeliverable. */
  readonly retryDelaysMs: readonly number[];
  /**
   * Who takes a notification has it for this long; one that was never settled, after a crash, is then taken
   * again. Well above `attemptMs`, or attempts would overlap.
   */
  readonly leaseMs: number;
  /** Between one round and the next there is at least this: under load, fewer and larger ones. */
  readonly gatherMs: number;
  /** Due notifications are looked for this often even when no commit tells of new ones. */
  readonly pollMs: number;
}

export const deliveryLimits: DeliveryLimits = {
  batch: 64,
  attemptMs: 2_500,
  retryDelaysMs: [30_000, 120_000, 600_000, 3_600_000, 6 * 3_600_000],
  leaseMs: 30_000,
  gatherMs: 25,
  pollMs: 1_000,
};
