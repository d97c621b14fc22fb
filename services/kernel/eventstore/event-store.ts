import type { Causation, Database, Write } from '../database/index.ts';

export interface StoredEvent {
  readonly id: string;
  readonly name: string;
  readonly data: unknown;
  readonly version: number;
  readonly occurredAt: Date;
}

export interface StoredSnapshot {
  readonly version: number;
  readonly name: string;
  readonly data: unknown;
}

export interface StreamKey {
  readonly id: string;
  readonly name: string;
}

export interface NewEvent {
  readonly id: string;
  readonly name: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly occurredAt: Date;
}

interface StreamRow {
  kind: 'snapshot' | 'event';
  id: string;
  name: string;
  data: unknown;
  version: number;
  occurred_at: Date;
}

/** Format of `event_data` as written today; older ones are read by the codecs' defaults for additive fields. */
const SCHEMA_VERSION = 1;

/** Append-only streams of one context's events, with snapshots, on Postgres. */
export class EventStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /**
   * The stream's latest snapshot and the events after it, in one round trip. Both empty: no such stream.
   * A snapshot of another generation than `snapshotName` is passed over.
   */
  async read(
    stream: StreamKey,
    snapshotName: string,
  ): Promise<{ snapshot: StoredSnapshot | undefined; events: StoredEvent[] }> {
    const { schema } = this.#database;
    const rows = await this.#database.query<StreamRow>(
      `WITH s AS (SELECT * FROM ${schema}.snapshots
                  WHERE stream_id = $1 AND stream_name = $2 AND snapshot_name = $3)
       SELECT 'snapshot' AS kind, '' AS id, snapshot_name AS name, snapshot_data AS data,
              stream_version AS version, updated_at AS occurred_at FROM s
       UNION ALL
       SELECT 'event', event_id, event_name, event_data, stream_version, occurred_at
       FROM ${schema}.events
       WHERE stream_id = $1 AND stream_name = $2
         AND stream_version > coalesce((SELECT stream_version FROM s), 0)
       ORDER BY version, kind DESC`,
      [stream.id, stream.name, snapshotName],
    );
    const [first] = rows;
    const snapshot = first?.kind === 'snapshot' ? first : undefined;
    const events = rows
      .filter((row) => row.kind === 'event')
      .map((row) => ({ ...row, occurredAt: row.occurred_at }));
    checkContiguous(stream, snapshot?.version ?? 0, events);
    return { snapshot, events };
  }

  /**
   * Appends events after `expectedVersion`. Another writer who took the same version makes the commit a Conflict:
   * the primary key is the optimistic lock.
   */
  append(
    stream: StreamKey,
    expectedVersion: number,
    events: readonly NewEvent[],
    causation: Causation,
  ): Write {
    const metadata = JSON.stringify({
      causationId: causation.causationId,
      correlationId: causation.correlationId,
      ...causation.trace,
    });
    return {
      text: `INSERT INTO ${this.#database.schema}.events
               (stream_id, stream_name, stream_version, event_id, event_name, event_data, metadata,
                schema_version, occurred_at)
             SELECT $1::text, $2::text, $3::int + n, id, name, data, $4::jsonb, $5::int, occurred_at
             FROM unnest($6::text[], $7::text[], $8::jsonb[], $9::timestamptz[])
               WITH ORDINALITY AS e(id, name, data, occurred_at, n) ORDER BY n`,
      values: [
        stream.id,
        stream.name,
        expectedVersion,
        metadata,
        SCHEMA_VERSION,
        events.map((event) => event.id),
        events.map((event) => event.name),
        events.map((event) => JSON.stringify(event.data)),
        events.map((event) => event.occurredAt.toISOString()),
      ],
    };
  }

  /** Stores a snapshot; one that a faster writer made of a later version stays. */
  snapshot(stream: StreamKey, snapshot: StoredSnapshot): Write {
    const { schema } = this.#database;
    return {
      text: `INSERT INTO ${schema}.snapshots
               (stream_id, stream_name, stream_version, snapshot_name, snapshot_data)
             VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (stream_id, stream_name) DO UPDATE
               SET stream_version = excluded.stream_version, snapshot_name = excluded.snapshot_name,
                   snapshot_data = excluded.snapshot_data, updated_at = now()
               WHERE ${schema}.snapshots.stream_version < excluded.stream_version`,
      values: [stream.id, stream.name, snapshot.version, snapshot.name, JSON.stringify(snapshot.data)],
    };
  }
}

/** A partial aggregate must never be taken for a whole one (rows X5, P-10). */
function checkContiguous(stream: StreamKey, start: number, events: readonly StoredEvent[]): void {
  events.forEach((event, index) => {
    if (event.version !== start + index + 1) {
      throw new Error(`stream ${stream.name} ${stream.id} has a gap before version ${event.version}`);
    }
  });
}
