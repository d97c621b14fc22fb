import {
  type Database,
  insertion,
  type Lookup,
  type Write,
  write,
  writeStatement,
} from '../database/index.ts';
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
  name: string;
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
  'id, name, data, status, step, attempts, reason, command_id, deadline_at, version, trace, started_at';

const sagaColumns = {
  id: 'text',
  name: 'text',
  data: 'jsonb',
  status: 'text',
  step: 'int',
  attempts: 'int',
  reason: 'text',
  command_id: 'text',
  deadline_at: 'timestamptz',
  version: 'int',
} as const;

const writesOf = (schema: string) => {
  const table = `${schema}.sagas`;
  const columns = sagaColumns;
  return {
    insert: insertion({ table, columns: { ...columns, trace: 'jsonb' }, key: ['id', 'name'] }),
    update: writeStatement({
      ...{ table, columns, key: ['id', 'name'] },
      text: `UPDATE ${table} AS s
             SET data = r.data, status = r.status, step = r.step, attempts = r.attempts, reason = r.reason,
                 command_id = r.command_id, deadline_at = r.deadline_at, version = r.version + 1, updated_at = now()
             FROM {rows} WHERE s.id = r.id AND s.name = r.name AND s.version = r.version`,
    }),
    tell: insertion({
      table: `${schema}.saga_history`,
      columns: { saga_id: 'text', status: 'text', step: 'int', what: 'text' },
      key: [],
    }),
  };
};

/** Rows of one saga, guarded by a version: two replies can never move it at once. */
export class SagaTable<Data> {
  readonly #database: Database;
  readonly #name: string;
  readonly #byId: Lookup<Row>;
  readonly #codec: SagaDataCodec<Data>;
  readonly #writes: ReturnType<typeof writesOf>;

  constructor(database: Database, name: string, codec: SagaDataCodec<Data>) {
    this.#database = database;
    this.#writes = writesOf(database.schema);
    this.#name = name;
    this.#byId = database.lookup({ table: `${database.schema}.sagas`, columns: COLUMNS, key: 'id' });
    this.#codec = codec;
  }

  async find(id: string): Promise<SagaRow<Data> | undefined> {
    const row = (await this.#byId(id)).find(({ name }) => name === this.#name);
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
    return write(this.#writes.insert, { ...this.#values(row), version: 1, trace: row.trace });
  }

  /** Writes the row's new state over the version it was read at. */
  update(row: SagaRow<Data>): Write {
    const change = write(this.#writes.update, this.#values(row));
    return { ...change, expect: `saga ${row.id} at version ${row.version}` };
  }

  /** Adds a line to the saga's story. */
  tell(id: string, state: SagaState<Data>, what: string): Write {
    return write(this.#writes.tell, { saga_id: id, status: state.status, step: state.step, what });
  }

  #values({ id, state, commandId, deadlineAt, version }: SagaRow<Data>) {
    const { data: decoded, ...rest } = state;
    const data = this.#codec.encode(decoded);
    return { id, name: this.#name, data, ...rest, command_id: commandId, deadline_at: deadlineAt, version };
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
