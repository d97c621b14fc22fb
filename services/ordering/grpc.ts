import {
  type Item,
  OrderingServiceService,
  type Order as OrderMessage,
} from '../../proto/gen/ordering/api.ts';
import {
  type CustomerId,
  type InvoiceId,
  moneyToNumber,
  type OrderId,
  type PaymentId,
} from '../kernel/domain/index.ts';
import type { Versioned } from '../kernel/eventstore/index.ts';
import { idField, mustOwn, mustOwnLoaded, nameField, rpcService } from '../kernel/rpc/index.ts';
import { orderingAccess } from './access.ts';
import type { OrderingApplication } from './application.ts';
import { orderItem } from './messages.ts';
import { type Order, orderTotal } from './order.ts';

/** Ordering's gRPC service: requests in, use cases, responses out. */
export function orderingService(app: OrderingApplication) {
  return rpcService(
    OrderingServiceService,
    {
      createOrder: async (request, { causation }) => {
        const customerId = idField<CustomerId>('the customer id', request.customerId);
        const paymentId = idField<PaymentId>('the payment id', request.paymentId);
        const items = request.items.map(checkedItem);
        return { id: await app.createOrder({ customerId, paymentId, items }, causation) };
      },
      getOrder: async (request, { caller }) => {
        const id = orderId(request.id);
        const order = await app.getOrder(id);
        mustOwn(caller, order.state.customerId);
        return { order: orderMessage(id, order) };
      },
      cancelOrder: async (request, { causation, caller }) => {
        const id = orderId(request.id);
        await mustOwnLoaded(caller, async () => (await app.getOrder(id)).state.customerId);
        await app.changeOrder(id, { type: 'CancelOrder' }, causation);
        return {};
      },
      readyOrder: async (request, { causation }) => {
        await app.changeOrder(orderId(request.id), { type: 'ReadyOrder' }, causation);
        return {};
      },
      completeOrder: async (request, { causation }) => {
        const invoiceId = idField<InvoiceId>('the invoice id', request.invoiceId);
        await app.changeOrder(orderId(request.id), { type: 'CompleteOrder', invoiceId }, causation);
        return {};
      },
    },
    orderingAccess,
  );
}

function orderId(text: string): OrderId {
  return idField<OrderId>('the order id', text);
}

function checkedItem(item: Item) {
  idField('the product id', item.productId);
  idField('the store id', item.storeId);
  nameField('the product name', item.productName);
  nameField('the store name', item.storeName);
  return orderItem(item);
}

function orderMessage(id: OrderId, { state, version }: Versioned<Order>): OrderMessage {
  const { customerId, paymentId, invoiceId, shoppingId, status, items } = state;
  return {
    id,
    customerId,
    paymentId,
    invoiceId,
    shoppingId,
    status,
    items: items.map((item) => ({ ...item, price: moneyToNumber(item.price) })),
    total: moneyToNumber(orderTotal(state)),
    version,
  };
}
