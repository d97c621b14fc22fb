import { setTimeout as pause } from 'node:timers/promises';
import { DeadlineExceeded, hasCategory } from '../domain/index.ts';
import { crashPoint } from '../faults/index.ts';
import type { TraceHeaders } from '../telemetry/index.ts';
import type { Database } from './database.ts';
import type { Deadline } from './deadline.ts';
import { type RequestKey, rememberRequest } from './request-key.ts';
import type { Told, Write } from './write.ts';

/** Why something happens: carried from the door into stored events and outgoing messages. */
export interface Causation {
  /** The message or request that caused this. */
  readonly causationId: string;
  /** The first cause of the whole story; every message and event of it carries the same one. */
  readonly correlationId: string;
  /** Where in its trace it happens: what follows from it comes after. */
  readonly trace?: TraceHeaders | undefined;
  /** The request's `Idempotency-Key`, remembered with its effect. */
  readonly requestKey?: RequestKey;
  /** Aborts when the caller's deadline passes; a unit of work that is not yet committed then never is. */
  readonly signal?: Deadline;
}

/** Rows of one table that a unit of work gathers and writes together, in the order they were added. */
export interface Batch<Item> {
  toWrites(items: readonly Item[]): readonly Write[];
  /** Called once they are durable, with what their write told. Must not fail. */
  committed?(items: readonly Item[], told: Told): void;
}

/**
 * What one use case changes: gathered while it decides, committed in one statement at the end.
 * Reads happen before, without a transaction; expected versions in the writes catch what changed in between.
 */
export class UnitOfWork {
  readonly causation: Causation;
  readonly #writes: Write[] = [];
  readonly #batches = new Map<Batch<unknown>, unknown[]>();
  readonly #afterCommit: (() => void)[] = [];

  constructor(causation: Causation) {
    this.causation = causation;
  }

  add(...writes: readonly Write[]): void {
    this.#writes.push(...writes);
  }

  gather<Item>(batch: Batch<Item>, item: Item): void {
    const items = this.#batches.get(batch);
    if (items) items.push(item);
    else this.#batches.set(batch, [item]);
  }

  /** Runs once the changes are durable: counters, waking the relay. Must not fail. */
  afterCommit(hook: () => void): void {
    this.#afterCommit.push(hook);
  }

  async commit(database: Database): Promise<void> {
    const batches = [...this.#batches].flatMap(([batch, items]) => batch.toWrites(items));
    const writes = [...this.#writes, ...batches];
    const { requestKey, signal } = this.causation;
    // A request that changes nothing has no effect to protect: sent again it is answered anew.
    if (requestKey && writes.length > 0) writes.push(rememberRequest(database.schema, requestKey));
    if (signal?.aborted) throw new DeadlineExceeded('the deadline passed before the commit');
    crashPoint('commit.before', database.schema);
    const told = await database.commit(writes, signal);
    crashPoint('commit.after', database.schema);
    for (const [batch, items] of this.#batches) batch.committed?.(items, told);
    for (const hook of this.#afterCommit) hook();
  }
}

/** A use case that lost against another writer is decided again this many times in all. */
const ATTEMPTS = 5;
const MAX_PAUSE_MS = 40;

/**
 * Runs a use case and commits what it gathered. On a Conflict the whole use case runs again on fresh state,
 * a few times, with a random pause between; then the Conflict reaches the caller.
 */
export async function inUnitOfWork<Result>(
  database: Database,
  causation: Causation,
  work: (unit: UnitOfWork) => Promise<Result>,
): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    const unit = new UnitOfWork(causation);
    try {
      const result = await work(unit);
      await unit.commit(database);
      return result;
    } catch (error) {
      if (!hasCategory(error, 'CONFLICT') || attempt === ATTEMPTS) throw error;
      await pause(Math.random() * MAX_PAUSE_MS);
    }
  }
}
