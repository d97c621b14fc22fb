import type { OrderingServiceService } from '../../proto/gen/ordering/api.ts';
import type { AccessTable } from '../kernel/rpc/index.ts';

/** Customers reach their own orders only (grpc.ts); what is ready or completed is for the mall to say. */
export const orderingAccess: AccessTable<typeof OrderingServiceService> = {
  createOrder: ['customer'],
  getOrder: ['customer'],
  cancelOrder: ['customer'],
  readyOrder: ['service'],
  completeOrder: ['service'],
};
