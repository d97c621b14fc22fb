import type { Logger } from 'pino';
import type { Database } from '../database/index.ts';
import type { MessagingLimits } from './limits.ts';

export interface NotifierOptions {
  readonly database: Database;
  readonly limits: MessagingLimits;
  readonly logger: Logger;
}

/** Tells the relay of another process that messages were committed here: coalesced, outside business transactions. */
export class Notifier {
  readonly #options: NotifierOptions;
  readonly #channel: string;
  #notifying = false;

  constructor(options: NotifierOptions, channel: string) {
    this.#options = options;
    this.#channel = channel;
  }

  notify(): void {
    if (this.#notifying) return;
    this.#notifying = true;
    const { database, limits, logger } = this.#options;
    setTimeout(() => {
      this.#notifying = false;
      database
        .query('SELECT pg_notify($1, $2)', [this.#channel, ''])
        .catch((error: unknown) => logger.debug({ err: error }, 'no notification; the poll will see to it'));
    }, limits.notifyCoalesceMs);
  }
}
