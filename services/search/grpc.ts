import { type Order, SearchServiceService } from '../../proto/gen/search/api.ts';
import { moneyToNumber, type OrderId } from '../kernel/domain/index.ts';
import { idField, rpcService } from '../kernel/rpc/index.ts';
import type { SearchApplication } from './application.ts';
import type { IndexedOrder } from './indexed-order.ts';
import { readSearch } from './search-request.ts';

/** The search's gRPC service: requests in, queries, responses out. */
export function searchService(app: SearchApplication) {
  return rpcService(SearchServiceService, {
    searchOrders: async (request) => {
      const { orders, next } = await app.search(readSearch(request));
      return { orders: orders.map(orderMessage), next };
    },
    getOrder: async (request) => {
      const orderId = idField<OrderId>('the order id', request.id);
      return { order: orderMessage(await app.orders.get(orderId)) };
    },
  });
}

function orderMessage({ version: _, ...order }: IndexedOrder): Order {
  return {
    ...order,
    items: order.items.map((item) => ({
      ...item,
      price: moneyToNumber(item.price),
      quantity: BigInt(item.quantity),
    })),
    total: moneyToNumber(order.total),
  };
}
