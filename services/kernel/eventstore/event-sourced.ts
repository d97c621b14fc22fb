import type { Database, UnitOfWork } from '../database/index.ts';
import { type Decider, NotFound } from '../domain/index.ts';
import type { Aggregates, Reaction, Versioned } from './aggregates.ts';
import { CachedDecisions, type Decided } from './cached-decision.ts';
import { EventStore } from './event-store.ts';
import { recordEvents } from './record.ts';
import type { StreamCodec } from './stream-codec.ts';

export interface EventSourcedOptions<State, Command, Event> {
  readonly database: Database;
  readonly decider: Decider<State, Command, Event>;
  readonly codec: StreamCodec<State, Event>;
  /** Text of the NotFound error, such as `basket with that ID does not exist`. */
  readonly notFound: string;
  readonly react?: Reaction<State, Event>;
  /** A snapshot is written each time a multiple of this is reached or passed; default {@link SNAPSHOT_EVERY}. */
  readonly snapshotEvery?: number;
}

export const SNAPSHOT_EVERY = 50;

/** Aggregates whose state is the fold of their stored events. */
export class EventSourced<State, Command, Event extends { readonly type: string }>
  implements Aggregates<State, Command>
{
  readonly #options: EventSourcedOptions<State, Command, Event>;
  readonly #store: EventStore;
  readonly #snapshotEvery: number;
  readonly #known: CachedDecisions<State, Command, Event>;

  constructor(options: EventSourcedOptions<State, Command, Event>) {
    this.#options = options;
    this.#store = new EventStore(options.database);
    this.#known = new CachedDecisions(options.decider);
    this.#snapshotEvery = options.snapshotEvery ?? SNAPSHOT_EVERY;
  }

  async find(id: string): Promise<Versioned<State> | undefined> {
    const { codec, decider } = this.#options;
    const stream = { id, name: codec.streamName };
    const { snapshot, events } = await this.#store.read(stream, codec.snapshotName);
    let state = snapshot ? codec.decodeState(snapshot.data) : decider.initial;
    for (const { name, data } of events) state = decider.evolve(state, codec.decodeEvent(name, data));
    const version = events.at(-1)?.version ?? snapshot?.version ?? 0;
    return version === 0 ? undefined : { state, version };
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
    const { codec, react } = this.#options;
    const last = recorded.at(-1);
    if (!last) return current.state;
    const { version, state } = last;
    const stored = recorded.map((each) => ({
      id: each.id,
      name: each.event.type,
      data: codec.encodeEvent(each.event),
      occurredAt: each.occurredAt,
    }));
    const stream = { id, name: codec.streamName };
    unit.add(this.#store.append(stream, current.version, stored, unit.causation));
    if (Math.floor(version / this.#snapshotEvery) > Math.floor(current.version / this.#snapshotEvery)) {
      const snapshot = { version, name: codec.snapshotName, data: codec.encodeState(state) };
      unit.add(this.#store.snapshot(stream, snapshot));
    }
    for (const each of recorded) react?.(each, unit);
    this.#known.keep(unit, id, last);
    return state;
  }
}
