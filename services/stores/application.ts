import { type Causation, type Database, inUnitOfWork } from '../kernel/database/index.ts';
import { id, type Money, NotFound, type ProductId, type StoreId } from '../kernel/domain/index.ts';
import { EventSourced } from '../kernel/eventstore/index.ts';
import type { StrictRules } from '../kernel/lifecycle/index.ts';
import { mintId, type Outbox } from '../kernel/messaging/index.ts';
import { Catalog } from './catalog.ts';
import { Mall } from './mall.ts';
import { publishProductEvent, publishStoreEvent } from './messages.ts';
import { type ProductCommand, product } from './product.ts';
import { keepSku } from './skus.ts';
import { type StoreCommand, store } from './store.ts';
import { storedProduct } from './stored-product.ts';
import { storedStore } from './stored-store.ts';

export interface StoresOptions {
  readonly database: Database;
  readonly outbox: Outbox;
  readonly strict: StrictRules;
}

/** The use cases of store owners: stores, their participation, their products. */
export class StoresApplication {
  readonly mall: Mall;
  readonly catalog: Catalog;
  readonly #database: Database;
  readonly #stores;
  readonly #products;

  constructor({ database, outbox, strict }: StoresOptions) {
    this.#database = database;
    this.mall = new Mall(database);
    this.catalog = new Catalog(database);
    const publishStore = publishStoreEvent(outbox);
    this.#stores = new EventSourced({
      database,
      decider: store,
      codec: storedStore,
      notFound: 'store with that ID does not exist',
      react: (recorded, unit) => {
        unit.add(this.mall.project(recorded));
        publishStore(recorded, unit);
      },
    });
    const publishProduct = publishProductEvent(outbox);
    this.#products = new EventSourced({
      database,
      decider: product,
      codec: storedProduct,
      notFound: 'product with that ID does not exist',
      react: (recorded, unit) => {
        unit.add(this.catalog.project(recorded));
        if (strict.has('skus')) keepSku(database.schema, recorded, unit);
        publishProduct(recorded, unit);
      },
    });
  }

  async createStore(details: { name: string; location: string }, causation: Causation): Promise<StoreId> {
    const storeId = id<StoreId>(mintId(causation));
    await inUnitOfWork(this.#database, causation, (unit) =>
      this.#stores.create(unit, storeId, { type: 'CreateStore', ...details }),
    );
    return storeId;
  }

  /** Does to an existing store what the command says. @throws NotFound */
  async changeStore(storeId: StoreId, command: StoreCommand, causation: Causation): Promise<void> {
    await inUnitOfWork(this.#database, causation, (unit) => this.#stores.execute(unit, storeId, command));
  }

  /** @throws NotFound when there is no such store (row T5) */
  async addProduct(
    details: { storeId: StoreId; name: string; description: string; sku: string; price: Money },
    causation: Causation,
  ): Promise<ProductId> {
    const productId = id<ProductId>(mintId(causation));
    await inUnitOfWork(this.#database, causation, async (unit) => {
      const state = await this.#products.create(unit, productId, { type: 'AddProduct', ...details });
      if (!(await this.#stores.find(details.storeId)))
        throw new NotFound('store with that ID does not exist');
      return state;
    });
    return productId;
  }

  /** Does to an existing product what the command says. @throws NotFound, also for a removed one */
  async changeProduct(productId: ProductId, command: ProductCommand, causation: Causation): Promise<void> {
    await inUnitOfWork(this.#database, causation, (unit) => this.#products.execute(unit, productId, command));
  }
}
