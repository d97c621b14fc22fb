import type { Delivery } from './delivery.ts';

/**
 * The messages that the broker has given out to one consumer and nobody has settled yet. Those under one key are
 * handled one after the other, those under different keys at once, but no more than so many: the others wait for
 * their turn, first come, first served.
 */
export class InHand {
  readonly #most: number;
  readonly #messages = new Set<Delivery>();
  readonly #chains = new Map<string, Promise<void>>();
  readonly #waiting: (() => void)[] = [];
  #atWork = 0;

  constructor(most: number) {
    this.#most = most;
  }

  /** @param handle does not reject */
  add(message: Delivery, key: string, handle: () => Promise<void>): void {
    this.#messages.add(message);
    const before = this.#chains.get(key) ?? Promise.resolve();
    const chain = before
      .then(() => this.#inTurn(handle))
      .finally(() => {
        this.#messages.delete(message);
        if (this.#chains.get(key) === chain) this.#chains.delete(key);
      });
    this.#chains.set(key, chain);
  }

  /** Also of those that wait for others, or for the database: they would be given out again meanwhile. */
  tellProgress(): void {
    for (const message of this.#messages) message.working();
  }

  /** Resolves when nothing is in hand any more of what is now. */
  async settled(): Promise<void> {
    await Promise.all(this.#chains.values());
  }

  async #inTurn(handle: () => Promise<void>): Promise<void> {
    if (this.#atWork < this.#most) this.#atWork++;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      await handle();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#atWork--;
      else next();
    }
  }
}
