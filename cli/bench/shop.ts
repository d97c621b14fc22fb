import { Approvals } from './approvals.ts';
import { saturate } from './load.ts';
import type { MallUnderTest } from './own-mall.ts';
import { RestClient } from './rest-client.ts';

/** Preparing must not take long and is not measured. */
const preparedAtOnce = 32;
const products = [
  { name: 'Wizard w/ crystal', sku: 'wizard', price: 9.99 },
  { name: 'Dragon, sitting', sku: 'dragon', price: 14.5 },
] as const;
const total = 9.99 + 14.5;

interface StockedProduct {
  readonly id: string;
  readonly name: string;
  readonly price: number;
}

/** A store with its products and a customer in a mall under test, and everything that shoppers do there. */
export class Shop {
  readonly rest: RestClient;
  readonly approvals: Approvals;
  readonly storeId: string;
  readonly products: readonly StockedProduct[];
  readonly #signal: AbortSignal;

  private constructor(shop: Pick<Shop, 'rest' | 'approvals' | 'storeId' | 'products'>, signal: AbortSignal) {
    this.rest = shop.rest;
    this.approvals = shop.approvals;
    this.storeId = shop.storeId;
    this.products = shop.products;
    this.#signal = signal;
  }

  static async open(mall: MallUnderTest, signal: AbortSignal): Promise<Shop> {
    const rest = new RestClient(mall.restUrl, { connections: 64 });
    const approvals = await Approvals.listen({ natsUrl: mall.natsUrl, stream: mall.state.natsStream });
    const storeId = await rest.created('/api/stores', { name: 'Waldorf Books', location: 'the mall' });
    const stocked: StockedProduct[] = [];
    for (const product of products) {
      stocked.push({ ...product, id: await rest.created(`/api/stores/${storeId}/products`, product) });
    }
    return new Shop({ rest, approvals, storeId, products: stocked }, signal);
  }

  customer(): Promise<string> {
    return this.rest.created('/api/customers', { name: 'A customer', smsNumber: '555-0100' });
  }

  /** Baskets filled and payments authorised, one per order, so that only the checkout is left. */
  async filledBaskets(count: number): Promise<readonly { id: string; paymentId: string }[]> {
    const customerId = await this.customer();
    return this.#prepare(count, async () => {
      const [id, paymentId] = await Promise.all([this.filledBasket(customerId), this.payment(customerId)]);
      return { id, paymentId };
    });
  }

  /** What orders need that are made without a basket. */
  async payments(count: number): Promise<readonly { customerId: string; paymentId: string }[]> {
    const customerId = await this.customer();
    return this.#prepare(count, async () => ({ customerId, paymentId: await this.payment(customerId) }));
  }

  async filledBasket(customerId: string): Promise<string> {
    const id = await this.rest.created('/api/baskets', { customerId });
    for (const product of this.products) {
      await this.rest.send('PUT', `/api/baskets/${id}/addItem`, { productId: product.id, quantity: 1 });
    }
    return id;
  }

  payment(customerId: string): Promise<string> {
    return this.rest.created('/api/payments', { customerId, amount: total });
  }

  /** Checks out a basket and waits for its order to be approved. */
  async checkOut(basket: { id: string; paymentId: string }): Promise<void> {
    const { id, paymentId } = basket;
    await this.rest.send('PUT', `/api/baskets/${id}/checkout`, { paymentId });
    await this.approvals.approved(id);
  }

  /** Makes an order without a basket, which starts its saga, and waits for it to be approved. */
  async order(order: { customerId: string; paymentId: string }): Promise<void> {
    const items = this.products.map(({ id, name, price }) => ({
      storeId: this.storeId,
      storeName: 'Waldorf Books',
      productId: id,
      productName: name,
      price,
      quantity: 1,
    }));
    const id = await this.rest.created('/api/ordering', { ...order, items });
    await this.approvals.approved(id);
  }

  /** All a shopper does: basket, items, payment, checkout. */
  async journey(customerId: string): Promise<void> {
    const id = await this.filledBasket(customerId);
    await this.checkOut({ id, paymentId: await this.payment(customerId) });
  }

  async close(): Promise<void> {
    await this.approvals.close();
    await this.rest.close();
  }

  async #prepare<Thing>(count: number, make: () => Promise<Thing>): Promise<readonly Thing[]> {
    const made: Thing[] = [];
    await saturate({
      inFlight: preparedAtOnce,
      count,
      signal: this.#signal,
      work: async () => {
        made.push(await make());
      },
    });
    return made;
  }
}
