import { z } from 'zod';
import {
  type CustomerId,
  type InvoiceId,
  moneyToNumber,
  type PaymentId,
  type ProductId,
  type ShoppingListId,
  type StoreId,
} from '../kernel/domain/index.ts';
import {
  readDocument,
  readEvent,
  type StreamCodec,
  storedId,
  storedMoney,
} from '../kernel/eventstore/stream-codec.ts';
import type { Order, OrderEvent, OrderItem } from './order.ts';

/** The order's stored documents. Ours is the key `Reason` of a rejection. */
export const storedOrder: StreamCodec<Order, OrderEvent> = {
  streamName: 'ordering.Order',
  snapshotName: 'ordering.OrderV1',
  encodeEvent,
  decodeEvent: (name, data) => readEvent(events, name, data),
  encodeState,
  decodeState: (data) => readDocument('ordering.OrderV1', snapshot, data),
};

const item = z
  .object({
    ProductID: storedId<ProductId>(),
    StoreID: storedId<StoreId>(),
    StoreName: z.string(),
    ProductName: z.string(),
    Price: storedMoney,
    Quantity: z.int(),
  })
  .transform(
    (stored): OrderItem => ({
      productId: stored.ProductID,
      storeId: stored.StoreID,
      storeName: stored.StoreName,
      productName: stored.ProductName,
      price: stored.Price,
      quantity: stored.Quantity,
    }),
  );

const customerAndPayment = { CustomerID: storedId<CustomerId>(), PaymentID: storedId<PaymentId>() };

const events = {
  'ordering.OrderCreated': z.object({ ...customerAndPayment, Items: z.array(item) }).transform(
    (stored): OrderEvent => ({
      type: 'ordering.OrderCreated',
      customerId: stored.CustomerID,
      paymentId: stored.PaymentID,
      items: stored.Items,
    }),
  ),
  'ordering.OrderRejected': z
    .object({ Reason: z.string().default('') })
    .transform(({ Reason }): OrderEvent => ({ type: 'ordering.OrderRejected', reason: Reason })),
  'ordering.OrderApproved': z
    .object({ ShoppingID: storedId<ShoppingListId>() })
    .transform(({ ShoppingID }): OrderEvent => ({ type: 'ordering.OrderApproved', shoppingId: ShoppingID })),
  'ordering.OrderCanceled': z.object(customerAndPayment).transform(
    (stored): OrderEvent => ({
      type: 'ordering.OrderCanceled',
      customerId: stored.CustomerID,
      paymentId: stored.PaymentID,
    }),
  ),
  'ordering.OrderReadied': z.object({ ...customerAndPayment, Total: storedMoney }).transform(
    (stored): OrderEvent => ({
      type: 'ordering.OrderReadied',
      customerId: stored.CustomerID,
      paymentId: stored.PaymentID,
      total: stored.Total,
    }),
  ),
  'ordering.OrderCompleted': z
    .object({ CustomerID: storedId<CustomerId>(), InvoiceID: storedId<InvoiceId>() })
    .transform(
      (stored): OrderEvent => ({
        type: 'ordering.OrderCompleted',
        customerId: stored.CustomerID,
        invoiceId: stored.InvoiceID,
      }),
    ),
} satisfies Record<OrderEvent['type'], z.ZodType<OrderEvent>>;

const snapshot = z
  .object({
    ...customerAndPayment,
    InvoiceID: storedId<InvoiceId>(),
    ShoppingID: storedId<ShoppingListId>(),
    Items: z.array(item).nullable(),
    Status: z.enum(['', 'pending', 'rejected', 'approved', 'ready', 'completed', 'cancelled']),
  })
  .transform(
    (stored): Order => ({
      status: stored.Status,
      customerId: stored.CustomerID,
      paymentId: stored.PaymentID,
      invoiceId: stored.InvoiceID,
      shoppingId: stored.ShoppingID,
      items: stored.Items ?? [],
    }),
  );

function encodeEvent(event: OrderEvent): Record<string, unknown> {
  switch (event.type) {
    case 'ordering.OrderCreated': {
      const { customerId, paymentId, items } = event;
      // No list exists yet; the original's documents hold the blank (row O11).
      return { CustomerID: customerId, PaymentID: paymentId, ShoppingID: '', Items: items.map(encodeItem) };
    }
    case 'ordering.OrderRejected':
      return { Reason: event.reason };
    case 'ordering.OrderApproved':
      return { ShoppingID: event.shoppingId };
    case 'ordering.OrderCanceled':
      return { CustomerID: event.customerId, PaymentID: event.paymentId };
    case 'ordering.OrderReadied': {
      const { customerId, paymentId, total } = event;
      return { CustomerID: customerId, PaymentID: paymentId, Total: moneyToNumber(total) };
    }
    case 'ordering.OrderCompleted':
      return { CustomerID: event.customerId, InvoiceID: event.invoiceId };
  }
}

function encodeState(state: Order): Record<string, unknown> {
  return {
    CustomerID: state.customerId,
    PaymentID: state.paymentId,
    InvoiceID: state.invoiceId,
    ShoppingID: state.shoppingId,
    Items: state.items.map(encodeItem),
    Status: state.status,
  };
}

function encodeItem(line: OrderItem): Record<string, unknown> {
  return {
    ProductID: line.productId,
    StoreID: line.storeId,
    StoreName: line.storeName,
    ProductName: line.productName,
    Price: moneyToNumber(line.price),
    Quantity: line.quantity,
  };
}
