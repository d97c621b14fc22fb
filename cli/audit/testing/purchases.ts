import assert from 'node:assert/strict';

/** A running mall as shoppers and tests use it. */
export interface Mall {
  created(path: string, body: unknown): Promise<string>;
  rest(
    method: string,
    path: string,
    body?: unknown,
  ): Promise<{ readonly told: string; readonly body: unknown }>;
  rows(text: string, values?: readonly unknown[]): Promise<readonly Readonly<Record<string, unknown>>[]>;
}

/** Tries until an attempt does not throw. */
export type Eventually = <T>(attempt: () => Promise<T>) => Promise<T>;

/** Ids of orders by what became of them, and of what they are of. */
export interface Served {
  readonly approved: string;
  readonly ready: string;
  readonly completed: string;
  readonly rejected: string;
  readonly storeId: string;
  readonly productId: string;
}

/** Shoppers and shopkeepers who bring orders to each of their ends. */
export class Shoppers {
  readonly #mall: Mall;
  readonly #eventually: Eventually;

  constructor(mall: Mall, eventually: Eventually) {
    this.#mall = mall;
    this.#eventually = eventually;
  }

  /** An order that is cancelled before its saga has begun. */
  async cancel(): Promise<string> {
    const mall = this.#mall;
    const customerId = await mall.created('/api/customers', { name: 'Customer', smsNumber: '555-555-1212' });
    const paymentId = await mall.created('/api/payments', { customerId, amount: 1 });
    const item = { storeId: 's', productId: 'p', storeName: 's', productName: 'p', price: 1, quantity: 1 };
    const orderId = await mall.created('/api/ordering', { customerId, paymentId, items: [item] });
    assert.equal((await mall.rest('DELETE', `/api/ordering/${orderId}`)).told, '200');
    return orderId;
  }

  /** Stocks a store and shops there. */
  async shop(): Promise<Served> {
    const mall = this.#mall;
    const storeId = await mall.created('/api/stores', { name: 'Waldorf Books', location: 'the mall' });
    await this.#put(`/api/stores/${storeId}/rebrand`, { name: 'Waldorf' });
    const productId = await mall.created(`/api/stores/${storeId}/products`, { name: 'Wizard', price: 9.99 });
    const gone = await mall.created(`/api/stores/${storeId}/products`, { name: 'Gone', price: 1 });
    assert.equal((await mall.rest('DELETE', `/api/stores/products/${gone}`)).told, '200');
    const approved = await this.#checkOut(productId, { adds: 60 });
    const ready = await this.#checkOut(productId);
    const completed = await this.#checkOut(productId);
    const rejected = await this.#checkOut(productId, { amount: 1 });
    await this.#checkOut(productId, { disabled: true });
    for (const id of [approved, ready, completed]) await this.#becomes(id, 'approved');
    await this.#becomes(rejected, 'rejected');
    await this.#collect(ready);
    await this.#collect(completed);
    await this.#put(`/api/payments/invoices/${completed}/pay`);
    await this.#becomes(completed, 'completed');
    return { approved, ready, completed, rejected, storeId, productId };
  }

  /** A customer fills a basket, one piece at a time, authorises a payment and checks out. */
  async #checkOut(
    productId: string,
    {
      adds = 2,
      amount = 1_000,
      disabled = false,
    }: { adds?: number; amount?: number; disabled?: boolean } = {},
  ): Promise<string> {
    const mall = this.#mall;
    const customerId = await mall.created('/api/customers', { name: 'Customer', smsNumber: '555-555-1212' });
    const orderId = await mall.created('/api/baskets', { customerId });
    for (let n = 0; n < adds; n++)
      await this.#put(`/api/baskets/${orderId}/addItem`, { productId, quantity: 1 });
    const paymentId = await mall.created('/api/payments', { customerId, amount });
    if (disabled) await this.#put(`/api/customers/${customerId}/disable`);
    await this.#put(`/api/baskets/${orderId}/checkout`, { paymentId });
    return orderId;
  }

  async #collect(orderId: string): Promise<void> {
    const [list] = await this.#mall.rows('SELECT id FROM depot.shopping_lists WHERE order_id = $1', [
      orderId,
    ]);
    await this.#put(`/api/depot/shopping/${list?.id}/assign`, { botId: 'bot' });
    await this.#put(`/api/depot/shopping/${list?.id}/complete`);
    await this.#becomes(orderId, 'ready');
    await this.#eventually(async () => {
      const invoices = await this.#mall.rows('SELECT 1 FROM payments.invoices WHERE order_id = $1', [
        orderId,
      ]);
      assert.equal(invoices.length, 1);
    });
  }

  #becomes(orderId: string, status: string): Promise<void> {
    return this.#eventually(async () => {
      const { body } = await this.#mall.rest('GET', `/api/ordering/${orderId}`);
      assert.match(JSON.stringify(body), new RegExp(`"status":"${status}"`));
    });
  }

  async #put(path: string, body: unknown = {}): Promise<void> {
    assert.equal((await this.#mall.rest('PUT', path, body)).told, '200');
  }
}
