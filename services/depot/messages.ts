import { consumerGroups, messages } from '../../proto/catalogue.ts';
import type { UnitOfWork } from '../kernel/database/index.ts';
import {
  id,
  type OrderId,
  type ProductId,
  type ShoppingListId,
  type StoreId,
} from '../kernel/domain/index.ts';
import type { Recorded } from '../kernel/eventstore/index.ts';
import {
  type Outbox,
  onCommand,
  onEvent,
  publication,
  type SubscribedGroup,
  subscribe,
} from '../kernel/messaging/index.ts';
import type { DepotApplication } from './application.ts';
import { type CatalogueCache, unknownProduct } from './catalogue-cache.ts';
import type { ShoppingList, ShoppingListEvent } from './shopping-list.ts';

const { depot, stores } = messages;

/** Tells ordering that an order's shopping is done; nothing else of a list concerns other contexts. */
export function publishShoppingListEvent(outbox: Outbox) {
  return (recorded: Recorded<ShoppingList, ShoppingListEvent>, unit: UnitOfWork): void => {
    const { aggregateId, event, occurredAt, version } = recorded;
    if (event.type !== 'depot.ShoppingListCompleted') return;
    const message = publication(depot.shoppingListCompleted, { id: aggregateId, orderId: event.orderId });
    const subject = { name: 'depot.ShoppingList', id: aggregateId, version };
    outbox.event(unit, message, { id: recorded.id, subject, occurredAt });
  };
}

/** What the depot handles: the stores' events keep the catalogue cache current, the saga commands its lists. */
export function depotSubscriptions(
  app: DepotApplication,
  cache: CatalogueCache,
  outbox: Outbox,
): readonly SubscribedGroup[] {
  return [...catalogueSubscriptions(cache), commandSubscriptions(app, outbox)];
}

function catalogueSubscriptions(cache: CatalogueCache): readonly SubscribedGroup[] {
  return [
    subscribe(
      consumerGroups.depotStores,
      onEvent(stores.storeCreated, (message, unit) => {
        const { id, name, location } = message.payload;
        return cache.stores.added(unit, id, { name, location }, message);
      }),
      onEvent(stores.storeRebranded, (message, unit) => {
        const { id, name } = message.payload;
        return cache.stores.changed(unit, id, (store) => ({ ...store, name }), message);
      }),
    ),
    subscribe(
      consumerGroups.depotProducts,
      onEvent(stores.productAdded, (message, unit) => {
        const { payload } = message;
        const fields = { storeId: id<StoreId>(payload.storeId), name: payload.name };
        return cache.products.added(unit, payload.id, fields, message);
      }),
      onEvent(stores.productRebranded, (message, unit) => {
        const { id, name } = message.payload;
        return cache.products.changed(unit, id, (product) => ({ ...product, name }), message);
      }),
      onEvent(stores.productRemoved, (message, unit) =>
        cache.products.removed(unit, message.payload.id, unknownProduct, message),
      ),
    ),
  ];
}

function commandSubscriptions(app: DepotApplication, outbox: Outbox): SubscribedGroup {
  return subscribe(
    consumerGroups.depotCommands,
    onCommand(outbox, depot.createShoppingListCommand, async ({ payload }, unit) => {
      const items = payload.items.map(({ productId, storeId, quantity }) => ({
        productId: id<ProductId>(productId),
        storeId: id<StoreId>(storeId),
        quantity,
      }));
      const listId = await app.createForSaga(unit, { orderId: id<OrderId>(payload.orderId), items });
      return publication(depot.createdShoppingListReply, { id: listId });
    }),
    onCommand(outbox, depot.cancelShoppingListCommand, async ({ payload }, unit) => {
      await app.cancelForSaga(unit, id<ShoppingListId>(payload.id), id<OrderId>(payload.orderId));
      return undefined;
    }),
    // The original answered that this was done, and did nothing (row D1).
    onCommand(outbox, depot.initiateShoppingCommand, async ({ payload }, unit) => {
      await app.execute(unit, id<ShoppingListId>(payload.id), { type: 'InitiateShopping' });
      return undefined;
    }),
  );
}
