import { consumerGroups, messages } from '../../proto/catalogue.ts';
import type { UnitOfWork } from '../kernel/database/index.ts';
import {
  type CustomerId,
  id,
  moneyFromNumber,
  type OrderId,
  type PaymentId,
} from '../kernel/domain/index.ts';
import type { Recorded } from '../kernel/eventstore/index.ts';
import {
  type Outbox,
  onCommand,
  onEvent,
  publication,
  type SubscribedGroup,
  subscribe,
} from '../kernel/messaging/index.ts';
import type { PaymentsApplication } from './application.ts';
import type { Invoice, InvoiceEvent } from './invoice.ts';

const { ordering, payments } = messages;

/** Tells ordering that an invoice is paid; nothing else of an invoice concerns other contexts. */
export function publishInvoiceEvent(outbox: Outbox) {
  return (recorded: Recorded<Invoice, InvoiceEvent>, unit: UnitOfWork): void => {
    const { aggregateId, event, occurredAt, version } = recorded;
    if (event.type !== 'payments.InvoicePaid') return;
    const message = publication(payments.invoicePaid, { id: aggregateId, orderId: event.orderId });
    const subject = { name: 'payments.Invoice', id: aggregateId, version };
    outbox.event(unit, message, { id: recorded.id, subject, occurredAt });
  };
}

/** What payments handle: orders that are ready or cancelled, and the saga's commands. */
export function paymentsSubscriptions(app: PaymentsApplication, outbox: Outbox): readonly SubscribedGroup[] {
  return [
    subscribe(
      consumerGroups.paymentOrders,
      onEvent(ordering.orderReadied, async ({ payload }, unit) => {
        await app.invoiceOrder(unit, {
          orderId: id<OrderId>(payload.id),
          paymentId: id<PaymentId>(payload.paymentId),
          amount: moneyFromNumber(payload.total, 'the order total'),
        });
      }),
      onEvent(ordering.orderCanceled, async ({ payload }, unit) => {
        await app.cancelOrder(unit, {
          orderId: id<OrderId>(payload.id),
          customerId: id<CustomerId>(payload.customerId),
          paymentId: id<PaymentId>(payload.paymentId),
        });
      }),
    ),
    subscribe(
      consumerGroups.paymentCommands,
      onCommand(outbox, payments.confirmPayment, async ({ payload }, unit) => {
        await app.confirmPayment(unit, id<PaymentId>(payload.id), {
          type: 'ConfirmPayment',
          orderId: id<OrderId>(payload.orderId),
          customerId: id<CustomerId>(payload.customerId),
          amount: moneyFromNumber(payload.amount, 'the order total'),
        });
        return undefined;
      }),
      onCommand(outbox, payments.releasePayment, async ({ payload }, unit) => {
        await app.releasePayment(unit, id<PaymentId>(payload.id), {
          type: 'ReleasePayment',
          orderId: id<OrderId>(payload.orderId),
          ...(payload.customerId !== '' && { customerId: id<CustomerId>(payload.customerId) }),
        });
        return undefined;
      }),
    ),
  ];
}
