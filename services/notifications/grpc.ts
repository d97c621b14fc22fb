import { NotificationsServiceService } from '../../proto/gen/notifications/api.ts';
import type { CustomerId, OrderId } from '../kernel/domain/index.ts';
import { type Call, idField, rpcService } from '../kernel/rpc/index.ts';
import { notificationsAccess } from './access.ts';
import type { NotificationsApplication } from './application.ts';
import type { NotificationKind } from './notification.ts';

/** The notifications' gRPC service: requests in, use case, responses out. */
export function notificationsService(app: NotificationsApplication) {
  return rpcService(
    NotificationsServiceService,
    {
      notifyOrderCreated: notify(app, 'created'),
      notifyOrderCanceled: notify(app, 'canceled'),
      notifyOrderReady: notify(app, 'ready'),
    },
    notificationsAccess,
  );
}

function notify(app: NotificationsApplication, kind: NotificationKind) {
  return async (request: { orderId: string; customerId: string }, { causation }: Call) => {
    const orderId = idField<OrderId>('the order id', request.orderId);
    const customerId = idField<CustomerId>('the customer id', request.customerId);
    await app.notify({ kind, orderId, customerId }, causation);
    return {};
  };
}
