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
import { idField, nameField, rpcService } from '../kernel/rpc/index.ts';
import type { OrderingApplication } from './application.ts';
import { orderItem } from './messages.ts';
import { type Order, orderTotal } from './order.ts';

/** Ordering's gRPC service: requests in, use cases, responses out. */
export function orderingService(app: OrderingApplication) {
  return rpcService(OrderingServiceService, {
    createOrder: async (request, { causation }) => {
      const customerId = idField<CustomerId>('the customer id', request.customerId);
      const paymentId = idField<PaymentId>('the payment id', request.paymentId);
      const items = request.items.map(checkedItem);
      return { id: await app.createOrder({ customerId, paymentId, items }, causation) };
    },
    getOrder: async (request) => {
      const id = orderId(request.id);
      return { order: orderMessage(id, await app.getOrder(id)) };
    },
    cancelOrder: async (request, { causation }) => {
      await app.changeOrder(orderId(request.id), { type: 'CancelOrder' }, causation);
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
  });
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
