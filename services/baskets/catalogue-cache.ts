import { z } from 'zod';
import { StoresServiceService } from '../../proto/gen/stores/api.ts';
import type { Causation, Database } from '../kernel/database/index.ts';
import {
  hasCategory,
  id,
  MallError,
  type Money,
  moneyFromDecimal,
  moneyFromNumber,
  moneyToDecimal,
  NotFound,
  type ProductId,
  type StoreId,
  ZERO,
} from '../kernel/domain/index.ts';
import { Replica } from '../kernel/replicas/index.ts';
import type { RpcChannels } from '../kernel/rpc/index.ts';

export interface CachedStore {
  readonly name: string;
  readonly participating: boolean;
}

export interface CachedProduct {
  readonly storeId: StoreId;
  readonly name: string;
  readonly price: Money;
}

/** What the catalogue of the stores context says, as far as baskets need it. */
export class CatalogueCache {
  readonly stores: Replica<CachedStore>;
  readonly products: Replica<CachedProduct>;

  constructor({ database, channels }: { database: Database; channels: RpcChannels }) {
    this.stores = storesReplica(database, channels);
    this.products = productsReplica(database, channels);
  }

  /** @throws NotFound or the owner's failure, in the original's words */
  async product(productId: ProductId, causation: Causation): Promise<CachedProduct> {
    try {
      return await this.products.find(productId, causation);
    } catch (error) {
      if (!(error instanceof MallError)) throw error;
      const missing = hasCategory(error, 'NOT_FOUND');
      const text = `product fallback failed: ${missing ? 'product was not located' : 'requesting product'}`;
      throw new MallError(error.category, text, { cause: error });
    }
  }

  /** @throws NotFound or the owner's failure, in the original's words */
  async store(storeId: StoreId, causation: Causation): Promise<CachedStore> {
    try {
      return await this.stores.find(storeId, causation);
    } catch (error) {
      if (!(error instanceof MallError)) throw error;
      throw new MallError(error.category, 'store fallback failed', { cause: error });
    }
  }
}

const storeRow = z.object({ name: z.string(), participating: z.boolean() });

function storesReplica(database: Database, channels: RpcChannels): Replica<CachedStore> {
  return new Replica<CachedStore>({
    database,
    table: 'stores_cache',
    columns: { name: ['name', 'text'], participating: ['participating', 'boolean'] },
    read: (row) => storeRow.parse(row),
    fetch: async (storeId, causation) => {
      const { store } = await channels.call(
        'STORES',
        StoresServiceService.getStore,
        { id: storeId },
        causation,
      );
      if (!store) throw new NotFound('store with that ID does not exist');
      return { fields: { name: store.name, participating: store.participating }, version: store.version };
    },
  });
}

const productRow = z.object({ store_id: z.string(), name: z.string(), price: z.string() });

/** What a removed product is remembered as when nothing else was known of it. */
export const unknownProduct: CachedProduct = { storeId: id<StoreId>(''), name: '', price: ZERO };

function productsReplica(database: Database, channels: RpcChannels): Replica<CachedProduct> {
  return new Replica<CachedProduct>({
    database,
    table: 'products_cache',
    columns: { storeId: ['store_id', 'text'], name: ['name', 'text'], price: ['price', 'numeric'] },
    read: (row) => {
      const { store_id, name, price } = productRow.parse(row);
      return { storeId: id<StoreId>(store_id), name, price: moneyFromDecimal(price) };
    },
    write: (fields) => ({ ...fields, price: moneyToDecimal(fields.price) }),
    fetch: async (productId, causation) => {
      const method = StoresServiceService.getProduct;
      const { product } = await channels.call('STORES', method, { id: productId }, causation);
      if (!product) throw new NotFound('product with that ID does not exist');
      const { name, version } = product;
      const price = moneyFromNumber(product.price, 'the product price');
      return { fields: { storeId: id<StoreId>(product.storeId), name, price }, version };
    },
  });
}
