import {
  type Database,
  insertion,
  type Lookup,
  type Write,
  write,
  writeStatement,
} from '../kernel/database/index.ts';
import { NotFound, type StoreId } from '../kernel/domain/index.ts';
import type { Recorded } from '../kernel/eventstore/index.ts';
import { type Page, pageToken } from '../kernel/rpc/index.ts';
import type { Store, StoreEvent } from './store.ts';

/** A store as the mall lists it. */
export interface MallStore {
  readonly id: StoreId;
  readonly name: string;
  readonly location: string;
  readonly participating: boolean;
  readonly version: number;
}

interface Row {
  id: StoreId;
  name: string;
  location: string;
  participating: boolean;
  version: number;
}

const COLUMNS = 'id, name, location, participating, version';

const columns = {
  id: 'text',
  name: 'text',
  location: 'text',
  participating: 'boolean',
  version: 'int',
} as const;

const writesOf = (table: string) => ({
  add: insertion({ table, columns, key: ['id'] }),
  change: writeStatement({
    ...{ table, columns, key: ['id'] },
    text: `UPDATE ${table} AS s
           SET name = r.name, location = r.location, participating = r.participating, version = r.version,
               updated_at = now()
           FROM {rows} WHERE s.id = r.id`,
  }),
});

/** The read model of all stores, kept in the transaction of their events. */
export class Mall {
  readonly #database: Database;
  readonly #byId: Lookup<Row>;
  readonly #writes: ReturnType<typeof writesOf>;

  constructor(database: Database) {
    this.#database = database;
    const table = `${database.schema}.stores`;
    this.#byId = database.lookup({ table, columns: COLUMNS, key: 'id' });
    this.#writes = writesOf(table);
  }

  /** What an event changes in the read model. */
  project({ aggregateId, event, state, version }: Recorded<Store, StoreEvent>): Write {
    const { name, location, participating } = state;
    const row = { id: aggregateId, name, location, participating, version };
    if (event.type === 'stores.StoreCreated') return write(this.#writes.add, row);
    return { ...write(this.#writes.change, row), expect: `store ${aggregateId} in the mall` };
  }

  /** @throws NotFound */
  async get(id: StoreId): Promise<MallStore> {
    const [row] = await this.#byId(id);
    if (!row) throw new NotFound('store with that ID does not exist');
    return row;
  }

  /** A page of stores by name, then id. */
  async list(
    page: Page,
    filter: { participatingOnly: boolean },
  ): Promise<{ stores: MallStore[]; next: string }> {
    const { schema } = this.#database;
    const [name, id] = page.after ?? [null, null];
    const rows = await this.#database.query<Row>(
      `SELECT ${COLUMNS} FROM ${schema}.stores
       WHERE ($1::text IS NULL OR (name, id) > ($1, $2)) ${filter.participatingOnly ? 'AND participating' : ''}
       ORDER BY name, id LIMIT $3`,
      [name, id, page.size + 1],
    );
    const stores = rows.slice(0, page.size);
    const last = stores.at(-1);
    return { stores, next: rows.length > page.size && last ? pageToken([last.name, last.id]) : '' };
  }
}
