import { type Causation, type Database, inUnitOfWork } from '../kernel/database/index.ts';
import {
  type BasketId,
  type CustomerId,
  FailedPrecondition,
  id,
  type PaymentId,
  type ProductId,
  tellingAsync,
} from '../kernel/domain/index.ts';
import { EventSourced } from '../kernel/eventstore/index.ts';
import type { StrictRules } from '../kernel/lifecycle/index.ts';
import { mintId, type Outbox } from '../kernel/messaging/index.ts';
import type { Metrics } from '../kernel/telemetry/index.ts';
import { type Basket, type BasketItem, basket, mustBeOpen } from './basket.ts';
import type { CachedStore, CatalogueCache } from './catalogue-cache.ts';
import type { CustomersCache } from './customers-cache.ts';
import { publishBasketEvent } from './messages.ts';
import { storedBasket } from './stored-basket.ts';

export interface BasketsOptions {
  readonly database: Database;
  readonly outbox: Outbox;
  readonly cache: CatalogueCache;
  readonly customers: CustomersCache;
  readonly metrics: Metrics;
  readonly strict: StrictRules;
}

/** The use cases of shoppers: from an empty basket to its checkout or cancellation. */
export class BasketsApplication {
  readonly #database: Database;
  readonly #cache: CatalogueCache;
  readonly #customers: CustomersCache;
  readonly #strict: StrictRules;
  readonly #baskets;

  constructor({ database, outbox, cache, customers, metrics, strict }: BasketsOptions) {
    this.#database = database;
    this.#cache = cache;
    this.#customers = customers;
    this.#strict = strict;
    const publish = publishBasketEvent(outbox);
    const counters = {
      'baskets.BasketStarted': metrics.counter('baskets_started_count', 'Baskets started'),
      'baskets.BasketCheckedOut': metrics.counter('baskets_checked_out_count', 'Baskets checked out'),
      'baskets.BasketCanceled': metrics.counter('baskets_canceled_count', 'Baskets canceled'),
    };
    this.#baskets = new EventSourced({
      database,
      decider: basket,
      codec: storedBasket,
      notFound: 'basket with that ID does not exist',
      react: (recorded, unit) => {
        publish(recorded, unit);
        const { type } = recorded.event;
        if (type in counters) unit.afterCommit(() => counters[type as keyof typeof counters].inc());
      },
    });
  }

  async startBasket(customerId: CustomerId, causation: Causation): Promise<BasketId> {
    const basketId = id<BasketId>(mintId(causation));
    await inUnitOfWork(this.#database, causation, async (unit) => {
      await this.#baskets.create(unit, basketId, { type: 'StartBasket', customerId });
      if (this.#strict.has('customers')) await this.#customers.mustMayShop(customerId, causation);
    });
    return basketId;
  }

  /** @throws NotFound */
  async getBasket(basketId: BasketId): Promise<Basket> {
    const { state } = await this.#baskets.load(basketId);
    return state;
  }

  async cancelBasket(basketId: BasketId, causation: Causation): Promise<void> {
    await inUnitOfWork(this.#database, causation, (unit) =>
      this.#baskets.execute(unit, basketId, { type: 'CancelBasket' }),
    );
  }

  /** Adds an item at the price and under the names the catalogue has now (row B4). */
  async addItem(
    basketId: BasketId,
    { productId, quantity }: { productId: ProductId; quantity: number },
    causation: Causation,
  ): Promise<void> {
    await inUnitOfWork(this.#database, causation, async (unit) => {
      const current = await this.#baskets.load(basketId);
      mustBeOpen(current.state);
      const product = await this.#cache.product(productId, causation);
      const store = await this.#cache.store(product.storeId, causation);
      this.#mustParticipate(store);
      const item = {
        storeId: product.storeId,
        productId,
        storeName: store.name,
        productName: product.name,
        productPrice: product.price,
        quantity,
      };
      this.#baskets.record(unit, basketId, current, { type: 'AddItem', item });
    });
  }

  async removeItem(
    basketId: BasketId,
    item: { productId: ProductId; quantity: number },
    causation: Causation,
  ): Promise<void> {
    await inUnitOfWork(this.#database, causation, (unit) =>
      this.#baskets.execute(unit, basketId, { type: 'RemoveItem', ...item }),
    );
  }

  /** Checks out at the prices the basket shows; a product that has left its store since is refused (row B4). */
  async checkoutBasket(basketId: BasketId, paymentId: PaymentId, causation: Causation): Promise<void> {
    await inUnitOfWork(this.#database, causation, async (unit) => {
      const current = await this.#baskets.load(basketId);
      this.#baskets.record(unit, basketId, current, { type: 'CheckoutBasket', paymentId });
      const { items } = current.state;
      await tellingAsync('baskets checkout', () => this.#mustBeOnSale(items, causation));
    });
  }

  async #mustBeOnSale(items: readonly BasketItem[], causation: Causation): Promise<void> {
    const gone = await this.#cache.products.removedAmong(items.map((item) => item.productId));
    const item = items.find(({ productId }) => gone.has(productId));
    if (item) throw new FailedPrecondition(`the product "${item.productName}" is no longer sold`);
    if (!this.#strict.has('participation')) return;
    for (const storeId of new Set(items.map((each) => each.storeId))) {
      this.#mustParticipate(await this.#cache.store(storeId, causation));
    }
  }

  /** The original sells for stores that do not take part; the rule `participation` does not (row B5). */
  #mustParticipate(store: CachedStore): void {
    if (this.#strict.has('participation') && !store.participating) {
      throw new FailedPrecondition(`the store "${store.name}" does not take part`);
    }
  }
}
