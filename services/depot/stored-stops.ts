import { z } from 'zod';
import type { ProductId, StoreId } from '../kernel/domain/index.ts';
import { id } from '../kernel/domain/index.ts';
import { readDocument } from '../kernel/eventstore/stream-codec.ts';
import type { Stop, StopItem } from './shopping-list.ts';

/*
 * The stops of a list as they are stored: the original's document, maps by store and by product. Maps promise no
 * order, so ours keeps it in the added key `Position`; the original kept none.
 */

const position = z.int().default(0);

const storedStops = z.record(
  z.string(),
  z.object({
    StoreName: z.string(),
    StoreLocation: z.string(),
    Items: z
      .record(z.string(), z.object({ ProductName: z.string(), Quantity: z.int(), Position: position }))
      .nullable(),
    Position: position,
  }),
);

/** @throws UnreadableDocument */
export function readStops(data: unknown): readonly Stop[] {
  const stops = readDocument('depot shopping list stops', storedStops, data);
  return ordered(stops).map(([storeId, { StoreName, StoreLocation, Items }]) => ({
    storeId: id<StoreId>(storeId),
    storeName: StoreName,
    storeLocation: StoreLocation,
    items: ordered(Items ?? {}).map(
      ([productId, { ProductName, Quantity }]): StopItem => ({
        productId: id<ProductId>(productId),
        productName: ProductName,
        quantity: Quantity,
      }),
    ),
  }));
}

export function writeStops(stops: readonly Stop[]): z.input<typeof storedStops> {
  return Object.fromEntries(
    stops.map((stop, index) => [
      stop.storeId,
      {
        StoreName: stop.storeName,
        StoreLocation: stop.storeLocation,
        Items: Object.fromEntries(
          stop.items.map(({ productId, productName, quantity }, at) => [
            productId,
            { ProductName: productName, Quantity: quantity, Position: at },
          ]),
        ),
        Position: index,
      },
    ]),
  );
}

function ordered<Value extends { readonly Position: number }>(
  map: Readonly<Record<string, Value>>,
): readonly [string, Value][] {
  return Object.entries(map).sort(([, left], [, right]) => left.Position - right.Position);
}
