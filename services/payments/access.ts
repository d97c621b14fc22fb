import type { PaymentsServiceService } from '../../proto/gen/payments/api.ts';
import type { AccessTable } from '../kernel/rpc/index.ts';

/** Customers reach their own payments and invoices only (grpc.ts); what is owed is for the mall to say. */
export const paymentsAccess: AccessTable<typeof PaymentsServiceService> = {
  authorizePayment: ['customer'],
  confirmPayment: ['service'],
  createInvoice: ['service'],
  adjustInvoice: ['service'],
  payInvoice: ['customer'],
  cancelInvoice: ['service'],
  getPayment: ['customer'],
  getInvoice: ['customer'],
};
