import { contextNames } from '../../proto/catalogue.ts';
import type { Findings, Rule } from './findings.ts';
import type { Snapshot } from './snapshot.ts';
import type { StoredMessage } from './stream.ts';

interface PublishedRow {
  context: string;
  id: string;
  name: string;
  sequence: number | null;
}

/** The published rows of all outboxes in the stream's order: two sorted lists are compared in one pass. */
const published = `${contextNames
  .map(
    (context) =>
      `SELECT '${context}' AS context, id, name, stream_sequence AS sequence
       FROM ${context}.outbox WHERE published_at IS NOT NULL`,
  )
  .join(' UNION ALL ')} ORDER BY sequence NULLS LAST`;

/** Walks through the published outbox rows beside the stream and reports those that are not in it. */
export class PublishedRows {
  readonly #pages: AsyncGenerator<PublishedRow[], undefined>;
  readonly #rule: Rule;
  readonly #findings: Findings;
  readonly #first: number;
  #page: PublishedRow[] = [];
  #at = 0;

  /** @param options.first the stream's first sequence: rows before it have outlived their messages */
  constructor(snapshot: Snapshot, options: { rule: Rule; findings: Findings; first: number }) {
    this.#pages = snapshot.pages<PublishedRow>(published);
    this.#rule = options.rule;
    this.#findings = options.findings;
    this.#first = options.first;
  }

  /** Compares the rows up to the end of a batch of the stream. */
  async compare(batch: readonly StoredMessage[]): Promise<void> {
    const messages = new Map(batch.map((message) => [message.sequence, message]));
    const end = batch.at(-1)?.sequence ?? 0;
    for (let row = await this.#peek(); row; row = await this.#peek()) {
      if (row.sequence === null || row.sequence > end) return;
      this.#at++;
      this.#judge(row, row.sequence, messages.get(row.sequence));
    }
  }

  /** Reports the rows beyond the stream's end. */
  async finish(): Promise<void> {
    for (let row = await this.#peek(); row; row = await this.#peek()) {
      this.#at++;
      if (row.sequence !== null) this.#judge(row, row.sequence, undefined);
      else this.#findings.found(this.#rule, [row.id], `${row.context}: ${row.name} has no recorded sequence`);
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

  async #peek(): Promise<PublishedRow | undefined> {
    if (this.#at === this.#page.length) {
      this.#page = (await this.#pages.next()).value ?? [];
      this.#at = 0;
    }
    return this.#page[this.#at];
  }
}
