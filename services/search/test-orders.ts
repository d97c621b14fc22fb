import assert from 'node:assert/strict';
import { messages, metadataKeys, type Payload } from '../../proto/catalogue.ts';
import { type Order, SearchServiceService } from '../../proto/gen/search/api.ts';
import { newId } from '../kernel/messaging/index.ts';
import { eventually, type TestProcess } from '../kernel/testing/index.ts';

const { ordering } = messages;

export type OrderCreated = Payload<typeof ordering.orderCreated>;

export const bread: OrderCreated['items'][number] = {
  productId: 'bread',
  storeId: 'bakery',
  productName: 'Rye Bread',
  storeName: 'The Bakery',
  price: 3.1,
  quantity: 3,
};

/** A created order, of a customer of its own unless told otherwise. */
export function anOrder(order: Partial<OrderCreated> = {}): OrderCreated {
  return {
    id: newId(),
    customerId: newId(),
    paymentId: 'payment',
    shoppingId: '',
    items: [bread],
    ...order,
  };
}

/**
 * The headers that tell which aggregate a message is about, and its version; a foreign sender leaves them
 * out.
 */
export function about(id: string, version: number): { readonly metadata: Readonly<Record<string, string>> } {
  return {
    metadata: { [metadataKeys.aggregateId]: id, [metadataKeys.aggregateVersion]: String(version) },
  };
}

type Options = Parameters<TestProcess['publish']>[2];

/** An order's events, published as ordering would, and its row, read as a client would. */
export class OrderStory {
  readonly order: OrderCreated;
  readonly #mall: TestProcess;

  constructor(mall: TestProcess, order: Partial<OrderCreated> = {}) {
    this.#mall = mall;
    this.order = anOrder(order);
  }

  get id(): string {
    return this.order.id;
  }

  created(options: Options = about(this.id, 1)): Promise<string> {
    return this.#mall.publish(ordering.orderCreated, this.order, options);
  }

  approved(options: Options): Promise<string> {
    return this.#mall.publish(ordering.orderApproved, this.#named, options);
  }

  rejected(options: Options): Promise<string> {
    return this.#mall.publish(ordering.orderRejected, { ...this.#named, reason: 'no credit' }, options);
  }

  canceled(options: Options): Promise<string> {
    return this.#mall.publish(ordering.orderCanceled, this.#named, options);
  }

  readied(options: Options): Promise<string> {
    return this.#mall.publish(ordering.orderReadied, { ...this.#named, total: 9.3 }, options);
  }

  completed(options: Options): Promise<string> {
    return this.#mall.publish(ordering.orderCompleted, { ...this.#named, invoiceId: 'invoice' }, options);
  }

  get #named() {
    const { id, customerId, paymentId } = this.order;
    return { id, customerId, paymentId };
  }

  /** The order as the search shows it, undefined when it does not. */
  async shown(): Promise<Order | undefined> {
    return (await this.#mall.call(SearchServiceService.getOrder, { id: this.id })).order;
  }

  /** Waits until the order is shown with this status. */
  async shows(status: string): Promise<Order> {
    return eventually(async () => {
      const order = await this.shown();
      assert.equal(order?.status, status);
      return order;
    });
  }
}

/** Waits until a message has taken effect, or none. */
export async function handled(mall: TestProcess, messageId: string): Promise<void> {
  await eventually(async () => {
    const rows = await mall.rows('SELECT 1 FROM search.inbox WHERE id = $1', [messageId]);
    assert.equal(rows.length, 1, 'the message is handled');
  });
}
