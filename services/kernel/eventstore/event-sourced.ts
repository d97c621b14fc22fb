import type { Database, UnitOfWork } from '../database/index.ts';
import type { Versioned } from './aggregates.ts';
import { EventStore } from './event-store.ts';
import { type Change, StoredAggregates, type StoredAggregatesOptions } from './stored-aggregates.ts';
import type { StreamCodec } from './stream-codec.ts';

export interface EventSourcedOptions<State, Command, Event>
  extends StoredAggregatesOptions<State, Command, Event> {
  readonly database: Database;
  readonly codec: StreamCodec<State, Event>;
  /** A snapshot is written each time a multiple of this is reached or passed; default {@link SNAPSHOT_EVERY}. */
  readonly snapshotEvery?: number;
}

export const SNAPSHOT_EVERY = 50;

/** Aggregates whose state is the fold of their stored events. */
export class EventSourced<State, Command, Event extends { readonly type: string }> extends StoredAggregates<
  State,
  Command,
  Event
> {
  readonly #options: EventSourcedOptions<State, Command, Event>;
  readonly #store: EventStore;
  readonly #snapshotEvery: number;

  constructor(options: EventSourcedOptions<State, Command, Event>) {
    super(options);
    this.#options = options;
    this.#store = new EventStore(options.database);
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

  protected addWrites(unit: UnitOfWork, id: string, { current, recorded, last }: Change<State, Event>): void {
    const { codec } = this.#options;
    const stored = recorded.map((each) => ({
      id: each.id,
      name: each.event.type,
      data: codec.encodeEvent(each.event),
      occurredAt: each.occurredAt,
    }));
    const stream = { id, name: codec.streamName };
    unit.add(...this.#store.append(stream, current.version, stored, unit.causation));
    const { version, state } = last;
    if (Math.floor(version / this.#snapshotEvery) > Math.floor(current.version / this.#snapshotEvery)) {
      const snapshot = { version, name: codec.snapshotName, data: codec.encodeState(state) };
      unit.add(this.#store.snapshot(stream, snapshot));
    }
  }
}
