import { type ContextModule, kernelMigrations } from '../kernel/lifecycle/index.ts';
import { NotificationsApplication } from './application.ts';
import { customersCache } from './customers-cache.ts';
import { Delivery } from './delivery.ts';
import { notificationsService } from './grpc.ts';
import { type DeliveryLimits, deliveryLimits } from './limits.ts';
import { notificationsSubscriptions } from './messages.ts';
import { Notifications } from './notifications.ts';
import { logSender, type Sender } from './sender.ts';

export interface NotificationsModuleOptions {
  /** The way to the customers' phones; default: the log. */
  readonly sender?: Sender;
  readonly limits?: Partial<DeliveryLimits>;
}

/** Telling customers how their orders fare. */
export function notificationsModule({ sender, limits }: NotificationsModuleOptions = {}): ContextModule {
  return {
    name: 'notifications',
    migrations: [kernelMigrations.messaging, kernelMigrations.rpc, new URL('./migrations/', import.meta.url)],
    calls: ['customers'],
    build: ({ database, channels, metrics, logger }) => {
      const customers = customersCache(database, channels);
      const notifications = new Notifications(database);
      const sent = metrics.counter('notifications_sent_count', 'Notifications handed to the sender');
      const lost = metrics.counter('notifications_undeliverable_count', 'Notifications given up');
      const delivery = new Delivery({
        notifications,
        customers,
        sender: sender ?? logSender(logger),
        limits: { ...deliveryLimits, ...limits },
        logger,
        settled: (outcomes) => {
          sent.inc(outcomes.filter(({ status }) => status === 'sent').length);
          lost.inc(outcomes.filter(({ status }) => status === 'undeliverable').length);
        },
      });
      const recorded = () => delivery.wake();
      const app = new NotificationsApplication({ database, notifications, recorded });
      return {
        services: [notificationsService(app)],
        subscriptions: notificationsSubscriptions(app, customers),
        tasks: [delivery],
      };
    },
  };
}
