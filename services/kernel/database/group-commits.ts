import { DeadlineExceeded, Unavailable } from '../domain/index.ts';
import type { Deadline } from './deadline.ts';
import { type Told, touchedRow, type Write } from './write.ts';

/** The writes of one unit of work that waits for its commit. */
interface Waiting {
  readonly writes: readonly Write[];
  readonly rows: readonly string[];
  readonly signal: Deadline | undefined;
  readonly since: number;
  resolve(told: Told): void;
  reject(error: unknown): void;
}

/** Commits writes in one transaction. */
export type CommitWrites = (writes: readonly Write[]) => Promise<Told>;

/** Units of work in one transaction: a group is gathered while the one before it is under way. */
const MOST_UNITS = 128;
/** After a group of several the next is gathered this long: under load, fewer and larger ones do a third more. */
const GATHER_MS = 6;
/** So many do not wait for more, unless the group before was larger: as many may be on their way again. */
const ENOUGH_UNITS = 16;
/** More than all consumers of a context and a burst of requests bring at once; beyond it callers are turned away. */
const MOST_WAITING = 2_048;
/** Behind a database that answers nothing nobody waits longer: well below a call's deadline, it is sure that nothing happened. */
export const BEGUN_WITHIN_MS = 5_000;

/**
 * Commits the units of work that are ready at the same time in one transaction, each of them all or nothing: when one
 * is refused, all are undone together and then each is committed alone, so that nobody suffers from another's refusal.
 * Under little load nobody waits and each unit is a group of its own. Units that touch the same row never share a
 * group: they would not see each other.
 */
export class GroupCommits {
  readonly #commit: CommitWrites;
  #waiting: Waiting[] = [];
  #underWay = false;
  /** So many waiting units end the gathering. */
  #enough = ENOUGH_UNITS;
  #gathering: NodeJS.Timeout | undefined;
  readonly #begunWithinMs: number;
  #watch: NodeJS.Timeout | undefined;

  constructor(commit: CommitWrites, begunWithinMs = BEGUN_WITHIN_MS) {
    this.#commit = commit;
    this.#begunWithinMs = begunWithinMs;
  }

  /**
   * Resolves once the writes are durable, with what the commit told; that may speak of other units' rows as well.
   * @throws what the commit of these writes alone is refused with; Unavailable; DeadlineExceeded once the signal aborts
   */
  commit(writes: readonly Write[], signal?: Deadline): Promise<Told> {
    if (this.#waiting.length >= MOST_WAITING) {
      return Promise.reject(new Unavailable('too many changes wait to be stored'));
    }
    const { promise, resolve, reject } = Promise.withResolvers<Told>();
    const rows = writes.flatMap((write) => touchedRow(write) ?? []);
    this.#waiting.push({ writes, rows, signal, since: performance.now(), resolve, reject });
    if (this.#gathering && this.#waiting.length >= this.#enough) this.#goOn();
    this.#schedule();
    this.#watchWaiting();
    return promise;
  }

  #schedule(): void {
    if (this.#underWay || this.#waiting.length === 0) return;
    this.#underWay = true;
    // Not at once: what becomes ready in the same moment goes along.
    setImmediate(() => void this.#commitNext());
  }

  /** One timer for all, armed while something waits. */
  #watchWaiting(): void {
    const [oldest] = this.#waiting;
    if (this.#watch !== undefined || oldest === undefined) return;
    const leftMs = Math.max(1, oldest.since + this.#begunWithinMs - performance.now());
    this.#watch = setTimeout(() => {
      this.#watch = undefined;
      this.#turnAway(performance.now() - this.#begunWithinMs);
      this.#watchWaiting();
    }, leftMs).unref();
  }

  #turnAway(before: number): void {
    const tooLong = this.#waiting.filter(({ since }) => since <= before);
    this.#waiting = this.#waiting.filter(({ since }) => since > before);
    for (const { reject } of tooLong) reject(new Unavailable('the database stores nothing at present'));
  }

  async #commitNext(): Promise<void> {
    const group = this.#take();
    if (group.length > 0) await this.#commitGroup(group);
    this.#enough = Math.max(ENOUGH_UNITS, group.length);
    if (group.length > 1 && this.#waiting.length < this.#enough) {
      this.#gathering = setTimeout(() => this.#goOn(), GATHER_MS);
    } else this.#goOn();
  }

  #goOn(): void {
    clearTimeout(this.#gathering);
    this.#gathering = undefined;
    this.#underWay = false;
    this.#schedule();
  }

  async #commitGroup(group: readonly Waiting[]): Promise<void> {
    try {
      const told = await this.#commit(group.flatMap(({ writes }) => writes));
      for (const unit of group) unit.resolve(told);
    } catch (error) {
      // Of a lost connection nobody knows what became of the commit: that is for each caller to deal with.
      if (group.length === 1 || error instanceof Unavailable) for (const unit of group) unit.reject(error);
      else for (const unit of group) await this.#commitAlone(unit);
    }
  }

  async #commitAlone({ writes, signal, resolve, reject }: Waiting): Promise<void> {
    try {
      if (signal?.aborted) throw tooLate();
      resolve(await this.#commit(writes));
    } catch (error) {
      reject(error);
    }
  }

  /** The longest waiting, without those that touch a row of another before them. */
  #take(): readonly Waiting[] {
    const group: Waiting[] = [];
    const left: Waiting[] = [];
    const touched = new Set<string>();
    for (const unit of this.#waiting) {
      if (unit.signal?.aborted) {
        unit.reject(tooLate());
        continue;
      }
      const apart = unit.rows.every((row) => !touched.has(row));
      for (const row of unit.rows) touched.add(row);
      (apart && group.length < MOST_UNITS ? group : left).push(unit);
    }
    this.#waiting = left;
    return group;
  }
}

function tooLate(): DeadlineExceeded {
  return new DeadlineExceeded('the deadline passed before the commit');
}
