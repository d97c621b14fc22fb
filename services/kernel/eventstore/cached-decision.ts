import { type UnitOfWork, VersionCache } from '../database/index.ts';
import { type Decider, MallError } from '../domain/index.ts';
import type { Recorded, Versioned } from './aggregates.ts';
import { recordEvents } from './record.ts';

/** Aggregates of one kind as this process has left them, for the next decision on each. */
export class CachedDecisions<State, Command, Event> {
  readonly #decider: Decider<State, Command, Event>;
  readonly #cache = new VersionCache<Versioned<State>>();

  constructor(decider: Decider<State, Command, Event>) {
    this.#decider = decider;
  }

  /**
   * What the command does to the aggregate as it is known here. Undefined when it is not known, and when it refuses or
   * changes nothing: no write would notice that the state is old, so that has to be decided on what is stored.
   */
  decide(id: string, command: Command): Decided<State, Event> | undefined {
    const current = this.#cache.take(id);
    if (!current) return undefined;
    try {
      const recorded = recordEvents(this.#decider, id, current, command);
      return recorded.length > 0 ? { current, recorded } : undefined;
    } catch (error) {
      if (error instanceof MallError) return undefined;
      throw error;
    }
  }

  /** Remembers the aggregate once the unit that writes it has committed. */
  keep(unit: UnitOfWork, id: string, { state, version }: Versioned<State>): void {
    this.#cache.take(id);
    unit.afterCommit(() => this.#cache.put(id, { state, version }));
  }
}

/** A decision with the aggregate it was made on. */
export interface Decided<State, Event> {
  readonly current: Versioned<State>;
  readonly recorded: readonly Recorded<State, Event>[];
}
