import {
  type Causation,
  type ColumnType,
  type Database,
  insertion,
  type Lookup,
  type UnitOfWork,
  type Write,
  type WriteColumns,
  type WriteStatement,
  write,
} from '../database/index.ts';
import { hasCategory, NotFound } from '../domain/index.ts';
import type { Incoming } from '../messaging/index.ts';

/** A row of another context's data as it is kept here: its fields and the owner's version they belong to. */
export interface ReplicaRow<Fields> {
  readonly fields: Fields;
  readonly version: number;
  /** The owner has removed it: kept as a tombstone, so that a late message cannot revive it (row X10). */
  readonly removed: boolean;
}

/** What every replica's table has beside the fields. */
interface Described {
  id: string;
  version: number;
  removed: boolean;
}

export interface ReplicaOptions<Fields extends object> {
  readonly database: Database;
  /** Table in the context's schema: id, the fields' columns, version, removed. */
  readonly table: string;
  /** Column of each field, and its type. */
  readonly columns: { readonly [Name in keyof Fields]: readonly [column: string, type: ColumnType] };
  /** Turns a row's columns into fields. */
  readonly read: (row: Record<string, unknown>) => Fields;
  /** Turns fields into column values; default: as they are. */
  readonly write?: (fields: Fields) => { readonly [Name in keyof Fields]: unknown };
  /** Asks the owner. @throws NotFound when the owner has none */
  readonly fetch: (
    id: string,
    causation: Causation,
  ) => Promise<{ readonly fields: Fields; readonly version: number }>;
}

/**
 * Read copies of another context's data: filled and kept current by its events, in order of the owner's versions.
 * A missing row is fetched from the owner and kept. A message that finds a gap below it has the owner asked too, so
 * that nothing lost or overtaken stays wrong. Calls to the owner happen before the unit of work commits, outside any
 * transaction.
 */
export class Replica<Fields extends object> {
  readonly #options: ReplicaOptions<Fields>;
  readonly #names: readonly (keyof Fields)[];
  readonly #byId: Lookup<Record<string, unknown> & Described>;
  readonly #upsertRow: WriteStatement<WriteColumns>;

  constructor(options: ReplicaOptions<Fields>) {
    this.#options = options;
    this.#names = Object.keys(options.columns) as (keyof Fields)[];
    const columns = this.#names.map((name) => options.columns[name]);
    const table = `${options.database.schema}.${options.table}`;
    const list = columns.map(([column]) => column).join(', ');
    this.#byId = options.database.lookup({ table, columns: `id, ${list}, version, removed`, key: 'id' });
    this.#upsertRow = upsertionInto(table, columns);
  }

  /**
   * The copy, fetched from the owner when it is missing. A removed one is not found.
   * @throws NotFound, or what the call to the owner throws
   */
  async find(id: string, causation: Causation): Promise<Fields> {
    return this.#present(id, await this.peek(id), causation);
  }

  async #present(id: string, row: ReplicaRow<Fields> | undefined, causation: Causation): Promise<Fields> {
    if (row?.removed) throw new NotFound('it has been removed');
    if (row) return row.fields;
    const fetched = await this.#options.fetch(id, causation);
    await this.#options.database.commit([this.#upsert(id, { ...fetched, removed: false })]);
    return fetched.fields;
  }

  /** As {@link find}, many in one look: by id. */
  async findAll(ids: readonly string[], causation: Causation): Promise<ReadonlyMap<string, Fields>> {
    const each = [...new Set(ids)];
    const rows = await Promise.all(each.map((id) => this.peek(id)));
    const found = new Map<string, Fields>();
    for (const [index, id] of each.entries()) found.set(id, await this.#present(id, rows[index], causation));
    return found;
  }

  /** The row as it lies here, without asking the owner. */
  async peek(id: string): Promise<ReplicaRow<Fields> | undefined> {
    const [row] = await this.#byId(id);
    return row && { fields: this.#options.read(row), version: row.version, removed: row.removed };
  }

  /** Those of the ids whose owner has removed them. */
  async removedAmong(ids: readonly string[]): Promise<ReadonlySet<string>> {
    const { database, table } = this.#options;
    const rows = await database.query<{ id: string }>(
      `SELECT id FROM ${database.schema}.${table} WHERE removed AND id = ANY($1)`,
      [ids],
    );
    return new Set(rows.map((row) => row.id));
  }

  /** The owner made it. */
  async added(unit: UnitOfWork, id: string, fields: Fields, message: Incoming<unknown>): Promise<void> {
    unit.add(this.#upsert(id, { fields, version: message.aggregateVersion ?? 1, removed: false }));
  }

  /** The owner changed it: `change` tells how, from the copy as it was at the version before. */
  async changed(
    unit: UnitOfWork,
    id: string,
    change: (fields: Fields) => Fields,
    message: Incoming<unknown>,
  ): Promise<void> {
    const row = await this.peek(id);
    const version = message.aggregateVersion ?? (row ? row.version + 1 : 1);
    if (row && (row.removed || row.version >= version)) return;
    if (row?.version === version - 1) {
      unit.add(this.#next(id, { fields: change(row.fields), version, removed: false }));
      return;
    }
    await this.#refetch(unit, id, version, row);
  }

  /** The owner removed it. */
  async removed(unit: UnitOfWork, id: string, blank: Fields, message: Incoming<unknown>): Promise<void> {
    const row = await this.peek(id);
    const version = message.aggregateVersion ?? (row ? row.version + 1 : 1);
    if (row && row.version >= version) return;
    unit.add(this.#next(id, { fields: row?.fields ?? blank, version, removed: true }));
  }

  async #refetch(
    unit: UnitOfWork,
    id: string,
    version: number,
    row: ReplicaRow<Fields> | undefined,
  ): Promise<void> {
    try {
      const fetched = await this.#options.fetch(id, unit.causation);
      unit.add(this.#upsert(id, { ...fetched, removed: false }));
    } catch (error) {
      // The owner has none any more: its removal is on the way and will find the row, or needs none.
      if (!hasCategory(error, 'NOT_FOUND')) throw error;
      if (row) unit.add(this.#upsert(id, { fields: row.fields, version, removed: true }));
    }
  }

  /**
   * Writes the row made from the one that was read. If another message was faster, the unit conflicts and is done
   * again on what that one left: a sender without versions has its messages handled side by side.
   */
  #next(id: string, row: ReplicaRow<Fields>): Write {
    return { ...this.#upsert(id, row), expect: `the copy of ${id}` };
  }

  /** Writes the row unless a newer version is there. */
  #upsert(id: string, { fields, version, removed }: ReplicaRow<Fields>): Write {
    const { columns, write: encode } = this.#options;
    const values = encode ? encode(fields) : fields;
    const own = Object.fromEntries(this.#names.map((name) => [columns[name][0], values[name]]));
    return write(this.#upsertRow, { id, version, removed, ...own });
  }
}

function upsertionInto(
  table: string,
  columns: readonly (readonly [column: string, type: ColumnType])[],
): WriteStatement<WriteColumns> {
  const names = ['version', 'removed', ...columns.map(([name]) => name)];
  return insertion({
    table,
    columns: { id: 'text', version: 'int', removed: 'boolean', ...Object.fromEntries(columns) },
    key: ['id'],
    onConflict: `ON CONFLICT (id) DO UPDATE
      SET ${names.map((name) => `${name} = excluded.${name}`).join(', ')}, updated_at = now()
      WHERE ${table}.version < excluded.version`,
  });
}
