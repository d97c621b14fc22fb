import { Conflict } from '../kernel/domain/index.ts';
import { type ContextModule, kernelMigrations } from '../kernel/lifecycle/index.ts';
import { DepotApplication } from './application.ts';
import { CatalogueCache } from './catalogue-cache.ts';
import { depotService } from './grpc.ts';
import { depotSubscriptions, publishShoppingListEvent } from './messages.ts';

/** Two lists for one order at the same time: the loser looks again and finds the other (row D8). */
const orderTaken = () => new Conflict('a shopping list of the order was made at the same time');

/** The depot, where bots collect what orders need. */
export const depotModule: ContextModule = {
  name: 'depot',
  migrations: [kernelMigrations.messaging, kernelMigrations.rpc, new URL('./migrations/', import.meta.url)],
  constraints: { shopping_lists_live_order_idx: orderTaken, shopping_lists_pkey: orderTaken },
  calls: ['stores'],
  build: ({ database, outbox, channels }) => {
    const cache = new CatalogueCache({ database, channels });
    const app = new DepotApplication({ database, cache, publish: publishShoppingListEvent(outbox) });
    return {
      services: [depotService(app)],
      subscriptions: depotSubscriptions(app, cache, outbox),
    };
  },
};
