import type { MallApi } from './api.ts';
import type { Clock } from './clock.ts';

/** How old a list may be: short enough to see new stores soon, long enough for all clients to share it. */
const FRESH_MS = 1_000;

/**
 * The mall's stores, shared by all clients (B-10): the list grows with every run, and without this each of
 * them would fetch it whole for almost every activity.
 */
export interface StoreList {
  /**
   * The ids. `api` makes the call if one is due; a call under way is shared. A failed one is not remembered.
   */
  get(api: MallApi): Promise<readonly string[]>;
  /** Forgets the list, for instance because a store was added to it. */
  forget(): void;
}

export function createStoreList(clock: Pick<Clock, 'elapsed'>): StoreList {
  let known: { at: number; ids: Promise<readonly string[]> } | undefined;
  const fetchWith = (api: MallApi) => {
    const mine = { at: clock.elapsed(), ids: api.listStores() };
    known = mine;
    mine.ids.catch(() => {
      if (known === mine) known = undefined;
    });
    return mine.ids;
  };
  return {
    get: async (api) => {
      const fresh = known !== undefined && clock.elapsed() - known.at < FRESH_MS;
      return fresh && known ? known.ids : fetchWith(api);
    },
    forget: () => {
      known = undefined;
    },
  };
}
