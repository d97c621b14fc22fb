import { consumerGroups, messages, type Payload } from '../../proto/catalogue.ts';
import type { UnitOfWork } from '../kernel/database/index.ts';
import { id, moneyFromNumber, type OrderId, type StoreId } from '../kernel/domain/index.ts';
import { type Incoming, onEvent, type SubscribedGroup, subscribe } from '../kernel/messaging/index.ts';
import type { CreatedOrder, SearchApplication } from './application.ts';
import type { Standing } from './indexed-order.ts';
import { type Names, unknownProduct } from './names.ts';
import { type OrderStatus, versionOf } from './order-status.ts';

const { customers, ordering, stores } = messages;

/** What search handles: names for its caches, and the life of every order. It publishes nothing. */
export function searchSubscriptions(app: SearchApplication, names: Names): readonly SubscribedGroup[] {
  return [
    subscribe(
      consumerGroups.searchCustomers,
      onEvent(customers.customerRegistered, (message, unit) => {
        const { id, name } = message.payload;
        return names.customers.added(unit, id, { name }, message);
      }),
    ),
    subscribe(
      consumerGroups.searchStores,
      onEvent(stores.storeCreated, (message, unit) => {
        const { id, name } = message.payload;
        return names.stores.added(unit, id, { name }, message);
      }),
      onEvent(stores.storeRebranded, (message, unit) => {
        const { id, name } = message.payload;
        return names.stores.changed(unit, id, () => ({ name }), message);
      }),
    ),
    subscribe(
      consumerGroups.searchProducts,
      onEvent(stores.productAdded, (message, unit) => {
        const { payload } = message;
        const fields = { storeId: id<StoreId>(payload.storeId), name: payload.name };
        return names.products.added(unit, payload.id, fields, message);
      }),
      onEvent(stores.productRebranded, (message, unit) => {
        const { id, name } = message.payload;
        return names.products.changed(unit, id, (product) => ({ ...product, name }), message);
      }),
      onEvent(stores.productRemoved, (message, unit) =>
        names.products.removed(unit, message.payload.id, unknownProduct, message),
      ),
    ),
    subscribe(
      consumerGroups.searchOrders,
      onEvent(ordering.orderCreated, (message, unit) =>
        app.orderCreated(unit, createdOrder(message), standing('New', message)),
      ),
      onEvent(ordering.orderApproved, moved(app, 'Approved')),
      onEvent(ordering.orderRejected, moved(app, 'Rejected')),
      onEvent(ordering.orderCanceled, moved(app, 'Canceled')),
      onEvent(ordering.orderReadied, moved(app, 'Ready For Pickup')),
      onEvent(ordering.orderCompleted, moved(app, 'Completed')),
    ),
  ];
}

type OrderCreated = Payload<typeof ordering.orderCreated>;

/** The order is as old as its event, however late that comes (row S4). */
function createdOrder({ payload, occurredAt }: Incoming<OrderCreated>): CreatedOrder {
  return {
    orderId: id(payload.id),
    customerId: id(payload.customerId),
    items: payload.items.map((item) => ({
      productId: id(item.productId),
      storeId: id(item.storeId),
      productName: item.productName,
      storeName: item.storeName,
      price: moneyFromNumber(item.price, 'the item price'),
      quantity: item.quantity,
    })),
    createdAt: occurredAt,
  };
}

function moved(app: SearchApplication, status: OrderStatus) {
  return (message: Incoming<{ readonly id: string }>, unit: UnitOfWork): Promise<void> => {
    const { payload, occurredAt } = message;
    const orderId = id<OrderId>(payload.id);
    return app.orderMoved(unit, { orderId, occurredAt, ...standing(status, message) });
  };
}

function standing(status: OrderStatus, { aggregateVersion }: Incoming<unknown>): Standing {
  return { status, version: aggregateVersion ?? versionOf(status) };
}
