import type { UnitOfWork } from '../database/index.ts';

/** One aggregate as it stands: its state and the version that the next write must expect. */
export interface Versioned<State> {
  readonly state: State;
  readonly version: number;
}

/** An event as it was recorded: for publishing and projecting in the same unit of work. */
export interface Recorded<State, Event> {
  readonly aggregateId: string;
  /** Id of the event; also of the message that tells other contexts about it. */
  readonly id: string;
  readonly event: Event;
  /** Version of the aggregate with this event. */
  readonly version: number;
  /** The aggregate with this event. */
  readonly state: State;
  readonly occurredAt: Date;
}

/** Adds what follows from an event to its unit of work: messages, read models. */
export type Reaction<State, Event> = (recorded: Recorded<State, Event>, unit: UnitOfWork) => void;

/** Loads aggregates and records what commands do to them, event-sourced or state-stored alike. */
export interface Aggregates<State, Command> {
  /** @throws NotFound */
  load(id: string): Promise<Versioned<State>>;
  /** Like load, but undefined when there is none. */
  find(id: string): Promise<Versioned<State> | undefined>;
  /** Decides on a new aggregate. @throws AlreadyExists at the commit when the id is taken */
  create(unit: UnitOfWork, id: string, command: Command): Promise<State>;
  /** Loads, decides and adds the outcome to the unit. @throws NotFound, or what the decider throws */
  execute(unit: UnitOfWork, id: string, command: Command): Promise<State>;
  /** As execute, where the caller says how what is not known here is loaded. */
  executeOn(
    unit: UnitOfWork,
    id: string,
    command: Command,
    load: () => Promise<Versioned<State>>,
  ): Promise<State>;
  /** As execute, on an aggregate loaded before. */
  record(unit: UnitOfWork, id: string, current: Versioned<State>, command: Command): State;
}
