import { consumerGroups, messages } from '../../proto/catalogue.ts';
import type { UnitOfWork } from '../kernel/database/index.ts';
import { id } from '../kernel/domain/index.ts';
import { type Incoming, onEvent, type SubscribedGroup, subscribe } from '../kernel/messaging/index.ts';
import type { Replica } from '../kernel/replicas/index.ts';
import type { NotificationsApplication } from './application.ts';
import type { CachedCustomer } from './customers-cache.ts';
import type { NotificationKind } from './notification.ts';

const { customers, ordering } = messages;

/** What notifications handle: customers for the cache, and every turn of an order. They publish nothing. */
export function notificationsSubscriptions(
  app: NotificationsApplication,
  cache: Replica<CachedCustomer>,
): readonly SubscribedGroup[] {
  return [
    subscribe(
      consumerGroups.notificationCustomers,
      onEvent(customers.customerRegistered, (message, unit) => {
        const { id, name, smsNumber } = message.payload;
        return cache.added(unit, id, { name, smsNumber }, message);
      }),
      onEvent(customers.customerSmsChanged, (message, unit) => {
        const { id, smsNumber } = message.payload;
        return cache.changed(unit, id, (customer) => ({ ...customer, smsNumber }), message);
      }),
    ),
    subscribe(
      consumerGroups.notificationOrders,
      onEvent(ordering.orderCreated, tell(app, 'created')),
      onEvent(ordering.orderApproved, tell(app, 'approved')),
      onEvent(ordering.orderRejected, tell(app, 'rejected')),
      onEvent(ordering.orderCanceled, tell(app, 'canceled')),
      onEvent(ordering.orderReadied, tell(app, 'ready')),
      onEvent(ordering.orderCompleted, tell(app, 'completed')),
    ),
  ];
}

/** What all order events tell; a rejection also tells why. */
interface OrderEvent {
  readonly id: string;
  readonly customerId: string;
  readonly reason?: string;
}

function tell(app: NotificationsApplication, kind: NotificationKind) {
  return ({ payload }: Incoming<OrderEvent>, unit: UnitOfWork): void =>
    app.record(unit, {
      kind,
      orderId: id(payload.id),
      customerId: id(payload.customerId),
      reason: payload.reason ?? '',
    });
}
