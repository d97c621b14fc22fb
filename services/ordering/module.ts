import { type ContextModule, kernelMigrations } from '../kernel/lifecycle/index.ts';
import { OrderingApplication } from './application.ts';
import { orderingService } from './grpc.ts';
import { orderingSubscriptions, publishOrderEvent } from './messages.ts';

export { order, orderTotal } from './order.ts';
export { storedOrder } from './stored-order.ts';

/** Orders, from the checkout to their completion. All they need to keep is in their events (row O10). */
export const orderingModule: ContextModule = {
  name: 'ordering',
  migrations: [kernelMigrations.messaging, kernelMigrations.rpc, kernelMigrations.eventstore],
  build: ({ database, outbox }) => {
    const app = new OrderingApplication({ database, react: publishOrderEvent(outbox) });
    return {
      services: [orderingService(app)],
      subscriptions: orderingSubscriptions(app, outbox),
    };
  },
};
