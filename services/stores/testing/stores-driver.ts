import assert from 'node:assert/strict';
import { StoresServiceService as rpc } from '../../../proto/gen/stores/api.ts';
import type { TestProcess } from '../../kernel/testing/index.ts';

export const bookshop = { name: 'Waldorf Books', location: 'East Wing' };
export const wizard = { name: 'Wizard', description: 'Waves its wand', sku: 'W-1', price: 9.99 };

export const noStore = 'store with that ID does not exist';
export const noProduct = 'product with that ID does not exist';

/** Picks what is about one store or product. */
export function about(id: string) {
  return (it: { readonly id: string }) => it.id === id;
}

/** Drives the stores as their owners do; for integration tests. */
export class StoresDriver {
  readonly #mall: TestProcess;

  constructor(mall: TestProcess) {
    this.#mall = mall;
  }

  openStore(details: Partial<typeof bookshop> = {}): Promise<string> {
    return this.#mall.created('/api/stores', { ...bookshop, ...details });
  }

  /** Adds a product, to a store of its own if none is given. */
  async addProduct(details: Partial<typeof wizard> = {}, storeId?: string): Promise<string> {
    const store = storeId ?? (await this.openStore());
    return this.#mall.created(`/api/stores/${store}/products`, { ...wizard, ...details });
  }

  /** Changes a store (`<id>/rebrand`) or a product (`products/<id>/rebrand`). */
  change(path: string, body = {}) {
    return this.#mall.rest('PUT', `/api/stores/${path}`, body);
  }

  async store(id: string) {
    return (await this.#mall.call(rpc.getStore, { id })).store;
  }

  async product(id: string) {
    return (await this.#mall.call(rpc.getProduct, { id })).product;
  }

  /** Versions of an aggregate's stored events, first to last. */
  async versions(id: string): Promise<readonly unknown[]> {
    const rows = await this.#mall.rows(
      'SELECT stream_version FROM stores.events WHERE stream_id = $1 ORDER BY stream_version',
      [id],
    );
    return rows.map((row) => row.stream_version);
  }

  /** Every change a product knows, as a call to make. */
  changesOfProduct(id: string): readonly (() => Promise<unknown>)[] {
    return [
      () => this.#mall.call(rpc.rebrandProduct, { id, name: 'Witch', description: '' }),
      () => this.#mall.call(rpc.increaseProductPrice, { id, price: 100 }),
      () => this.#mall.call(rpc.decreaseProductPrice, { id, price: 1 }),
      () => this.#mall.call(rpc.removeProduct, { id }),
    ];
  }

  /** Checks that the work leaves neither events nor messages nor rows of a read model. */
  async leavesNothing(work: () => Promise<void>): Promise<void> {
    const before = await this.#rowCounts();
    await work();
    assert.deepEqual(await this.#rowCounts(), before);
  }

  #rowCounts() {
    return this.#mall.rows(
      `SELECT (SELECT count(*) FROM stores.events) AS events, (SELECT count(*) FROM stores.outbox) AS outbox,
              (SELECT count(*) FROM stores.stores) AS stores, (SELECT count(*) FROM stores.products) AS products`,
    );
  }
}
