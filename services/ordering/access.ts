import type { OrderingServiceService } from '../../proto/gen/ordering/api.ts';
import type { AccessTable } from '../kernel/rpc/index.ts';

/**
 * Customers reach their own orders only (grpc.ts) and make them by a checkout: an order made directly names its own
 * prices (row O8). What is ready or completed is for the mall to say.
 */
export const orderingAccess: AccessTable<typeof OrderingServiceService> = {
  createOrder: ['service'],
  getOrder: ['customer'],
  cancelOrder: ['customer'],
  readyOrder: ['service'],
  completeOrder: ['service'],
};
