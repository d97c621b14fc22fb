import { type Order, SearchServiceService } from '../../proto/gen/search/api.ts';
import { type CustomerId, id, moneyToNumber, type OrderId } from '../kernel/domain/index.ts';
import { type Caller, idField, mustOwn, rpcService } from '../kernel/rpc/index.ts';
import { searchAccess } from './access.ts';
import type { SearchApplication } from './application.ts';
import type { IndexedOrder } from './indexed-order.ts';
import type { OrderQuery } from './order-query.ts';
import { readSearch } from './search-request.ts';

/** The search's gRPC service: requests in, queries, responses out. */
export function searchService(app: SearchApplication) {
  return rpcService(
    SearchServiceService,
    {
      searchOrders: async (request, { caller }) => {
        const { orders, next } = await app.search(ownOrders(readSearch(request), caller));
        return { orders: orders.map(orderMessage), next };
      },
      getOrder: async (request, { caller }) => {
        const orderId = idField<OrderId>('the order id', request.id);
        const order = await app.orders.get(orderId);
        mustOwn(caller, order.customerId);
        return { order: orderMessage(order) };
      },
    },
    searchAccess,
  );
}

/** Customers who name nobody search their own orders. @throws Forbidden for those who name another */
function ownOrders(query: OrderQuery, caller: Caller | undefined): OrderQuery {
  if (caller?.role !== 'customer') return query;
  const customerId = query.filters.customerId ?? id<CustomerId>(caller.id);
  mustOwn(caller, customerId);
  return { ...query, filters: { ...query.filters, customerId } };
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
