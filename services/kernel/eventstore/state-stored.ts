import type { UnitOfWork, Write } from '../database/index.ts';
import type { Versioned } from './aggregates.ts';
import { type Change, StoredAggregates, type StoredAggregatesOptions } from './stored-aggregates.ts';

/** How a state-stored aggregate lies in its table; the table has a `version` column. */
export interface StateTable<State> {
  find(id: string): Promise<Versioned<State> | undefined>;
  insert(id: string, state: State): Write;
  /** Touches the row only at `expectedVersion` and raises its version by `steps`; anything else is a Conflict. */
  update(id: string, state: State, expectedVersion: number, steps: number): Write;
}

export interface StateStoredOptions<State, Command, Event>
  extends StoredAggregatesOptions<State, Command, Event> {
  readonly table: StateTable<State>;
}

/** Aggregates kept as one row with a version; the same deciders, without a stored history. */
export class StateStored<State, Command, Event> extends StoredAggregates<State, Command, Event> {
  readonly #table: StateTable<State>;

  constructor(options: StateStoredOptions<State, Command, Event>) {
    super(options);
    this.#table = options.table;
  }

  find(id: string): Promise<Versioned<State> | undefined> {
    return this.#table.find(id);
  }

  protected addWrites(unit: UnitOfWork, id: string, { current, recorded, last }: Change<State, Event>): void {
    if (current.version === 0) {
      unit.add(this.#table.insert(id, last.state));
      return;
    }
    unit.add(this.#table.update(id, last.state, current.version, recorded.length));
  }
}
