import type { CustomersServiceService } from '../../proto/gen/customers/api.ts';
import type { AccessTable } from '../kernel/rpc/index.ts';

/** Customers reach their own record only (grpc.ts). Being barred from ordering is not theirs to lift. */
export const customersAccess: AccessTable<typeof CustomersServiceService> = {
  registerCustomer: 'anybody',
  authorizeCustomer: ['service'],
  getCustomer: ['customer'],
  enableCustomer: ['service'],
  disableCustomer: ['service'],
  changeSmsNumber: ['customer'],
};
