import { type ContextModule, kernelMigrations } from '../kernel/lifecycle/index.ts';
import { CustomersApplication } from './application.ts';
import { customersService } from './grpc.ts';
import { customersSubscriptions, publishCustomerEvent } from './messages.ts';

/** The mall's customers, and whether they may order. */
export const customersModule: ContextModule = {
  name: 'customers',
  migrations: [kernelMigrations.messaging, kernelMigrations.rpc, new URL('./migrations/', import.meta.url)],
  build: ({ database, outbox, metrics }) => {
    const app = new CustomersApplication({ database, metrics, publish: publishCustomerEvent(outbox) });
    return {
      services: [customersService(app)],
      subscriptions: customersSubscriptions(app, outbox),
    };
  },
};
