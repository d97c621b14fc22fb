import { z } from 'zod';
import type { CustomerId, PaymentId, ProductId, StoreId } from '../kernel/domain/index.ts';
import { moneyToNumber } from '../kernel/domain/index.ts';
import {
  readDocument,
  readEvent,
  type StreamCodec,
  storedId,
  storedMoney,
} from '../kernel/eventstore/stream-codec.ts';
import type { Basket, BasketEvent, BasketItem, BasketItemAdded, BasketItemRemoved } from './basket.ts';

/** The basket's stored documents. Ours are the keys `QuantityNow` of an item's event and `ItemOrder`. */
export const storedBasket: StreamCodec<Basket, BasketEvent> = {
  streamName: 'baskets.Basket',
  snapshotName: 'baskets.BasketV1',
  encodeEvent,
  decodeEvent: (name, data) => readEvent(events, name, data),
  encodeState,
  decodeState: (data) => readDocument('baskets.BasketV1', snapshot, data),
};

const item = z
  .object({
    StoreID: storedId<StoreId>(),
    ProductID: storedId<ProductId>(),
    StoreName: z.string(),
    ProductName: z.string(),
    ProductPrice: storedMoney,
    Quantity: z.int(),
  })
  .transform(
    (stored): BasketItem => ({
      storeId: stored.StoreID,
      productId: stored.ProductID,
      storeName: stored.StoreName,
      productName: stored.ProductName,
      productPrice: stored.ProductPrice,
      quantity: stored.Quantity,
    }),
  );

const events = {
  'baskets.BasketStarted': z
    .object({ CustomerID: storedId<CustomerId>() })
    .transform(({ CustomerID }): BasketEvent => ({ type: 'baskets.BasketStarted', customerId: CustomerID })),
  'baskets.BasketItemAdded': z.object({ Item: item, QuantityNow: z.int().optional() }).transform(
    (stored): BasketEvent => ({
      type: 'baskets.BasketItemAdded',
      item: stored.Item,
      quantityNow: stored.QuantityNow,
    }),
  ),
  'baskets.BasketItemRemoved': z
    .object({ ProductID: storedId<ProductId>(), Quantity: z.int(), QuantityNow: z.int().optional() })
    .transform(
      (stored): BasketEvent => ({
        type: 'baskets.BasketItemRemoved',
        productId: stored.ProductID,
        quantity: stored.Quantity,
        quantityNow: stored.QuantityNow,
      }),
    ),
  'baskets.BasketCanceled': z.object({}).transform((): BasketEvent => ({ type: 'baskets.BasketCanceled' })),
  'baskets.BasketCheckedOut': z
    .object({ PaymentID: storedId<PaymentId>() })
    .transform(({ PaymentID }): BasketEvent => ({ type: 'baskets.BasketCheckedOut', paymentId: PaymentID })),
} satisfies Record<BasketEvent['type'], z.ZodType<BasketEvent>>;

const snapshot = z
  .object({
    CustomerID: storedId<CustomerId>(),
    PaymentID: storedId<PaymentId>(),
    Items: z.record(z.string(), item).nullable(),
    ItemOrder: z.array(z.string()).default([]),
    Status: z.enum(['', 'open', 'canceled', 'checked_out']),
  })
  .transform(
    (stored): Basket => ({
      status: stored.Status,
      customerId: stored.CustomerID,
      paymentId: stored.PaymentID,
      items: inOrder(stored.Items ?? {}, stored.ItemOrder),
    }),
  );

/** JSON objects promise no order, so the order is kept beside them (row B7); the original kept none. */
function inOrder(
  items: Readonly<Record<string, BasketItem>>,
  order: readonly string[],
): readonly BasketItem[] {
  const unordered = new Map(Object.entries(items));
  const ordered = order.flatMap((productId) => unordered.get(productId) ?? []);
  for (const productId of order) unordered.delete(productId);
  return [...ordered, ...unordered.values()];
}

function encodeEvent(event: BasketEvent): Record<string, unknown> {
  switch (event.type) {
    case 'baskets.BasketStarted':
      return { CustomerID: event.customerId };
    case 'baskets.BasketItemAdded':
      return { Item: encodeItem(event.item), ...encodeQuantityNow(event) };
    case 'baskets.BasketItemRemoved':
      return { ProductID: event.productId, Quantity: event.quantity, ...encodeQuantityNow(event) };
    case 'baskets.BasketCanceled':
      return {};
    case 'baskets.BasketCheckedOut':
      return { PaymentID: event.paymentId };
  }
}

/** An event of the original stays one: written without the key, it keeps its meaning. */
function encodeQuantityNow({ quantityNow }: BasketItemAdded | BasketItemRemoved): Record<string, unknown> {
  return quantityNow === undefined ? {} : { QuantityNow: quantityNow };
}

function encodeState({ status, customerId, paymentId, items }: Basket): Record<string, unknown> {
  return {
    CustomerID: customerId,
    PaymentID: paymentId,
    Items: Object.fromEntries(items.map((line) => [line.productId, encodeItem(line)])),
    ItemOrder: items.map(({ productId }) => productId),
    Status: status,
  };
}

function encodeItem(line: BasketItem): Record<string, unknown> {
  return {
    StoreID: line.storeId,
    ProductID: line.productId,
    StoreName: line.storeName,
    ProductName: line.productName,
    ProductPrice: moneyToNumber(line.productPrice),
    Quantity: line.quantity,
  };
}
