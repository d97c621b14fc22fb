import type { World } from './world.ts';

/**
 * How a run ends, part by part: first the shopping, then what is cleared up after it and the watch on orders.
 */
export interface Ends {
  /** Ends the clients' pauses and calls. */
  readonly stop: AbortSignal;
  readonly clearUpStop: AbortSignal;
  readonly followStop: AbortSignal;
  /** Nothing more is waited for. */
  readonly abandon: AbortSignal;
  /** From here on a stop has nothing left to stop but the waiting: it counts as an abandon. */
  endShopping(): void;
  endClearingUp(): void;
  endFollowing(): void;
}

export function createEnds(world: Pick<World, 'stop' | 'abandon'>): Ends {
  const shopping = new AbortController();
  const clearingUp = new AbortController();
  const following = new AbortController();
  const skipped = new AbortController();
  const abandon = AbortSignal.any([world.abandon, skipped.signal]);
  return {
    stop: AbortSignal.any([world.stop, world.abandon, shopping.signal]),
    clearUpStop: AbortSignal.any([abandon, clearingUp.signal]),
    followStop: AbortSignal.any([abandon, following.signal]),
    abandon,
    endShopping: () => {
      shopping.abort();
      if (!world.stop.aborted) world.stop.addEventListener('abort', () => skipped.abort(), { once: true });
    },
    endClearingUp: () => clearingUp.abort(),
    endFollowing: () => following.abort(),
  };
}
