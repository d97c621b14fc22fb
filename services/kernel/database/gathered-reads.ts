import { setTimeout as pause } from 'node:timers/promises';
import DataLoader from 'dataloader';

/** Keys in one statement. */
const MOST_KEYS = 128;
/** Behind a slow read the next begins all the same after this time, so that one that hangs holds up nobody else. */
const LONGEST_WAIT_MS = 5;

/**
 * Reads by key that are asked for at the same moment are one statement; while it is under way the next are gathered.
 * Under little load nobody waits, and nobody is ever answered by a read that began before he asked.
 */
export class GatheredReads<Row> {
  readonly #loader: DataLoader<string, readonly Row[]>;
  #underWay: Promise<unknown> | undefined;

  /** @param read answers the rows of different keys in one list, each key's in their order; @param keyOf tells a row's key */
  constructor(read: (keys: readonly string[]) => Promise<readonly Row[]>, keyOf: (row: Row) => unknown) {
    const readAll = async (keys: readonly string[]) => {
      const reading = read([...new Set(keys)]);
      this.#underWay = reading;
      try {
        const byKey = Map.groupBy(await reading, keyOf);
        return keys.map((key) => byKey.get(key) ?? []);
      } finally {
        if (this.#underWay === reading) this.#underWay = undefined;
      }
    };
    this.#loader = new DataLoader(readAll, {
      cache: false,
      maxBatchSize: MOST_KEYS,
      batchScheduleFn: (begin) => void this.#schedule(begin),
    });
  }

  /** The rows with this key. @throws what the read throws */
  load(key: string): Promise<readonly Row[]> {
    return this.#loader.load(key);
  }

  async #schedule(begin: () => void): Promise<void> {
    const underWay = this.#underWay;
    if (underWay) await Promise.race([underWay.catch(() => undefined), pause(LONGEST_WAIT_MS)]);
    // Not at once: what is asked for in the same moment goes along.
    setImmediate(begin);
  }
}
