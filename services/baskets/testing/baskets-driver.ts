import assert from 'node:assert/strict';
import { BasketServiceService as rpc } from '../../../proto/gen/baskets/api.ts';
import { eventually, type TestProcess } from '../../kernel/testing/index.ts';

export const noBasket = 'basket with that ID does not exist';

/** A product on sale. */
export interface OnSale {
  readonly storeId: string;
  readonly productId: string;
}

/** Drives baskets, with the stores beside them, as shoppers and store owners do; for integration tests. */
export class BasketsDriver {
  readonly #mall: TestProcess;

  constructor(mall: TestProcess) {
    this.#mall = mall;
  }

  /** Offers a product in a store of its own; the baskets may not have heard of it yet. */
  async offer(name = 'Wizard', price = 9.99): Promise<OnSale> {
    const storeId = await this.#mall.created('/api/stores', { name: `${name} Store`, location: 'here' });
    const product = { name, description: '', sku: '', price };
    return { storeId, productId: await this.#mall.created(`/api/stores/${storeId}/products`, product) };
  }

  reprice(productId: string, way: 'increasePrice' | 'decreasePrice', price: number) {
    return this.#mall.rest('PUT', `/api/stores/products/${productId}/${way}`, { price });
  }

  rename(productId: string, name: string) {
    return this.#mall.rest('PUT', `/api/stores/products/${productId}/rebrand`, { name });
  }

  /** Takes a product off the market, and waits until the baskets know. */
  async withdraw(productId: string): Promise<void> {
    await this.#mall.rest('DELETE', `/api/stores/products/${productId}`);
    await eventually(async () => assert.equal((await this.cachedProduct(productId))?.removed, true));
  }

  start(customerId = 'customer-id'): Promise<string> {
    return this.#mall.created('/api/baskets', { customerId });
  }

  add(basketId: string, productId: string, quantity = 1) {
    return this.#mall.rest('PUT', `/api/baskets/${basketId}/addItem`, { productId, quantity });
  }

  remove(basketId: string, productId: string, quantity = 1) {
    return this.#mall.rest('PUT', `/api/baskets/${basketId}/removeItem`, { productId, quantity });
  }

  checkout(basketId: string, paymentId = 'payment-id') {
    return this.#mall.rest('PUT', `/api/baskets/${basketId}/checkout`, { paymentId });
  }

  cancel(basketId: string) {
    return this.#mall.rest('DELETE', `/api/baskets/${basketId}`);
  }

  async read(id: string) {
    return (await this.#mall.call(rpc.getBasket, { id })).basket;
  }

  /** What is in the basket, in its order: `3 Wizard at 9.99`. */
  async items(id: string): Promise<readonly string[]> {
    const { items = [] } = (await this.read(id)) ?? {};
    return items.map(
      ({ quantity, productName, productPrice }) => `${quantity} ${productName} at ${productPrice}`,
    );
  }

  /** A basket with so many of a product in it. */
  async holding(productId: string, quantity = 1): Promise<string> {
    const id = await this.start();
    assert.equal((await this.add(id, productId, quantity)).told, '200');
    return id;
  }

  /** The row kept of a product. */
  async cachedProduct(id: string): Promise<Record<string, unknown> | undefined> {
    const columns = 'store_id AS "storeId", name, price::float8 AS price, version, removed';
    const [row] = await this.#mall.rows(`SELECT ${columns} FROM baskets.products_cache WHERE id = $1`, [id]);
    return row;
  }

  /** The row kept of a store. */
  async cachedStore(id: string): Promise<Record<string, unknown> | undefined> {
    const columns = 'name, participating, version, removed';
    const [row] = await this.#mall.rows(`SELECT ${columns} FROM baskets.stores_cache WHERE id = $1`, [id]);
    return row;
  }

  /** Makes the baskets forget, as if the messages had not come. */
  async forget(table: 'products_cache' | 'stores_cache', id: string): Promise<void> {
    await this.#mall.rows(`DELETE FROM baskets.${table} WHERE id = $1`, [id]);
  }

  /** Waits until the baskets have taken a message. */
  async taken(messageId: string): Promise<void> {
    await eventually(async () => {
      const rows = await this.#mall.rows('SELECT 1 FROM baskets.inbox WHERE id = $1', [messageId]);
      assert.equal(rows.length, 1);
    });
  }

  /** Waits until the baskets have heard of a version of a product. */
  async heard(productId: string, version: number): Promise<void> {
    await eventually(async () => assert.equal((await this.cachedProduct(productId))?.version, version));
  }

  /** The counters of baskets as Prometheus reads them. */
  async counters(): Promise<{ started: number; checkedOut: number; canceled: number }> {
    const { body } = await this.#mall.rest('GET', '/metrics');
    const count = (name: string) => Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(String(body))?.[1]);
    return {
      started: count('baskets_started_count'),
      checkedOut: count('baskets_checked_out_count'),
      canceled: count('baskets_canceled_count'),
    };
  }

  /** Checks that the work leaves neither events nor messages nor counts. */
  async leavesNothing(work: () => Promise<void>): Promise<void> {
    const look = async () => [
      await this.counters(),
      await this.#mall.rows(
        'SELECT (SELECT count(*) FROM baskets.events) AS events, (SELECT count(*) FROM baskets.outbox) AS outbox',
      ),
    ];
    const before = await look();
    await work();
    assert.deepEqual(await look(), before);
  }
}
