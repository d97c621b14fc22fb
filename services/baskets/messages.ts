import { consumerGroups, messages } from '../../proto/catalogue.ts';
import type { ProductPriceChanged } from '../../proto/gen/stores/events.ts';
import type { UnitOfWork } from '../kernel/database/index.ts';
import { add, id, moneyFromNumber, moneyToNumber, type StoreId } from '../kernel/domain/index.ts';
import type { Recorded } from '../kernel/eventstore/index.ts';
import {
  type Incoming,
  type Outbox,
  onEvent,
  type Publication,
  publication,
  type SubscribedGroup,
  subscribe,
} from '../kernel/messaging/index.ts';
import type { Basket, BasketEvent, BasketItem } from './basket.ts';
import { type CatalogueCache, unknownProduct } from './catalogue-cache.ts';
import type { CustomersCache } from './customers-cache.ts';

const { baskets, customers, stores } = messages;

/** Tells the other contexts what happened to a basket; its items are of interest at the checkout only. */
export function publishBasketEvent(outbox: Outbox) {
  return (recorded: Recorded<Basket, BasketEvent>, unit: UnitOfWork): void => {
    const { aggregateId, occurredAt, version } = recorded;
    const message = basketMessage(recorded);
    const subject = { name: 'baskets.Basket', id: aggregateId, version };
    if (message) outbox.event(unit, message, { id: recorded.id, subject, occurredAt });
  };
}

function basketMessage(recorded: Recorded<Basket, BasketEvent>): Publication<unknown> | undefined {
  const { aggregateId: id, event, state } = recorded;
  switch (event.type) {
    case 'baskets.BasketStarted':
      return publication(baskets.basketStarted, { id, customerId: event.customerId });
    case 'baskets.BasketCanceled':
      return publication(baskets.basketCanceled, { id });
    case 'baskets.BasketCheckedOut':
      return publication(baskets.basketCheckedOut, {
        id,
        customerId: state.customerId,
        paymentId: event.paymentId,
        items: state.items.map(checkedOutItem),
      });
    default:
      return undefined;
  }
}

function checkedOutItem({ productPrice, ...item }: BasketItem) {
  return { ...item, price: moneyToNumber(productPrice) };
}

/** What baskets handle: the owners' events keep the copies of their data current. */
export function basketsSubscriptions(
  cache: CatalogueCache,
  mayShop: CustomersCache,
): readonly SubscribedGroup[] {
  return [
    customersSubscription(mayShop),
    subscribe(
      consumerGroups.basketsStores,
      onEvent(stores.storeCreated, (message, unit) => {
        const { id, name } = message.payload;
        return cache.stores.added(unit, id, { name, participating: false }, message);
      }),
      onEvent(stores.storeRebranded, (message, unit) => {
        const { id, name } = message.payload;
        return cache.stores.changed(unit, id, (store) => ({ ...store, name }), message);
      }),
      onEvent(stores.storeParticipatingToggled, (message, unit) => {
        const { id, participating } = message.payload;
        return cache.stores.changed(unit, id, (store) => ({ ...store, participating }), message);
      }),
    ),
    subscribe(
      consumerGroups.basketsProducts,
      onEvent(stores.productAdded, (message, unit) => {
        const { payload } = message;
        const price = moneyFromNumber(payload.price, 'the product price');
        const fields = { storeId: id<StoreId>(payload.storeId), name: payload.name, price };
        return cache.products.added(unit, payload.id, fields, message);
      }),
      onEvent(stores.productRebranded, (message, unit) => {
        const { id, name } = message.payload;
        return cache.products.changed(unit, id, (product) => ({ ...product, name }), message);
      }),
      onEvent(stores.productPriceIncreased, (message, unit) => changePrice(cache, message, unit)),
      onEvent(stores.productPriceDecreased, (message, unit) => changePrice(cache, message, unit)),
      onEvent(stores.productRemoved, (message, unit) =>
        cache.products.removed(unit, message.payload.id, unknownProduct, message),
      ),
    ),
  ];
}

/** Who may shop (rows B6, C6); of a new number only the version matters here. */
function customersSubscription({ replica }: CustomersCache): SubscribedGroup {
  return subscribe(
    consumerGroups.basketsCustomers,
    onEvent(customers.customerRegistered, (message, unit) =>
      replica.added(unit, message.payload.id, { enabled: true }, message),
    ),
    onEvent(customers.customerSmsChanged, (message, unit) =>
      replica.changed(unit, message.payload.id, (customer) => customer, message),
    ),
    onEvent(customers.customerEnabled, (message, unit) =>
      replica.changed(unit, message.payload.id, () => ({ enabled: true }), message),
    ),
    onEvent(customers.customerDisabled, (message, unit) =>
      replica.changed(unit, message.payload.id, () => ({ enabled: false }), message),
    ),
  );
}

/** The absolute price wins; a sender that knows only the delta is believed too (row B8). */
function changePrice(
  cache: CatalogueCache,
  message: Incoming<ProductPriceChanged>,
  unit: UnitOfWork,
): Promise<void> {
  const { id, price, delta } = message.payload;
  return cache.products.changed(
    unit,
    id,
    (product) => ({
      ...product,
      price:
        price === undefined
          ? add(product.price, moneyFromNumber(delta, 'the price change'))
          : moneyFromNumber(price, 'the product price'),
    }),
    message,
  );
}
