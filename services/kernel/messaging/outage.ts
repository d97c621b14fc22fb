import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Database } from '../database/index.ts';
import type { MessagingLimits } from './limits.ts';

export interface OutageOptions {
  readonly database: Database;
  readonly limits: MessagingLimits;
  readonly logger: Logger;
  /** Aborts when nobody waits any more. */
  readonly signal: AbortSignal;
}

/**
 * Whether a context's database is away, and when it is back. Many ask at once, when all that they have in hand fails:
 * one question is asked for all of them.
 */
export class Outage {
  readonly #options: OutageOptions;
  #asked: Promise<boolean> | undefined;
  #awaited: Promise<void> | undefined;

  constructor(options: OutageOptions) {
    this.#options = options;
  }

  /** Asks whether it is away. */
  async away(): Promise<boolean> {
    this.#asked ??= this.#options.database.ping().finally(() => {
      this.#asked = undefined;
    });
    if (await this.#asked) return false;
    this.#awaited ??= this.#waitOut().finally(() => {
      this.#awaited = undefined;
    });
    return true;
  }

  /** Waits until an outage that {@link away} has found is over; false when the signal aborts before. */
  async over(): Promise<boolean> {
    if (this.#awaited === undefined) return true;
    await this.#awaited;
    return !this.#options.signal.aborted;
  }

  async #waitOut(): Promise<void> {
    const { database, limits, logger, signal } = this.#options;
    const [first, last] = limits.outageProbeMs;
    logger.warn('the database is away: messages in hand wait for it');
    for (let pauseMs = first; !signal.aborted; pauseMs = Math.min(pauseMs * 2, last)) {
      await pause(pauseMs * (0.5 + Math.random()), undefined, { signal }).catch(() => undefined);
      if (signal.aborted || (await database.ping())) break;
    }
    if (!signal.aborted) logger.info('the database is back');
  }
}
