import { type ContextModule, kernelMigrations } from '../kernel/lifecycle/index.ts';
import { BasketsApplication } from './application.ts';
import { CatalogueCache } from './catalogue-cache.ts';
import { CustomersCache } from './customers-cache.ts';
import { basketsService } from './grpc.ts';
import { basketsSubscriptions } from './messages.ts';

export { basket } from './basket.ts';
export { storedBasket } from './stored-basket.ts';

/** Shopping baskets, from start to checkout or cancellation. */
export const basketsModule: ContextModule = {
  name: 'baskets',
  migrations: [
    kernelMigrations.messaging,
    kernelMigrations.rpc,
    kernelMigrations.eventstore,
    new URL('./migrations/', import.meta.url),
  ],
  calls: ['stores', 'customers'],
  build: ({ database, outbox, channels, metrics, strict }) => {
    const cache = new CatalogueCache({ database, channels });
    const customers = new CustomersCache({ database, channels });
    const app = new BasketsApplication({ database, outbox, cache, customers, metrics, strict });
    return { services: [basketsService(app)], subscriptions: basketsSubscriptions(cache, customers) };
  },
};
