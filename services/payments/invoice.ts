import {
  AlreadyExists,
  BadRequest,
  type Decider,
  id,
  isBlank,
  type Money,
  type OrderId,
  type PaymentId,
  ZERO,
} from '../kernel/domain/index.ts';

/** pending → paid | canceled; both ends are final. */
export type InvoiceStatus = '' | 'pending' | 'paid' | 'canceled';

/** What a customer owes for a readied order. */
export interface Invoice {
  readonly status: InvoiceStatus;
  readonly orderId: OrderId;
  /** The payment to capture when the invoice is paid; the original threw it away (row P7). */
  readonly paymentId: PaymentId;
  readonly amount: Money;
}

export type InvoiceCommand =
  | ({ readonly type: 'CreateInvoice' } & InvoiceDetails)
  | { readonly type: 'AdjustInvoice'; readonly amount: Money }
  | { readonly type: 'PayInvoice' }
  | { readonly type: 'CancelInvoice' };

export type InvoiceEvent =
  | ({ readonly type: 'payments.InvoiceCreated' } & InvoiceDetails)
  | { readonly type: 'payments.InvoiceAdjusted'; readonly amount: Money }
  | { readonly type: 'payments.InvoicePaid'; readonly orderId: OrderId }
  | { readonly type: 'payments.InvoiceCanceled'; readonly orderId: OrderId };

export interface InvoiceDetails {
  readonly orderId: OrderId;
  readonly paymentId: PaymentId;
  readonly amount: Money;
}

export const invoice: Decider<Invoice, InvoiceCommand, InvoiceEvent> = {
  initial: { status: '', orderId: id(''), paymentId: id(''), amount: ZERO },
  decide,
  evolve,
};

function decide(command: InvoiceCommand, state: Invoice): readonly InvoiceEvent[] {
  const { status, orderId } = state;
  switch (command.type) {
    case 'CreateInvoice':
      return create(command, state);
    case 'AdjustInvoice':
      // What is paid or canceled stays as it is (row P10).
      if (status !== 'pending') throw new BadRequest('invoice cannot be adjusted');
      checkAmount(command.amount);
      return [{ type: 'payments.InvoiceAdjusted', amount: command.amount }];
    case 'PayInvoice':
      if (status !== 'pending') throw new BadRequest('invoice cannot be paid for');
      return [{ type: 'payments.InvoicePaid', orderId }];
    case 'CancelInvoice':
      // The original told of paying here (row P12).
      if (status !== 'pending') throw new BadRequest('invoice cannot be canceled');
      return [{ type: 'payments.InvoiceCanceled', orderId }];
  }
}

function create(
  { orderId, paymentId, amount }: InvoiceDetails,
  { status }: Invoice,
): readonly InvoiceEvent[] {
  if (status !== '') throw new AlreadyExists('invoice with that ID already exists');
  if (isBlank(orderId)) throw new BadRequest('the order id cannot be blank');
  checkAmount(amount);
  return [{ type: 'payments.InvoiceCreated', orderId, paymentId, amount }];
}

function checkAmount(amount: Money): void {
  if (amount < ZERO) throw new BadRequest('the invoice amount cannot be negative');
}

function evolve(state: Invoice, event: InvoiceEvent): Invoice {
  switch (event.type) {
    case 'payments.InvoiceCreated': {
      const { orderId, paymentId, amount } = event;
      return { status: 'pending', orderId, paymentId, amount };
    }
    case 'payments.InvoiceAdjusted':
      return { ...state, amount: event.amount };
    case 'payments.InvoicePaid':
      return { ...state, status: 'paid' };
    case 'payments.InvoiceCanceled':
      return { ...state, status: 'canceled' };
  }
}
