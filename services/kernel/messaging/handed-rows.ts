import type { OutboxRow } from './publish-rows.ts';

/** A row as the commit that left it hands it on, with what else its aggregate had waiting at that moment. */
export interface HandedRow {
  readonly row: OutboxRow;
  /** Positions of the unpublished rows of the same key that were there before. */
  readonly behind: readonly number[];
}

/** More than a burst of commits during one round of the relay; beyond it the outbox is asked. */
const MOST_WAITING = 2_048;
/** A row is handed on within its commit's answer: what was published this many rows ago is not handed on any more. */
const MOST_REMEMBERED = 8_192;

/**
 * Rows that this process has just committed, which the relay can publish without reading them back from the outbox.
 *
 * Order is kept as the outbox keeps it: a row is given out only when every row that was waiting on its key as it was
 * committed has been published here, or is given out before it. Where that cannot be told (rows of another process,
 * failed or quarantined ones, too many at once) nothing is given out until the outbox has been read.
 */
export class HandedRows {
  #waiting: HandedRow[] = [];
  readonly #published = new Set<number>();
  #complete = false;

  /** Whether the outbox must be read: it may hold rows that nobody has handed on. */
  get mustAsk(): boolean {
    return !this.#complete;
  }

  offer(rows: readonly HandedRow[]): void {
    if (this.#waiting.length + rows.length > MOST_WAITING) this.ask();
    else this.#waiting.push(...rows);
  }

  /** Rows in the order they were handed on; none when the outbox must be read first. */
  take(limit: number): OutboxRow[] {
    if (!this.#complete) return [];
    const taken = new Set<number>();
    const rows: OutboxRow[] = [];
    let looked = 0;
    for (const { row, behind } of this.#waiting) {
      if (rows.length === limit) break;
      looked++;
      if (this.#published.has(row.position)) continue;
      if (!behind.every((position) => taken.has(position) || this.#published.has(position))) {
        this.ask();
        return [];
      }
      taken.add(row.position);
      rows.push(row);
    }
    this.#waiting = this.#waiting.slice(looked);
    return rows;
  }

  /** The broker has acknowledged these. */
  published(positions: readonly number[]): void {
    for (const position of positions) this.#published.add(position);
    for (const oldest of this.#published) {
      if (this.#published.size <= MOST_REMEMBERED) break;
      this.#published.delete(oldest);
    }
  }

  /** The outbox has been read to its end: what comes later is handed on. */
  asked(): void {
    this.#complete = true;
  }

  /** The outbox must be read, which has all that waits here as well. */
  ask(): void {
    this.#complete = false;
    this.#waiting = [];
  }

  /** As {@link ask}, and nothing counts as published any more. */
  forget(): void {
    this.ask();
    this.#published.clear();
  }
}
