import type { NotificationsServiceService } from '../../proto/gen/notifications/api.ts';
import type { AccessTable } from '../kernel/rpc/index.ts';

/** Only the mall itself tells customers how their orders fare. */
export const notificationsAccess: AccessTable<typeof NotificationsServiceService> = {
  notifyOrderCreated: ['service'],
  notifyOrderCanceled: ['service'],
  notifyOrderReady: ['service'],
};
