import { Conflict } from '../kernel/domain/index.ts';
import { type ContextModule, kernelMigrations } from '../kernel/lifecycle/index.ts';
import { PaymentsApplication } from './application.ts';
import { paymentsService } from './grpc.ts';
import { paymentsSubscriptions, publishInvoiceEvent } from './messages.ts';
import { type DeclineRules, localProvider } from './payment-provider.ts';

/** Two invoices for one order at the same time: the loser looks again and finds the other (row P14). */
const orderTaken = () => new Conflict('an invoice of the order was made at the same time');

export type { DeclineRules };

export interface PaymentsModuleOptions {
  /** What the local payment provider declines; by default nothing. */
  readonly decline?: DeclineRules;
}

/** Payments authorized by customers, and the invoices of their orders. */
export function paymentsModule({ decline = {} }: PaymentsModuleOptions = {}): ContextModule {
  const provider = localProvider(decline);
  return {
    name: 'payments',
    migrations: [kernelMigrations.messaging, kernelMigrations.rpc, new URL('./migrations/', import.meta.url)],
    constraints: { invoices_order_id_idx: orderTaken, invoices_pkey: orderTaken },
    build: ({ database, outbox }) => {
      const app = new PaymentsApplication({ database, provider, publish: publishInvoiceEvent(outbox) });
      return {
        services: [paymentsService(app)],
        subscriptions: paymentsSubscriptions(app, outbox),
      };
    },
  };
}
