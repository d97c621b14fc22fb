import { z } from 'zod';
import { moneyToNumber, type StoreId } from '../kernel/domain/index.ts';
import {
  readDocument,
  readEvent,
  type StreamCodec,
  storedId,
  storedMoney,
} from '../kernel/eventstore/stream-codec.ts';
import type { Product, ProductDetails, ProductEvent, ProductPriceChanged } from './product.ts';

/** The product's stored documents. Ours are the keys `Price` of a price change and `Removed`. */
export const storedProduct: StreamCodec<Product, ProductEvent> = {
  streamName: 'stores.Product',
  snapshotName: 'stores.ProductV1',
  encodeEvent,
  decodeEvent: (name, data) => readEvent(events, name, data),
  encodeState: (state) => ({ ...encodeDetails(state), Removed: state.removed }),
  decodeState: (data) => readDocument('stores.ProductV1', snapshot, data),
};

const details = {
  StoreID: storedId<StoreId>(),
  Name: z.string(),
  Description: z.string(),
  SKU: z.string(),
  Price: storedMoney,
};

const events = {
  'stores.ProductAdded': z
    .object(details)
    .transform((stored): ProductEvent => ({ type: 'stores.ProductAdded', ...decodeDetails(stored) })),
  'stores.ProductRebranded': z.object({ Name: z.string(), Description: z.string() }).transform(
    (stored): ProductEvent => ({
      type: 'stores.ProductRebranded',
      name: stored.Name,
      description: stored.Description,
    }),
  ),
  'stores.ProductPriceIncreased': priceChange('stores.ProductPriceIncreased'),
  'stores.ProductPriceDecreased': priceChange('stores.ProductPriceDecreased'),
  'stores.ProductRemoved': z.object({}).transform((): ProductEvent => ({ type: 'stores.ProductRemoved' })),
} satisfies Record<ProductEvent['type'], z.ZodType<ProductEvent>>;

const snapshot = z
  .object({ ...details, Removed: z.boolean().default(false) })
  .transform((stored): Product => ({ exists: true, removed: stored.Removed, ...decodeDetails(stored) }));

function priceChange(type: ProductPriceChanged['type']) {
  return z
    .object({ Delta: storedMoney, Price: storedMoney.optional() })
    .transform(({ Delta, Price }): ProductEvent => ({ type, delta: Delta, price: Price }));
}

function decodeDetails(stored: z.output<z.ZodObject<typeof details>>): ProductDetails {
  return {
    storeId: stored.StoreID,
    name: stored.Name,
    description: stored.Description,
    sku: stored.SKU,
    price: stored.Price,
  };
}

function encodeEvent(event: ProductEvent): Record<string, unknown> {
  switch (event.type) {
    case 'stores.ProductAdded':
      return encodeDetails(event);
    case 'stores.ProductRebranded':
      return { Name: event.name, Description: event.description };
    case 'stores.ProductPriceIncreased':
    case 'stores.ProductPriceDecreased': {
      const delta = moneyToNumber(event.delta);
      return event.price === undefined
        ? { Delta: delta }
        : { Delta: delta, Price: moneyToNumber(event.price) };
    }
    case 'stores.ProductRemoved':
      return {};
  }
}

function encodeDetails({ storeId, name, description, sku, price }: ProductDetails): Record<string, unknown> {
  return { StoreID: storeId, Name: name, Description: description, SKU: sku, Price: moneyToNumber(price) };
}
