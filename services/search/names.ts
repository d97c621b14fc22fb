import { z } from 'zod';
import { CustomersServiceService } from '../../proto/gen/customers/api.ts';
import { StoresServiceService } from '../../proto/gen/stores/api.ts';
import type { Causation, Database } from '../kernel/database/index.ts';
import {
  type CustomerId,
  hasCategory,
  id,
  NotFound,
  type ProductId,
  type StoreId,
} from '../kernel/domain/index.ts';
import { Replica } from '../kernel/replicas/index.ts';
import type { RpcChannels } from '../kernel/rpc/index.ts';

export interface Named {
  readonly name: string;
}

export interface CachedProduct extends Named {
  readonly storeId: StoreId;
}

/** What a removed product is remembered as when nothing else was known of it. */
export const unknownProduct: CachedProduct = { storeId: id<StoreId>(''), name: '' };

/**
 * The names of customers, stores and products, to show orders by. Whatever has no name any more is called by
 * its id, so that its orders are found all the same (row S13); an owner that does not answer is an error,
 * worth a retry.
 */
export class Names {
  readonly customers: Replica<Named>;
  readonly stores: Replica<Named>;
  readonly products: Replica<CachedProduct>;

  constructor({ database, channels }: { database: Database; channels: RpcChannels }) {
    this.customers = customersReplica(database, channels);
    this.stores = storesReplica(database, channels);
    this.products = productsReplica(database, channels);
  }

  /** @throws MallError when the owner cannot be asked */
  customer(customerId: CustomerId, causation: Causation): Promise<string> {
    return nameIn(this.customers, customerId, causation);
  }

  /** @throws MallError when the owner cannot be asked */
  store(storeId: StoreId, causation: Causation): Promise<string> {
    return nameIn(this.stores, storeId, causation);
  }

  /** @throws MallError when the owner cannot be asked */
  product(productId: ProductId, causation: Causation): Promise<string> {
    return nameIn(this.products, productId, causation);
  }
}

async function nameIn<Fields extends Named>(
  replica: Replica<Fields>,
  key: string,
  causation: Causation,
): Promise<string> {
  // A tombstone still knows the last name.
  const row = await replica.peek(key);
  if (row) return row.fields.name || key;
  try {
    return (await replica.find(key, causation)).name || key;
  } catch (error) {
    if (hasCategory(error, 'NOT_FOUND')) return key;
    throw error;
  }
}

const namedRow = z.object({ name: z.string() });

function customersReplica(database: Database, channels: RpcChannels): Replica<Named> {
  return new Replica<Named>({
    database,
    table: 'customers_cache',
    columns: { name: ['name', 'text'] },
    read: (row) => namedRow.parse(row),
    fetch: async (customerId, causation) => {
      const method = CustomersServiceService.getCustomer;
      const { customer } = await channels.call('CUSTOMERS', method, { id: customerId }, causation);
      if (!customer) throw new NotFound('customer with that ID does not exist');
      return { fields: { name: customer.name }, version: customer.version };
    },
  });
}

function storesReplica(database: Database, channels: RpcChannels): Replica<Named> {
  return new Replica<Named>({
    database,
    table: 'stores_cache',
    columns: { name: ['name', 'text'] },
    read: (row) => namedRow.parse(row),
    fetch: async (storeId, causation) => {
      const method = StoresServiceService.getStore;
      const { store } = await channels.call('STORES', method, { id: storeId }, causation);
      if (!store) throw new NotFound('store with that ID does not exist');
      return { fields: { name: store.name }, version: store.version };
    },
  });
}

const productRow = namedRow.extend({ store_id: z.string() });

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
      // The original's fallback forgot the store (row S6).
      const fields = { storeId: id<StoreId>(product.storeId), name: product.name };
      return { fields, version: product.version };
    },
  });
}
