import type { Database, Write } from '../kernel/database/index.ts';
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

/** The read model of all products on sale, kept in the transaction of their events; removed ones leave it. */
export class Catalog {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** What an event changes in the read model; prices are stored as they are, never as sums (row T14). */
  project({ aggregateId, event, state, version }: Recorded<Product, ProductEvent>): Write {
    const { schema } = this.#database;
    const what = `product ${aggregateId} in the catalog`;
    const values = [aggregateId, state.name, state.description, moneyToDecimal(state.price), version];
    switch (event.type) {
      case 'stores.ProductAdded':
        return {
          text: `INSERT INTO ${schema}.products (id, name, description, price, version, store_id, sku)
                 VALUES ($1, $2, $3, $4, $5, $6, $7)`,
          values: [...values, state.storeId, state.sku],
        };
      case 'stores.ProductRemoved':
        return {
          text: `DELETE FROM ${schema}.products WHERE id = $1`,
          values: [aggregateId],
          expect: { rows: 1, what },
        };
      default:
        return {
          text: `UPDATE ${schema}.products
                 SET name = $2, description = $3, price = $4, version = $5, updated_at = now() WHERE id = $1`,
          values,
          expect: { rows: 1, what },
        };
    }
  }

  /** @throws NotFound */
  async get(id: ProductId): Promise<CatalogProduct> {
    const row = await this.#database.queryOne<Row>(
      `SELECT ${COLUMNS} FROM ${this.#database.schema}.products WHERE id = $1`,
      [id],
    );
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
