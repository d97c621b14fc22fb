import {
  type Invoice as InvoiceMessage,
  type Payment as PaymentMessage,
  PaymentsServiceService,
} from '../../proto/gen/payments/api.ts';
import {
  type CustomerId,
  type InvoiceId,
  moneyToNumber,
  type OrderId,
  type PaymentId,
} from '../kernel/domain/index.ts';
import { idField, moneyField, mustOwn, mustOwnLoaded, rpcService } from '../kernel/rpc/index.ts';
import { paymentsAccess } from './access.ts';
import type { PaymentsApplication } from './application.ts';
import type { Invoice } from './invoice.ts';
import type { Payment } from './payment.ts';

/** The payments' gRPC service: requests in, use cases, responses out. */
export function paymentsService(app: PaymentsApplication) {
  return rpcService(
    PaymentsServiceService,
    {
      authorizePayment: async (request, { causation, caller }) => {
        const customerId = idField<CustomerId>('the customer id', request.customerId);
        mustOwn(caller, customerId);
        const amount = moneyField('the payment amount', request.amount);
        return { id: await app.authorizePayment({ customerId, amount }, causation) };
      },
      confirmPayment: async (request) => {
        await app.checkPayment(paymentId(request.id));
        return {};
      },
      createInvoice: async (request, { causation }) => {
        const details = {
          orderId: idField<OrderId>('the order id', request.orderId),
          paymentId: paymentId(request.paymentId),
          amount: moneyField('the invoice amount', request.amount),
        };
        return { id: await app.createInvoice(details, causation) };
      },
      adjustInvoice: async (request, { causation }) => {
        const amount = moneyField('the invoice amount', request.amount);
        await app.changeInvoice(invoiceId(request.id), { type: 'AdjustInvoice', amount }, causation);
        return {};
      },
      payInvoice: async (request, { causation, caller }) => {
        const id = invoiceId(request.id);
        await mustOwnLoaded(caller, () => app.ownerOfInvoice(id));
        await app.payInvoice(id, causation);
        return {};
      },
      cancelInvoice: async (request, { causation }) => {
        await app.changeInvoice(invoiceId(request.id), { type: 'CancelInvoice' }, causation);
        return {};
      },
      getPayment: async (request, { caller }) => {
        const id = paymentId(request.id);
        const payment = await app.getPayment(id);
        mustOwn(caller, payment.customerId);
        return { payment: paymentMessage(id, payment) };
      },
      getInvoice: async (request, { caller }) => {
        const id = invoiceId(request.id);
        await mustOwnLoaded(caller, () => app.ownerOfInvoice(id));
        return { invoice: invoiceMessage(id, await app.getInvoice(id)) };
      },
    },
    paymentsAccess,
  );
}

function paymentId(text: string): PaymentId {
  return idField<PaymentId>('the payment id', text);
}

function invoiceId(text: string): InvoiceId {
  return idField<InvoiceId>('the invoice id', text);
}

function paymentMessage(id: PaymentId, { customerId, amount, status, orderId }: Payment): PaymentMessage {
  return { id, customerId, amount: moneyToNumber(amount), status, orderId };
}

function invoiceMessage(id: InvoiceId, { orderId, paymentId, amount, status }: Invoice): InvoiceMessage {
  return { id, orderId, paymentId, amount: moneyToNumber(amount), status };
}
