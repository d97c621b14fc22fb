import {
  DepotServiceService,
  type OrderItem,
  type ShoppingList as ShoppingListMessage,
} from '../../proto/gen/depot/api.ts';
import type { BotId, OrderId, ProductId, ShoppingListId, StoreId } from '../kernel/domain/index.ts';
import { idField, pageField, rpcService } from '../kernel/rpc/index.ts';
import { depotAccess } from './access.ts';
import type { DepotApplication } from './application.ts';
import type { OrderedItem } from './catalogue-cache.ts';
import type { ShoppingList } from './shopping-list.ts';

/** The depot's gRPC service: requests in, use cases, responses out. */
export function depotService(app: DepotApplication) {
  return rpcService(
    DepotServiceService,
    {
      createShoppingList: async (request, { causation }) => {
        const orderId = idField<OrderId>('the order id', request.orderId);
        const items = request.items.map(orderedItem);
        return { id: await app.createShoppingList({ orderId, items }, causation) };
      },
      cancelShoppingList: async (request, { causation }) => {
        await app.changeShoppingList(listId(request.id), { type: 'WithdrawShoppingList' }, causation);
        return {};
      },
      assignShoppingList: async (request, { causation }) => {
        const botId = idField<BotId>('the bot id', request.botId);
        await app.changeShoppingList(listId(request.id), { type: 'AssignShoppingList', botId }, causation);
        return {};
      },
      completeShoppingList: async (request, { causation }) => {
        await app.changeShoppingList(listId(request.id), { type: 'CompleteShoppingList' }, causation);
        return {};
      },
      getShoppingList: async (request) => {
        const id = listId(request.id);
        return { shoppingList: listMessage(id, await app.getShoppingList(id)) };
      },
      listAvailableShoppingLists: async (request) => {
        const page = pageField(request.pageSize, request.pageToken, 1);
        const { lists, next } = await app.listAvailable(page);
        return { shoppingLists: lists.map(({ id, state }) => listMessage(id, state)), nextPageToken: next };
      },
    },
    depotAccess,
  );
}

function listId(text: string): ShoppingListId {
  return idField<ShoppingListId>('the shopping list id', text);
}

function orderedItem({ productId, storeId, quantity }: OrderItem): OrderedItem {
  return {
    productId: idField<ProductId>('the product id', productId),
    storeId: idField<StoreId>('the store id', storeId),
    quantity,
  };
}

function listMessage(
  id: ShoppingListId,
  { orderId, stops, assignedBotId, status }: ShoppingList,
): ShoppingListMessage {
  const stopMessages = stops.map(({ storeId, storeName, storeLocation, items }) => {
    const itemMessages = items.map(
      ({ productId, productName, quantity }) => [productId, { name: productName, quantity }] as const,
    );
    return [storeId, { storeName, storeLocation, items: Object.fromEntries(itemMessages) }] as const;
  });
  return { id, orderId, stops: Object.fromEntries(stopMessages), assignedBotId, status };
}
