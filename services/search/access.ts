import type { SearchServiceService } from '../../proto/gen/search/api.ts';
import type { AccessTable } from '../kernel/rpc/index.ts';

/** Customers find their own orders only (grpc.ts). */
export const searchAccess: AccessTable<typeof SearchServiceService> = {
  searchOrders: ['customer'],
  getOrder: ['customer'],
};
