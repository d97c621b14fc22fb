import type { MallApi } from './api.ts';
import type { Claims } from './claims.ts';
import type { MadeUp } from './made-up.ts';
import type { CheckedOut } from './orders.ts';
import type { Random } from './random.ts';

/** A client in the middle of one activity: all an activity can see and do. */
export interface Shopper {
  /** Calls end at once when the run stops (B-02), and belong to the activity's trace (B-08). */
  readonly api: MallApi;
  readonly random: Random;
  readonly madeUp: MadeUp;
  say(text: string): void;
  /** Takes 0.5 to 2 s at a human pace. */
  pause(): Promise<void>;
  /** Waits for the mall, at any pace. */
  wait(ms: number): Promise<void>;
  /** Ids of the mall's stores, at most a moment old. */
  stores(): Promise<readonly string[]>;
  /** Has the next look at the stores see a new one. */
  storesChanged(): void;
  /** What only one of all clients may work on. */
  readonly claims: Claims;
  /** The monotonic clock, in milliseconds. */
  elapsed(): number;
  /** Has an order watched from here on, beside everything else. */
  follow(order: CheckedOut): void;
  /**
   * Clears up after an activity that ended early. Never throws; is finished in the background once the run
   * stops.
   */
  clearUp(work: (api: MallApi) => Promise<void>): Promise<void>;
}
