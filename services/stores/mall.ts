import type { Database, Write } from '../kernel/database/index.ts';
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

/** The read model of all stores, kept in the transaction of their events. */
export class Mall {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** What an event changes in the read model. */
  project({ aggregateId, event, state, version }: Recorded<Store, StoreEvent>): Write {
    const { schema } = this.#database;
    if (event.type === 'stores.StoreCreated') {
      return {
        text: `INSERT INTO ${schema}.stores (id, name, location, participating, version)
               VALUES ($1, $2, $3, $4, $5)`,
        values: [aggregateId, state.name, state.location, state.participating, version],
      };
    }
    return {
      text: `UPDATE ${schema}.stores
             SET name = $2, location = $3, participating = $4, version = $5, updated_at = now()
             WHERE id = $1`,
      values: [aggregateId, state.name, state.location, state.participating, version],
      expect: { rows: 1, what: `store ${aggregateId} in the mall` },
    };
  }

  /** @throws NotFound */
  async get(id: StoreId): Promise<MallStore> {
    const { schema } = this.#database;
    const row = await this.#database.queryOne<Row>(
      `SELECT id, name, location, participating, version FROM ${schema}.stores WHERE id = $1`,
      [id],
    );
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
      `SELECT id, name, location, participating, version FROM ${schema}.stores
       WHERE ($1::text IS NULL OR (name, id) > ($1, $2)) ${filter.participatingOnly ? 'AND participating' : ''}
       ORDER BY name, id LIMIT $3`,
      [name, id, page.size + 1],
    );
    const stores = rows.slice(0, page.size);
    const last = stores.at(-1);
    return { stores, next: rows.length > page.size && last ? pageToken([last.name, last.id]) : '' };
  }
}
