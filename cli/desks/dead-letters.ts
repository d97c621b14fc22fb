import { type ContextName, contextNames } from '../../proto/catalogue.ts';
import { CliError } from '../cli-error.ts';
import { exitCodes } from '../exit-codes.ts';
import type { DeskDatabase } from './desk-database.ts';

/** A dead letter as it is listed. */
export interface LetterLine {
  /** `<context>/<number>`: each context numbers its own. */
  readonly id: string;
  readonly context: ContextName;
  readonly consumer: string;
  /** Blank when the bytes were no envelope. */
  readonly name: string;
  readonly messageId: string;
  readonly subject: string;
  readonly streamSequence: number;
  readonly reason: string;
  readonly attempts: number;
  readonly parkedAt: Date;
  readonly droppedAt: Date | null;
  readonly droppedReason: string | null;
}

/** A dead letter with the bytes as the broker held them. */
export interface Letter extends LetterLine {
  readonly data: Buffer;
}

/** What a consumer did with a message that it got again. */
export type Settled =
  | { readonly outcome: 'taken' }
  | { readonly outcome: 'parked again'; readonly as: string; readonly reason: string };

interface Row extends Omit<LetterLine, 'id'> {
  readonly number: number;
}

const COLUMNS = `id AS number, consumer, name, message_id AS "messageId", subject,
  stream_sequence AS "streamSequence", reason, attempts, parked_at AS "parkedAt",
  dropped_at AS "droppedAt", dropped_reason AS "droppedReason"`;

/** The dead letters of all contexts of a mall. */
export class DeadLetters {
  readonly #database: DeskDatabase;
  readonly #contexts: readonly ContextName[];

  private constructor(database: DeskDatabase, contexts: readonly ContextName[]) {
    this.#database = database;
    this.#contexts = contexts;
  }

  static async of(database: DeskDatabase): Promise<DeadLetters> {
    return new DeadLetters(database, await database.contextsWith('dead_letters'));
  }

  /** The letters, the oldest first; those that were dropped only when asked for. */
  async list(wanted: {
    readonly context?: ContextName | undefined;
    readonly dropped: boolean;
  }): Promise<LetterLine[]> {
    const contexts = this.#contexts.filter((name) => wanted.context === undefined || name === wanted.context);
    const rows: Row[] = [];
    for (const context of contexts) {
      const own = await this.#database.of(context).query<Row>(
        `SELECT '${context}' AS context, ${COLUMNS} FROM ${context}.dead_letters
         WHERE $1 OR dropped_at IS NULL ORDER BY id`,
        [wanted.dropped],
      );
      rows.push(...own);
    }
    rows.sort((one, other) => one.parkedAt.getTime() - other.parkedAt.getTime());
    return rows.map(lineOf);
  }

  /** @throws CliError (2) for what is no id, (1) when there is no such letter */
  async get(id: string): Promise<Letter> {
    const letter = await this.find(id);
    if (letter !== undefined) return letter;
    throw new CliError(`There is no dead letter ${id}.`, {
      exitCode: exitCodes.checkFailed,
      next: '`mall dlq ls --all` shows those there are',
    });
  }

  /** As get, but undefined when there is none. */
  async find(id: string): Promise<Letter | undefined> {
    const { context, number } = parseLetterId(id);
    if (!this.#contexts.includes(context)) return undefined;
    const [row] = await this.#database
      .of(context)
      .query<Row & { data: Buffer }>(
        `SELECT '${context}' AS context, data, ${COLUMNS} FROM ${context}.dead_letters WHERE id = $1`,
        [number],
      );
    return row && { ...lineOf(row), data: row.data };
  }

  /** All open letters of the message, this one first: each consumer that could not handle it has one. */
  async copies(letter: Letter): Promise<readonly Letter[]> {
    const rows: (Row & { data: Buffer })[] = [];
    for (const context of this.#contexts) {
      const own = await this.#database.of(context).query<Row & { data: Buffer }>(
        `SELECT '${context}' AS context, data, ${COLUMNS} FROM ${context}.dead_letters
         WHERE stream_sequence = $1 AND subject = $2 AND data = $3 AND dropped_at IS NULL`,
        [letter.streamSequence, letter.subject, letter.data],
      );
      rows.push(...own);
    }
    const others = rows
      .map((row) => ({ ...lineOf(row), data: row.data }))
      .filter(({ id }) => id !== letter.id);
    return [letter, ...others];
  }

  async remove({ id }: LetterLine): Promise<void> {
    const { context, number } = parseLetterId(id);
    await this.#database.of(context).query(`DELETE FROM ${context}.dead_letters WHERE id = $1`, [number]);
  }

  /** What the letter's consumer did with its message, sent again as `streamSequence`; undefined: nothing yet. */
  async settled(letter: LetterLine, streamSequence: number): Promise<Settled | undefined> {
    const { context, consumer, messageId } = letter;
    const [row] = await this.#database.of(context).query<{
      taken: boolean;
      number: number | null;
      reason: string | null;
    }>(
      `SELECT EXISTS (SELECT 1 FROM ${context}.inbox WHERE consumer = $1 AND id = $2) AS taken, d.id AS number,
              d.reason
       FROM (VALUES (1)) AS one LEFT JOIN ${context}.dead_letters AS d
         ON d.consumer = $1 AND d.stream_sequence = $3`,
      [consumer, messageId, streamSequence],
    );
    if (row?.taken === true) return { outcome: 'taken' };
    if (row?.number == null) return undefined;
    return { outcome: 'parked again', as: `${context}/${row.number}`, reason: row.reason ?? '' };
  }

  /** Puts other bytes in the place of a message's, in all its letters; those in one database at once. */
  async rewrite(
    letters: readonly Letter[],
    data: Uint8Array,
    metadata: Readonly<Record<string, string>>,
  ): Promise<void> {
    const byDatabase = Map.groupBy(letters, ({ context }) => this.#database.of(context));
    for (const [database, own] of byDatabase) {
      await database.transaction(async () => {
        for (const { id } of own) {
          const { context, number } = parseLetterId(id);
          await database.query(`UPDATE ${context}.dead_letters SET data = $2, metadata = $3 WHERE id = $1`, [
            number,
            Buffer.from(data),
            JSON.stringify(metadata),
          ]);
        }
      });
    }
  }

  /** Gives a letter up; it stays, with the reason. One that was dropped before keeps its own. */
  async drop({ id }: LetterLine, reason: string): Promise<void> {
    const { context, number } = parseLetterId(id);
    await this.#database.of(context).query(
      `UPDATE ${context}.dead_letters SET dropped_at = now(), dropped_reason = $2
       WHERE id = $1 AND dropped_at IS NULL`,
      [number, reason],
    );
  }

  /** Which of the consumers neither took a message of this id nor have an open letter of it. */
  async unaware(
    consumers: readonly { readonly context: ContextName; readonly name: string }[],
    messageId: string,
  ): Promise<readonly string[]> {
    const unaware: string[] = [];
    for (const { context, name } of consumers.filter((each) => this.#contexts.includes(each.context))) {
      const [row] = await this.#database.of(context).query<{ known: boolean }>(
        `SELECT EXISTS (SELECT 1 FROM ${context}.inbox WHERE consumer = $1 AND id = $2)
             OR EXISTS (SELECT 1 FROM ${context}.dead_letters
                        WHERE consumer = $1 AND message_id = $2 AND dropped_at IS NULL) AS known`,
        [name, messageId],
      );
      if (row?.known !== true) unaware.push(name);
    }
    return unaware;
  }
}

function lineOf<R extends Row>({ number, ...row }: R): LetterLine {
  return { id: `${row.context}/${number}`, ...row };
}

/** Reads `ordering/12`. @throws CliError (2) */
function parseLetterId(text: string): { context: ContextName; number: number } {
  const [, name, number] = /^([a-z]+)\/(\d{1,15})$/.exec(text) ?? [];
  const context = contextNames.find((each) => each === name);
  if (context !== undefined && number !== undefined) return { context, number: Number(number) };
  throw new CliError(`"${text}" is no id of a dead letter: one reads like ordering/12.`, {
    exitCode: exitCodes.usage,
    next: '`mall dlq ls` shows those there are',
  });
}
