import {
  type Database,
  insertion,
  type Lookup,
  type Write,
  write,
  writeStatement,
} from '../kernel/database/index.ts';
import {
  type Money,
  moneyFromDecimal,
  moneyToDecimal,
  NotFound,
  type ProductId,
  type StoreId,
} from '../kernel/domain/index.ts';
import type { Recorded } from '../kernel/eventstore/index.ts';
import { type Page, pageToken } from '../kernel/rpc/index.ts';
import type { Product, ProductEvent } from './product.ts';

/** A product as its store's catalog lists it. */
export interface CatalogProduct {
  readonly id: ProductId;
  readonly storeId: StoreId;
  readonly name: string;
  readonly description: string;
  readonly sku: string;
  readonly price: Money;
  readonly version: number;
}

interface Row {
  id: ProductId;
  store_id: StoreId;
  name: string;
  description: string;
  sku: string;
  price: string;
  version: number;
}

const COLUMNS = 'id, store_id, name, description, sku, price, version';

const changing = { id: 'text', name: 'text', description: 'text', price: 'numeric', version: 'int' } as const;

const writesOf = (table: string) => ({
  add: insertion({ table, columns: { ...changing, store_id: 'text', sku: 'text' }, key: ['id'] }),
  change: writeStatement({
    ...{ table, columns: changing, key: ['id'] },
    text: `UPDATE ${table} AS p
           SET name = r.name, description = r.description, price = r.price, version = r.version, updated_at = now()
           FROM {rows} WHERE p.id = r.id`,
  }),
  remove: writeStatement({
    ...{ table, columns: { id: 'text' }, key: ['id'] },
    text: `DELETE FROM ${table} AS p USING {rows} WHERE p.id = r.id`,
  }),
});

/** The read model of all products on sale, kept in the transaction of their events; removed ones leave it. */
export class Catalog {
  readonly #database: Database;
  readonly #byId: Lookup<Row>;
  readonly #writes: ReturnType<typeof writesOf>;

  constructor(database: Database) {
    this.#database = database;
    const table = `${database.schema}.products`;
    this.#byId = database.lookup({ table, columns: COLUMNS, key: 'id' });
    this.#writes = writesOf(table);
  }

  /** What an event changes in the read model; prices are stored as they are, never as sums (row T14). */
  project({ aggregateId, event, state, version }: Recorded<Product, ProductEvent>): Write {
    const expect = `product ${aggregateId} in the catalog`;
    const { name, description, storeId, sku } = state;
    const row = { id: aggregateId, name, description, price: moneyToDecimal(state.price), version };
    switch (event.type) {
      case 'stores.ProductAdded':
        return write(this.#writes.add, { ...row, store_id: storeId, sku });
      case 'stores.ProductRemoved':
        return { ...write(this.#writes.remove, { id: aggregateId }), expect };
      default:
        return { ...write(this.#writes.change, row), expect };
    }
  }

  /** @throws NotFound */
  async get(id: ProductId): Promise<CatalogProduct> {
    const [row] = await this.#byId(id);
    if (!row) throw new NotFound('product with that ID does not exist');
    return toProduct(row);
  }

  /** A page of a store's products by name, then id; an unknown store has none. */
  async list(storeId: StoreId, page: Page): Promise<{ products: CatalogProduct[]; next: string }> {
    const [name, id] = page.after ?? [null, null];
    const rows = await this.#database.query<Row>(
      `SELECT ${COLUMNS} FROM ${this.#database.schema}.products
       WHERE store_id = $1 AND ($2::text IS NULL OR (name, id) > ($2, $3))
       ORDER BY name, id LIMIT $4`,
      [storeId, name, id, page.size + 1],
    );
    const products = rows.slice(0, page.size).map(toProduct);
    const last = products.at(-1);
    return { products, next: rows.length > page.size && last ? pageToken([last.name, last.id]) : '' };
  }
}

function toProduct({ store_id, price, ...row }: Row): CatalogProduct {
  return { ...row, storeId: store_id, price: moneyFromDecimal(price) };
}
