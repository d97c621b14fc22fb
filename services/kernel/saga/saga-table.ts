import type { Database, Write } from '../database/index.ts';
import type { TraceHeaders } from '../telemetry/index.ts';
import type { SagaState, SagaStatus } from './walk.ts';

/** A saga as it lies in its table. */
export interface SagaRow<Data> {
  readonly id: string;
  readonly state: SagaState<Data>;
  readonly commandId: string;
  readonly deadlineAt: Date | undefined;
  readonly version: number;
  /** Where in its trace the saga began: what is sent again goes on there. */
  readonly trace: TraceHeaders | undefined;
  readonly startedAt: Date;
}

/** Turns a saga's data into the JSON it is stored as and back. */
export interface SagaDataCodec<Data> {
  encode(data: Data): unknown;
  decode(data: unknown): Data;
}

interface Row {
  id: string;
  data: unknown;
  status: SagaStatus;
  step: number;
  attempts: number;
  reason: string;
  command_id: string;
  deadline_at: Date | null;
  version: number;
  trace: TraceHeaders | null;
  started_at: Date;
}

const COLUMNS =
  'id, data, status, step, attempts, reason, command_id, deadline_at, version, trace, started_at';

/** Rows of one saga, guarded by a version: two replies can never move it at once. */
export class SagaTable<Data> {
  readonly #database: Database;
  readonly #name: string;
  readonly #codec: SagaDataCodec<Data>;

  constructor(database: Database, name: string, codec: SagaDataCodec<Data>) {
    this.#database = database;
    this.#name = name;
    this.#codec = codec;
  }

  async find(id: string): Promise<SagaRow<Data> | undefined> {
    const row = await this.#database.queryOne<Row>(
      `SELECT ${COLUMNS} FROM ${this.#database.schema}.sagas WHERE id = $1 AND name = $2`,
      [id, this.#name],
    );
    return row && this.#read(row);
  }

  /** Sagas whose command was not answered in time, the longest overdue first. */
  async overdue(limit: number): Promise<readonly { id: string; trace: TraceHeaders | undefined }[]> {
    const rows = await this.#database.query<Pick<Row, 'id' | 'trace'>>(
      `SELECT id, trace FROM ${this.#database.schema}.sagas
       WHERE name = $1 AND deadline_at < now() ORDER BY deadline_at LIMIT $2`,
      [this.#name, limit],
    );
    return rows.map(({ id, trace }) => ({ id, trace: trace ?? undefined }));
  }

  insert(row: SagaRow<Data>): Write {
    return {
      text: `INSERT INTO ${this.#database.schema}.sagas
               (id, name, data, status, step, attempts, reason, command_id, deadline_at, version, trace)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 1, $10)`,
      values: [...this.#values(row), row.trace ? JSON.stringify(row.trace) : null],
    };
  }

  /** Writes the row's new state over the version it was read at. */
  update(row: SagaRow<Data>): Write {
    return {
      text: `UPDATE ${this.#database.schema}.sagas
             SET data = $3, status = $4, step = $5, attempts = $6, reason = $7, command_id = $8,
                 deadline_at = $9, version = version + 1, updated_at = now()
             WHERE id = $1 AND name = $2 AND version = $10`,
      values: [...this.#values(row), row.version],
      expect: { rows: 1, what: `saga ${row.id} at version ${row.version}` },
    };
  }

  /** Adds a line to the saga's story. */
  tell(id: string, state: SagaState<Data>, what: string): Write {
    return {
      text: `INSERT INTO ${this.#database.schema}.saga_history (saga_id, status, step, what)
             VALUES ($1, $2, $3, $4)`,
      values: [id, state.status, state.step, what],
    };
  }

  #values({ id, state, commandId, deadlineAt }: SagaRow<Data>): unknown[] {
    const { data, status, step, attempts, reason } = state;
    const json = JSON.stringify(this.#codec.encode(data));
    return [id, this.#name, json, status, step, attempts, reason, commandId, deadlineAt ?? null];
  }

  #read(row: Row): SagaRow<Data> {
    const { id, status, step, attempts, reason, version, trace } = row;
    const state = { data: this.#codec.decode(row.data), status, step, attempts, reason };
    return {
      id,
      state,
      commandId: row.command_id,
      deadlineAt: row.deadline_at ?? undefined,
      version,
      trace: trace ?? undefined,
      startedAt: row.started_at,
    };
  }
}
