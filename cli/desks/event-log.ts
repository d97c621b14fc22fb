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
  /** The writing transaction, which orders the events of all contexts on one server, in however many databases. */
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
  async stream(id: string): Promise<readonly LoggedEvent[]> {
    const events = await this.#read('WHERE stream_id = $1 ORDER BY stream_name, stream_version', [id]);
    return events.sort(
      (one, other) => one.streamName.localeCompare(other.streamName) || one.version - other.version,
    );
  }

  /** The newest events, the oldest of them first. */
  async newest(count: number): Promise<readonly LoggedEvent[]> {
    const events = await this.#read(
      'WHERE transaction_id < $1::xid8 ORDER BY transaction_id DESC, position DESC LIMIT $2',
      [await this.#oldestRunning(), count],
    );
    return events.sort(byTransaction).slice(-count);
  }

  /** The events after a cursor, in order, a batch at most. */
  async after({ transactionId, position }: Cursor): Promise<readonly LoggedEvent[]> {
    const events = await this.#read(
      `WHERE transaction_id < $1::xid8 AND (transaction_id, position) > ($2::xid8, $3::bigint)
       ORDER BY transaction_id, position LIMIT $4`,
      [await this.#oldestRunning(), transactionId, position, batchRows],
    );
    return events.sort(byTransaction).slice(0, batchRows);
  }

  /**
   * A running transaction could still add events in front of others: nothing from the oldest one on is read. It is
   * asked once, before all databases: what is below it has ended and is seen in each.
   */
  async #oldestRunning(): Promise<string> {
    const [context] = this.#contexts;
    if (context === undefined) return '0';
    const [row] = await this.#database
      .of(context)
      .query<{ oldest: string }>('SELECT pg_snapshot_xmin(pg_current_snapshot())::text AS oldest');
    return row?.oldest ?? '0';
  }

  async #read(rest: string, values: readonly unknown[]): Promise<LoggedEvent[]> {
    const events: LoggedEvent[] = [];
    for (const context of this.#contexts) {
      const own = await this.#database
        .of(context)
        .query<LoggedEvent & Record<string, unknown>>(
          `SELECT '${context}' AS context, ${COLUMNS} FROM ${context}.events ${rest}`,
          values,
        );
      events.push(...own);
    }
    return events;
  }
}

function byTransaction(one: Cursor, other: Cursor): number {
  const [first, second] = [BigInt(one.transactionId), BigInt(other.transactionId)];
  if (first !== second) return first < second ? -1 : 1;
  return one.position - other.position;
}
