import { type ContextName, contextNames } from '../../proto/catalogue.ts';
import type { Findings, Rule } from './findings.ts';
import type { Snapshots } from './snapshots.ts';
import type { StoredMessage } from './stream.ts';

interface PublishedRow {
  context: ContextName;
  id: string;
  name: string;
  sequence: number | null;
}

/** A row, or nothing once an outbox has no more. */
type NextRow = PublishedRow | undefined;

/** The published rows of one outbox in the stream's order, one at a time. */
class OutboxRows {
  readonly #context: ContextName;
  readonly #pages: AsyncGenerator<Omit<PublishedRow, 'context'>[], undefined>;
  #page: Omit<PublishedRow, 'context'>[] = [];
  #at = 0;

  constructor(snapshots: Snapshots, context: ContextName) {
    this.#context = context;
    this.#pages = snapshots.of(context).pages(
      `SELECT id, name, stream_sequence AS sequence FROM ${context}.outbox
       WHERE published_at IS NOT NULL ORDER BY sequence NULLS LAST`,
    );
  }

  async peek(): Promise<NextRow> {
    if (this.#at === this.#page.length) {
      this.#page = (await this.#pages.next()).value ?? [];
      this.#at = 0;
    }
    const row = this.#page[this.#at];
    return row && { context: this.#context, ...row };
  }

  take(): void {
    this.#at++;
  }
}

/** Walks through the published outbox rows beside the stream and reports those that are not in it. */
export class PublishedRows {
  readonly #outboxes: readonly OutboxRows[];
  readonly #rule: Rule;
  readonly #findings: Findings;
  readonly #first: number;

  /** @param options.first the stream's first sequence: rows before it have outlived their messages */
  constructor(snapshots: Snapshots, options: { rule: Rule; findings: Findings; first: number }) {
    this.#outboxes = contextNames.map((context) => new OutboxRows(snapshots, context));
    this.#rule = options.rule;
    this.#findings = options.findings;
    this.#first = options.first;
  }

  /** Compares the rows up to the end of a batch of the stream. */
  async compare(batch: readonly StoredMessage[]): Promise<void> {
    const messages = new Map(batch.map((message) => [message.sequence, message]));
    const end = batch.at(-1)?.sequence ?? 0;
    for (const outbox of this.#outboxes) {
      for (let row = await outbox.peek(); row; row = await outbox.peek()) {
        if (row.sequence === null || row.sequence > end) break;
        outbox.take();
        this.#judge(row, row.sequence, messages.get(row.sequence));
      }
    }
  }

  /** Reports the rows beyond the stream's end. */
  async finish(): Promise<void> {
    for (const outbox of this.#outboxes) {
      for (let row = await outbox.peek(); row; row = await outbox.peek()) {
        outbox.take();
        if (row.sequence !== null) this.#judge(row, row.sequence, undefined);
        else
          this.#findings.found(this.#rule, [row.id], `${row.context}: ${row.name} has no recorded sequence`);
      }
    }
  }

  #judge({ context, id, name }: PublishedRow, sequence: number, message: StoredMessage | undefined): void {
    if (sequence < this.#first) {
      this.#findings.skipped(this.#rule, 1);
      return;
    }
    this.#findings.checked(this.#rule, 1);
    if (message?.id === id) return;
    const instead = message ? `${message.name} ${message.id}` : 'nothing';
    this.#findings.found(this.#rule, [id], `${context}: ${name} is not at ${sequence}, where ${instead} is`);
  }
}
