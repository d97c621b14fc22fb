import type { Database, UnitOfWork, Write } from '../database/index.ts';
import { type Decider, NotFound } from '../domain/index.ts';
import type { Aggregates, Reaction, Versioned } from './aggregates.ts';
import { CachedDecisions, type Decided } from './cached-decision.ts';
import { recordEvents } from './record.ts';

/** How a state-stored aggregate lies in its table; the table has a `version` column. */
export interface StateTable<State> {
  find(database: Database, id: string): Promise<Versioned<State> | undefined>;
  insert(id: string, state: State): Write;
  /** Must touch the row only at `expectedVersion` and raise its version by `steps`. */
  update(id: string, state: State, expectedVersion: number, steps: number): Write;
}

export interface StateStoredOptions<State, Command, Event> {
  readonly database: Database;
  readonly decider: Decider<State, Command, Event>;
  readonly table: StateTable<State>;
  readonly notFound: string;
  readonly react?: Reaction<State, Event>;
}

/** Aggregates kept as one row with a version; the same deciders, without a stored history. */
export class StateStored<State, Command, Event> implements Aggregates<State, Command> {
  readonly #options: StateStoredOptions<State, Command, Event>;
  readonly #known: CachedDecisions<State, Command, Event>;

  constructor(options: StateStoredOptions<State, Command, Event>) {
    this.#options = options;
    this.#known = new CachedDecisions(options.decider);
  }

  find(id: string): Promise<Versioned<State> | undefined> {
    return this.#options.table.find(this.#options.database, id);
  }

  async load(id: string): Promise<Versioned<State>> {
    const found = await this.find(id);
    if (!found) throw new NotFound(this.#options.notFound);
    return found;
  }

  async create(unit: UnitOfWork, id: string, command: Command): Promise<State> {
    return this.record(unit, id, { state: this.#options.decider.initial, version: 0 }, command);
  }

  async execute(unit: UnitOfWork, id: string, command: Command): Promise<State> {
    return this.executeOn(unit, id, command, () => this.load(id));
  }

  async executeOn(
    unit: UnitOfWork,
    id: string,
    command: Command,
    load: () => Promise<Versioned<State>>,
  ): Promise<State> {
    const decided = this.#known.decide(id, command);
    if (decided) return this.#write(unit, id, decided);
    return this.record(unit, id, await load(), command);
  }

  record(unit: UnitOfWork, id: string, current: Versioned<State>, command: Command): State {
    const recorded = recordEvents(this.#options.decider, id, current, command);
    return this.#write(unit, id, { current, recorded });
  }

  #write(unit: UnitOfWork, id: string, { current, recorded }: Decided<State, Event>): State {
    const { table, react } = this.#options;
    const last = recorded.at(-1);
    if (!last) return current.state;
    const { state } = last;
    const write =
      current.version === 0
        ? table.insert(id, state)
        : {
            ...table.update(id, state, current.version, recorded.length),
            expect: { rows: 1, what: `${id} at version ${current.version}` },
          };
    unit.add(write);
    for (const each of recorded) react?.(each, unit);
    this.#known.keep(unit, id, last);
    return state;
  }
}
