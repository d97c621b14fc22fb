import { crashPoint } from '../faults/index.ts';
import type { RelayQuery } from './refill.ts';

export interface MarkedRow {
  readonly position: number;
  readonly sequence: number;
}

export interface MarksOptions {
  readonly schema: string;
  readonly query: RelayQuery;
  /** Rows are gathered this long into one statement. */
  readonly coalesceMs: number;
  /** Told when rows could not be marked; they are found unpublished later. */
  readonly failed: (error: unknown) => void;
}

/**
 * Marks rows as published some moments after the broker has acknowledged them, many at once and behind the relay's
 * back: publishing does not wait. A mark that is lost means a repeat, which the broker or the inbox drops.
 */
export class Marks {
  readonly #options: MarksOptions;
  #rows: MarkedRow[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(options: MarksOptions) {
    this.#options = options;
  }

  add(rows: readonly MarkedRow[]): void {
    if (rows.length === 0) return;
    this.#rows.push(...rows);
    this.#timer ??= setTimeout(() => this.flush().catch(this.#options.failed), this.#options.coalesceMs);
  }

  /**
   * Lets go of what was added. Must follow the loss of the session that led: another relay may lead by now, and
   * have published the same rows at other sequences.
   */
  forget(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#rows = [];
  }

  /** Marks what was added. @throws Unavailable, or the driver's error */
  async flush(): Promise<void> {
    const rows = this.#rows;
    this.forget();
    if (rows.length === 0) return;
    crashPoint('relay.before-mark', this.#options.schema);
    await this.#options.query(
      'mark',
      // Not joined with the arrays: Postgres takes those for long ones and reads the whole table instead.
      `UPDATE ${this.#options.schema}.outbox
       SET published_at = now(), stream_sequence = ($2::bigint[])[array_position($1::bigint[], position)]
       WHERE position = ANY ($1::bigint[])`,
      [rows.map(({ position }) => position), rows.map(({ sequence }) => sequence)],
    );
    crashPoint('relay.after-mark', this.#options.schema);
  }
}
