/** A message and its place in the stream. */
export interface Placed {
  readonly id: string;
  readonly sequence: number;
}

/**
 * Keeps order per aggregate across redeliveries: while a failed message waits for its next try, later ones of the
 * same aggregate wait behind it. Known to this process only: what a crash or another replica lets overtake is caught
 * by the versions that messages carry.
 *
 * Messages are known by their id: one that a broker has lost comes again at another place, and its old place is given
 * to another message.
 */
export class HeldMessages {
  /** A message this long overdue went to another replica; it must not hold up the rest here. */
  static readonly #FORGOTTEN_MS = 30_000;
  readonly #waiting = new Map<string, Map<string, { sequence: number; dueAt: number; attempts: number }>>();

  /** Attempts made so far at this message in this process. */
  attempts(key: string, id: string): number {
    return this.#waiting.get(key)?.get(id)?.attempts ?? 0;
  }

  /** When the message may be tried, if an earlier one of its aggregate still waits; undefined: now. */
  blockedUntil(key: string, { id, sequence }: Placed, now = Date.now()): number | undefined {
    let latest: number | undefined;
    for (const [other, { sequence: earlier, dueAt }] of this.#waiting.get(key) ?? []) {
      if (dueAt + HeldMessages.#FORGOTTEN_MS < now) this.release(key, other);
      else if (other !== id && earlier < sequence && (latest === undefined || dueAt > latest)) latest = dueAt;
    }
    return latest;
  }

  hold(key: string, { id, sequence }: Placed, next: { dueAt: number; attempts: number }): void {
    const waiting = this.#waiting.get(key) ?? new Map();
    waiting.set(id, { sequence, ...next });
    this.#waiting.set(key, waiting);
  }

  /** The message took effect or was parked. */
  release(key: string, id: string): void {
    const waiting = this.#waiting.get(key);
    if (waiting?.delete(id) && waiting.size === 0) this.#waiting.delete(key);
  }
}
