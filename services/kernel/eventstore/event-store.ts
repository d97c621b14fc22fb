import { type Causation, type Database, insertion, type Write, write } from '../database/index.ts';

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

const writesOf = (schema: string) => ({
  append: insertion({
    table: `${schema}.events`,
    columns: {
      ...{
        stream_id: 'text',
        stream_name: 'text',
        stream_version: 'int',
        event_id: 'text',
        event_name: 'text',
      },
      event_data: 'jsonb',
      metadata: 'jsonb',
      schema_version: 'int',
      occurred_at: 'timestamptz',
    },
    key: ['stream_id', 'stream_name', 'stream_version'],
  }),
  snapshot: insertion({
    table: `${schema}.snapshots`,
    columns: {
      stream_id: 'text',
      stream_name: 'text',
      stream_version: 'int',
      snapshot_name: 'text',
      snapshot_data: 'jsonb',
    },
    key: ['stream_id', 'stream_name'],
    onConflict: `ON CONFLICT (stream_id, stream_name) DO UPDATE
      SET stream_version = excluded.stream_version, snapshot_name = excluded.snapshot_name,
          snapshot_data = excluded.snapshot_data, updated_at = now()
      WHERE ${schema}.snapshots.stream_version < excluded.stream_version`,
  }),
});

/** Append-only streams of one context's events, with snapshots, on Postgres. */
export class EventStore {
  readonly #database: Database;
  readonly #writes: ReturnType<typeof writesOf>;

  constructor(database: Database) {
    this.#database = database;
    this.#writes = writesOf(database.schema);
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
  ): readonly Write[] {
    const { causationId, correlationId, trace } = causation;
    return events.map((event, index) =>
      write(this.#writes.append, {
        stream_id: stream.id,
        stream_name: stream.name,
        stream_version: expectedVersion + index + 1,
        event_id: event.id,
        event_name: event.name,
        event_data: event.data,
        metadata: { causationId, correlationId, ...trace },
        schema_version: SCHEMA_VERSION,
        occurred_at: event.occurredAt,
      }),
    );
  }

  /** Stores a snapshot; one that a faster writer made of a later version stays. */
  snapshot(stream: StreamKey, { version, name, data }: StoredSnapshot): Write {
    return write(this.#writes.snapshot, {
      stream_id: stream.id,
      stream_name: stream.name,
      stream_version: version,
      snapshot_name: name,
      snapshot_data: data,
    });
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
