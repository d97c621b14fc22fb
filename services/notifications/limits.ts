/** Bounds of the sending of notifications, with their reasons. */
export interface DeliveryLimits {
  /** Notifications sent at once; all are done before the next are taken. */
  readonly batch: number;
  /** An attempt is given up after this; a stop of the process leaves a round three seconds. */
  readonly attemptMs: number;
  /**
   * How long after the start of each attempt the next may begin; one that never came back, after a crash, is missed
   * for as long. There are as many attempts. The first must be longer than `attemptMs`, or attempts would overlap.
   */
  readonly delaysMs: readonly number[];
  /** Due notifications are looked for this often even when no commit tells of new ones. */
  readonly pollMs: number;
}

export const deliveryLimits: DeliveryLimits = {
  batch: 32,
  attemptMs: 2_500,
  delaysMs: [30_000, 120_000, 600_000, 3_600_000, 6 * 3_600_000],
  pollMs: 1_000,
};
