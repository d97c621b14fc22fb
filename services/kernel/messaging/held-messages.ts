/** A message and its place in the stream. */
export interface Placed {
  readonly id: string;
  readonly sequence: number;
  /** The command it sends: a message of its own each time that is sent again. */
  readonly command?: string | undefined;
}

interface Held extends Omit<Placed, 'id'> {
  readonly dueAt: number;
  readonly attempts: number;
}

/**
 * Keeps order per aggregate across redeliveries: while a failed message waits for its next try, later ones of the
 * same aggregate wait behind it. Known to this process only: what a crash or another replica lets overtake is caught
 * by the versions that messages carry.
 *
 * Messages are known by their id: one that a broker has lost comes again at another place, and its old place is given
 * to another message. A command that is sent again, by a person who has mended what was wrong or at the saga's deadline,
 * is the same thing once more: it is tried at once, and the earlier sending has its own try later.
 */
export class HeldMessages {
  /** A message this long overdue went to another replica; it must not hold up the rest here. */
  static readonly #FORGOTTEN_MS = 30_000;
  readonly #waiting = new Map<string, Map<string, Held>>();

  /** Attempts made so far at this message in this process. */
  attempts(key: string, id: string): number {
    return this.#waiting.get(key)?.get(id)?.attempts ?? 0;
  }

  /** When the message may be tried, if an earlier one of its aggregate still waits; undefined: now. */
  blockedUntil(key: string, { id, sequence, command }: Placed, now = Date.now()): number | undefined {
    let latest: number | undefined;
    for (const [other, earlier] of this.#waiting.get(key) ?? []) {
      const { dueAt } = earlier;
      const same = other === id || (command !== undefined && command === earlier.command);
      if (dueAt + HeldMessages.#FORGOTTEN_MS < now) this.release(key, other);
      else if (!same && earlier.sequence < sequence && (latest === undefined || dueAt > latest))
        latest = dueAt;
    }
    return latest;
  }

  hold(key: string, { id, ...placed }: Placed, next: { dueAt: number; attempts: number }): void {
    const waiting = this.#waiting.get(key) ?? new Map<string, Held>();
    waiting.set(id, { ...placed, ...next });
    this.#waiting.set(key, waiting);
  }

  /** The message took effect or was parked. */
  release(key: string, id: string): void {
    const waiting = this.#waiting.get(key);
    if (waiting?.delete(id) && waiting.size === 0) this.#waiting.delete(key);
  }
}
