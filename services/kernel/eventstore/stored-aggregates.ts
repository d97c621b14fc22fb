import type { UnitOfWork } from '../database/index.ts';
import { type Decider, NotFound } from '../domain/index.ts';
import type { Aggregates, Reaction, Recorded, Versioned } from './aggregates.ts';
import { CachedDecisions, type Decided } from './cached-decision.ts';
import { recordEvents } from './record.ts';

export interface StoredAggregatesOptions<State, Command, Event> {
  readonly decider: Decider<State, Command, Event>;
  /** Text of the NotFound error, such as `basket with that ID does not exist`. */
  readonly notFound: string;
  readonly react?: Reaction<State, Event>;
}

/** A decision that changes something, with its last event at hand. */
export interface Change<State, Event> extends Decided<State, Event> {
  readonly last: Recorded<State, Event>;
}

/** How a command is decided and what follows from it, whichever way the aggregates are stored. */
export abstract class StoredAggregates<State, Command, Event> implements Aggregates<State, Command> {
  readonly #options: StoredAggregatesOptions<State, Command, Event>;
  readonly #known: CachedDecisions<State, Command, Event>;

  constructor(options: StoredAggregatesOptions<State, Command, Event>) {
    this.#options = options;
    this.#known = new CachedDecisions(options.decider);
  }

  abstract find(id: string): Promise<Versioned<State> | undefined>;

  /** Adds the writes that store a change; they must fail where the stored version is not the change's `current` one. */
  protected abstract addWrites(unit: UnitOfWork, id: string, change: Change<State, Event>): void;

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
    if (decided) return this.#store(unit, id, decided);
    return this.record(unit, id, await load(), command);
  }

  record(unit: UnitOfWork, id: string, current: Versioned<State>, command: Command): State {
    const recorded = recordEvents(this.#options.decider, id, current, command);
    return this.#store(unit, id, { current, recorded });
  }

  #store(unit: UnitOfWork, id: string, decided: Decided<State, Event>): State {
    const last = decided.recorded.at(-1);
    if (!last) return decided.current.state;
    this.addWrites(unit, id, { ...decided, last });
    for (const each of decided.recorded) this.#options.react?.(each, unit);
    this.#known.keep(unit, id, last);
    return last.state;
  }
}
