import { z } from 'zod';
import { StoresServiceService } from '../../proto/gen/stores/api.ts';
import type { Causation, Database } from '../kernel/database/index.ts';
import { BadRequest, id, MallError, NotFound, type ProductId, type StoreId } from '../kernel/domain/index.ts';
import { Replica } from '../kernel/replicas/index.ts';
import type { RpcChannels } from '../kernel/rpc/index.ts';
import type { WantedItem } from './shopping-list.ts';

export interface CachedStore {
  readonly name: string;
  readonly location: string;
}

export interface CachedProduct {
  readonly storeId: StoreId;
  readonly name: string;
}

/** An item of an order, as whoever orders it names it. */
export interface OrderedItem {
  readonly productId: ProductId;
  readonly storeId: StoreId;
  readonly quantity: number;
}

/** What the catalogue of the stores context says, as far as bots need it to find their way. */
export class CatalogueCache {
  readonly stores: Replica<CachedStore>;
  readonly products: Replica<CachedProduct>;

  constructor({ database, channels }: { database: Database; channels: RpcChannels }) {
    this.stores = storesReplica(database, channels);
    this.products = productsReplica(database, channels);
  }

  /**
   * The items with the names a bot goes by.
   * @throws NotFound or the owner's failure, in the original's words; BadRequest when the store does not sell it
   */
  async nameItems(items: readonly OrderedItem[], causation: Causation): Promise<readonly WantedItem[]> {
    const storeIds = items.map((item) => item.storeId);
    const productIds = items.map((item) => item.productId);
    const stores = await told('store fallback failed', this.stores.findAll(storeIds, causation));
    const products = await told('product fallback failed', this.products.findAll(productIds, causation));
    return items.map((item) => {
      const [store, product] = [stores.get(item.storeId), products.get(item.productId)];
      // A bot would look for it in vain (row D6).
      if (!store || product?.storeId !== item.storeId) {
        throw new BadRequest('the store does not sell the product');
      }
      return { ...item, storeName: store.name, storeLocation: store.location, productName: product.name };
    });
  }
}

/** The remote category stays, the text is ours. */
async function told<T>(text: string, lookup: Promise<T>): Promise<T> {
  try {
    return await lookup;
  } catch (error) {
    throw error instanceof MallError ? new MallError(error.category, text, { cause: error }) : error;
  }
}

const storeRow = z.object({ name: z.string(), location: z.string() });

/** Rows that are missing are fetched from the stores context, wherever it runs (row D4). */
function storesReplica(database: Database, channels: RpcChannels): Replica<CachedStore> {
  return new Replica<CachedStore>({
    database,
    table: 'stores_cache',
    columns: { name: ['name', 'text'], location: ['location', 'text'] },
    read: (row) => storeRow.parse(row),
    fetch: async (storeId, causation) => {
      const method = StoresServiceService.getStore;
      const { store } = await channels.call('STORES', method, { id: storeId }, causation);
      if (!store) throw new NotFound('store with that ID does not exist');
      return { fields: { name: store.name, location: store.location }, version: store.version };
    },
  });
}

const productRow = z.object({ store_id: z.string(), name: z.string() });

/** What a removed product is remembered as when nothing else was known of it. */
export const unknownProduct: CachedProduct = { storeId: id<StoreId>(''), name: '' };

function productsReplica(database: Database, channels: RpcChannels): Replica<CachedProduct> {
  return new Replica<CachedProduct>({
    database,
    table: 'products_cache',
    columns: { storeId: ['store_id', 'text'], name: ['name', 'text'] },
    read: (row) => {
      const { store_id, name } = productRow.parse(row);
      return { storeId: id<StoreId>(store_id), name };
    },
    fetch: async (productId, causation) => {
      const method = StoresServiceService.getProduct;
      const { product } = await channels.call('STORES', method, { id: productId }, causation);
      if (!product) throw new NotFound('product with that ID does not exist');
      const { storeId, name, version } = product;
      return { fields: { storeId: id<StoreId>(storeId), name }, version };
    },
  });
}
