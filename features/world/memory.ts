import type { Answer } from './rest-door.ts';
import type { FoundOrder } from './views.ts';

/** An order as a scenario knows it, by the name the feature gives it. */
export interface KnownOrder {
  readonly id: string;
  readonly customerId: string;
  readonly paymentId: string;
  /** When the checkout was sent, on the clock of `performance.now`. */
  readonly sentAt: number;
}

/** What a call was for, with its answer: the steps that judge it say which call they mean. */
export interface LastCall {
  readonly what: string;
  readonly answer: Answer;
}

/**
 * What a scenario remembers from step to step. What a step needs and no step before it has made is a mistake of the
 * feature, and said so.
 */
export class Memory {
  readonly customers = new Map<string, string>();
  readonly stores = new Map<string, string>();
  readonly products = new Map<string, string>();
  readonly orders = new Map<string, KnownOrder>();
  /** Ids that a scenario compares, by what they are of. */
  readonly seen = new Map<string, string>();
  /** Places in the stream of messages that were sent once more. */
  readonly repeated: number[] = [];
  #customerId: string | undefined;
  #storeId: string | undefined;
  #basketId: string | undefined;
  #paymentId: string | undefined;
  #invoiceId: string | undefined;
  #order: KnownOrder | undefined;
  #listId: string | undefined;
  #last: LastCall | undefined;
  #found: readonly FoundOrder[] | undefined;

  get customerId(): string {
    return needed(this.#customerId, 'customer');
  }
  set customerId(id: string) {
    this.#customerId = id;
  }

  get hasCustomer(): boolean {
    return this.#customerId !== undefined;
  }

  get storeId(): string {
    return needed(this.#storeId, 'store');
  }
  set storeId(id: string) {
    this.#storeId = id;
  }

  get hasStore(): boolean {
    return this.#storeId !== undefined;
  }

  get basketId(): string {
    return needed(this.#basketId, 'basket');
  }
  set basketId(id: string) {
    this.#basketId = id;
  }

  get paymentId(): string {
    return needed(this.#paymentId, 'payment');
  }
  set paymentId(id: string) {
    this.#paymentId = id;
  }

  get invoiceId(): string {
    return needed(this.#invoiceId, 'invoice');
  }
  set invoiceId(id: string) {
    this.#invoiceId = id;
  }

  get order(): KnownOrder {
    return needed(this.#order, 'order');
  }
  set order(order: KnownOrder) {
    this.#order = order;
  }

  get listId(): string {
    return needed(this.#listId, 'shopping list');
  }
  set listId(id: string) {
    this.#listId = id;
  }

  get last(): LastCall {
    return needed(this.#last, 'answer');
  }
  set last(call: LastCall) {
    this.#last = call;
  }

  get found(): readonly FoundOrder[] {
    return needed(this.#found, 'search result');
  }
  set found(orders: readonly FoundOrder[]) {
    this.#found = orders;
  }

  /** Forgets what is of a mall that is left; what was seen there is kept for comparison. */
  leave(): void {
    for (const known of [this.customers, this.stores, this.products, this.orders]) known.clear();
    this.#customerId = this.#storeId = this.#basketId = this.#paymentId = undefined;
    this.#invoiceId = this.#listId = undefined;
    this.#order = undefined;
  }

  /** A product by the name the feature gives it. */
  productId(name: string): string {
    return needed(this.products.get(name), `product called "${name}"`);
  }
}

export function needed<T>(value: T | undefined, what: string): T {
  if (value !== undefined) return value;
  throw new Error(`this scenario has no ${what} yet: a step that makes one has to come before`);
}
