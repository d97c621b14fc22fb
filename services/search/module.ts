import { type ContextModule, kernelMigrations } from '../kernel/lifecycle/index.ts';
import { SearchApplication } from './application.ts';
import { searchService } from './grpc.ts';
import { searchSubscriptions } from './messages.ts';
import { Names } from './names.ts';

/** Finding orders over all that is known about them. */
export const searchModule: ContextModule = {
  name: 'search',
  migrations: [kernelMigrations.messaging, kernelMigrations.rpc, new URL('./migrations/', import.meta.url)],
  calls: ['customers', 'stores', 'ordering'],
  build: ({ database, channels }) => {
    const names = new Names({ database, channels });
    const app = new SearchApplication({ database, names, channels });
    return { services: [searchService(app)], subscriptions: searchSubscriptions(app, names) };
  },
};
