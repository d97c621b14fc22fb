import type { BasketServiceService } from '../../proto/gen/baskets/api.ts';
import type { AccessTable } from '../kernel/rpc/index.ts';

/** Customers reach their own baskets only (grpc.ts). */
export const basketsAccess: AccessTable<typeof BasketServiceService> = {
  startBasket: ['customer'],
  getBasket: ['customer'],
  cancelBasket: ['customer'],
  checkoutBasket: ['customer'],
  addItem: ['customer'],
  removeItem: ['customer'],
};
