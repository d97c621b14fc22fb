import { setTimeout as pause } from 'node:timers/promises';

/** Measures how long a start has taken, without the times that nobody can say anything about: downloads. */
export class StartClock {
  readonly #begun = performance.now();
  #held = 0;
  #heldSince: number | undefined;

  /** Stops the clock for as long as some work takes, which has a limit of its own. */
  async without<T>(work: Promise<T>): Promise<T> {
    this.#heldSince = performance.now();
    try {
      return await work;
    } finally {
      this.#held += performance.now() - this.#heldSince;
      this.#heldSince = undefined;
    }
  }

  get elapsedMs(): number {
    const now = this.#heldSince ?? performance.now();
    return now - this.#begun - this.#held;
  }

  /** Resolves once so much time has passed. Rejects when the signal is aborted before. */
  async passes(ms: number, signal: AbortSignal): Promise<void> {
    for (let left = ms; left > 0; left = ms - this.elapsedMs) {
      await pause(Math.max(left, leastPauseMs), undefined, { signal, ref: false });
    }
  }
}

/** While the clock is stopped it is looked at this often. */
const leastPauseMs = 100;
