import { AlreadyExists } from '../kernel/domain/index.ts';
import { type ContextModule, kernelMigrations } from '../kernel/lifecycle/index.ts';
import { StoresApplication } from './application.ts';
import { storesService } from './grpc.ts';

export { product } from './product.ts';
export { store } from './store.ts';
export { storedProduct } from './stored-product.ts';
export { storedStore } from './stored-store.ts';

/** Stores of the mall and their product catalogs. */
export const storesModule: ContextModule = {
  name: 'stores',
  migrations: [
    kernelMigrations.messaging,
    kernelMigrations.rpc,
    kernelMigrations.eventstore,
    new URL('./migrations/', import.meta.url),
  ],
  constraints: { product_skus_pkey: () => new AlreadyExists('the store has a product with that SKU') },
  build: ({ database, outbox, strict }) => ({
    services: [storesService(new StoresApplication({ database, outbox, strict }))],
    subscriptions: [],
  }),
};
