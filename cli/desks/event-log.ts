import type { ContextName } from '../../proto/catalogue.ts';
import type { DeskDatabase } from './desk-database.ts';

/** A stored event with where it stands in its stream and among all. */
export interface LoggedEvent {
  readonly context: ContextName;
  readonly streamName: string;
  readonly streamId: string;
  readonly version: number;
  readonly id: string;
  readonly name: string;
  readonly data: unknown;
  /** Causation, correlation and trace. */
  readonly metadata: Readonly<Record<string, string>>;
  readonly schemaVersion: number;
  readonly occurredAt: Date;
  /** The writing transaction, which orders the events of all contexts in one database. */
  readonly transactionId: string;
  /** Order within the transaction. */
  readonly position: number;
}

/** How far a reader of all events has come. */
export interface Cursor {
  readonly transactionId: string;
  readonly position: number;
}

const batchRows = 500;

const COLUMNS = `stream_name AS "streamName", stream_id AS "streamId", stream_version AS version,
  event_id AS id, event_name AS name, event_data AS data, metadata, schema_version AS "schemaVersion",
  occurred_at AS "occurredAt", transaction_id AS "transactionId", position`;

/** A running transaction could still add events in front of others: nothing from the oldest one on is read. */
const SETTLED = 'transaction_id < pg_snapshot_xmin(pg_current_snapshot())';

/** The events of all contexts that keep any, or of one of them. */
export class EventLog {
  readonly #database: DeskDatabase;
  readonly #contexts: readonly ContextName[];

  private constructor(database: DeskDatabase, contexts: readonly ContextName[]) {
    this.#database = database;
    this.#contexts = contexts;
  }

  static async of(database: DeskDatabase, context: ContextName | undefined): Promise<EventLog> {
    const contexts = await database.contextsWith('events');
    return new EventLog(
      database,
      contexts.filter((name) => context === undefined || name === context),
    );
  }

  /** The events of every stream with this id: a basket and its order share theirs. */
  stream(id: string): Promise<readonly LoggedEvent[]> {
    return this.#read({ where: 'stream_id = $1', order: '"streamName", version', values: [id] });
  }

  /** The newest events, the oldest of them first. */
  async newest(count: number): Promise<readonly LoggedEvent[]> {
    const order = '"transactionId" DESC, position DESC';
    const events = await this.#read({ where: SETTLED, order, limit: '$1', values: [count] });
    return events.toReversed();
  }

  /** The events after a cursor, in order, a batch at most. */
  after({ transactionId, position }: Cursor): Promise<readonly LoggedEvent[]> {
    return this.#read({
      where: `(transaction_id, position) > ($1::xid8, $2::bigint) AND ${SETTLED}`,
      order: '"transactionId", position',
      limit: '$3',
      values: [transactionId, position, batchRows],
    });
  }

  async #read(query: {
    readonly where: string;
    readonly order: string;
    readonly limit?: string;
    readonly values: readonly unknown[];
  }): Promise<LoggedEvent[]> {
    if (this.#contexts.length === 0) return [];
    const end = `ORDER BY ${query.order}${query.limit === undefined ? '' : ` LIMIT ${query.limit}`}`;
    const parts = this.#contexts.map(
      (context) =>
        `(SELECT '${context}' AS context, ${COLUMNS} FROM ${context}.events WHERE ${query.where} ${end})`,
    );
    return this.#database.query<LoggedEvent & Record<string, unknown>>(
      `SELECT * FROM (${parts.join(' UNION ALL ')}) AS e ${end}`,
      query.values,
    );
  }
}
