/** What is guarded by a version: a write of it commits only over the version it was decided on. */
export interface Guarded {
  readonly version: number;
}

/**
 * The newest states of things this process has written, so that the next decision on one need not read it back.
 *
 * A state from here may be old: another process may have written since. It is good for nothing but decisions whose
 * write expects its version, which then is a Conflict; and since a state is taken out to be used, the next try reads.
 */
export class VersionCache<State extends Guarded> {
  readonly #most: number;
  readonly #states = new Map<string, State>();

  /** @param most so many are kept, those written last */
  constructor(most: number = MOST_CACHED) {
    this.#most = most;
  }

  /** The state, if it is known; it is known no more afterwards. */
  take(id: string): State | undefined {
    const state = this.#states.get(id);
    this.#states.delete(id);
    return state;
  }

  /** Must follow the commit that wrote the state. */
  put(id: string, state: State): void {
    const known = this.#states.get(id);
    // Answers to two commits can come in the other order.
    if (known && known.version > state.version) return;
    this.#states.delete(id);
    this.#states.set(id, state);
    const [oldest] = this.#states.keys();
    if (this.#states.size > this.#most && oldest !== undefined) this.#states.delete(oldest);
  }
}

/** A few seconds of a busy mall; a state is some kilobytes at most. */
const MOST_CACHED = 2_000;
