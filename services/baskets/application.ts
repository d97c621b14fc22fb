import { type Causation, type Database, inUnitOfWork } from '../kernel/database/index.ts';
import {
  type BasketId,
  type CustomerId,
  FailedPrecondition,
  id,
  type PaymentId,
  type ProductId,
} from '../kernel/domain/index.ts';
import { EventSourced } from '../kernel/eventstore/index.ts';
import { mintId, type Outbox } from '../kernel/messaging/index.ts';
import type { Metrics } from '../kernel/telemetry/index.ts';
import { type Basket, basket, mustBeOpen } from './basket.ts';
import type { CatalogueCache } from './catalogue-cache.ts';
import { publishBasketEvent } from './messages.ts';
import { storedBasket } from './stored-basket.ts';

export interface BasketsOptions {
  readonly database: Database;
  readonly outbox: Outbox;
  readonly cache: CatalogueCache;
  readonly metrics: Metrics;
}

/** The use cases of shoppers: from an empty basket to its checkout or cancellation. */
export class BasketsApplication {
  readonly #database: Database;
  readonly #cache: CatalogueCache;
  readonly #baskets;

  constructor({ database, outbox, cache, metrics }: BasketsOptions) {
    this.#database = database;
    this.#cache = cache;
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
    await inUnitOfWork(this.#database, causation, (unit) =>
      this.#baskets.create(unit, basketId, { type: 'StartBasket', customerId }),
    );
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
      const gone = await this.#cache.products.removedAmong(items.map((item) => item.productId));
      const item = items.find(({ productId }) => gone.has(productId));
      if (item) {
        throw new FailedPrecondition(`baskets checkout: the product "${item.productName}" is no longer sold`);
      }
    });
  }
}
