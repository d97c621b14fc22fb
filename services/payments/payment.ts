import {
  AlreadyExists,
  BadRequest,
  type CustomerId,
  type Decider,
  FailedPrecondition,
  id,
  isBlank,
  type Money,
  NotFound,
  type OrderId,
  ZERO,
} from '../kernel/domain/index.ts';

/**
 * authorized → confirmed for one order → captured | released, or at once released for one (row P2).
 * Confirming binds the authorised money to an order, capturing takes it, releasing gives it back.
 */
export type PaymentStatus = '' | 'authorized' | 'confirmed' | 'captured' | 'released';

export interface Payment {
  readonly status: PaymentStatus;
  readonly customerId: CustomerId;
  readonly amount: Money;
  /** The order it pays for, or was released for; blank before. */
  readonly orderId: OrderId;
  /** What was taken of the amount: never more, often less. */
  readonly captured: Money;
}

export type PaymentCommand =
  | { readonly type: 'AuthorizePayment'; readonly customerId: CustomerId; readonly amount: Money }
  | ConfirmPayment
  | ReleasePayment
  | { readonly type: 'CapturePayment'; readonly orderId: OrderId; readonly amount: Money };

/** `amount` is the order's total. Callers older than rows P2 and P3 name neither order nor customer. */
export interface ConfirmPayment {
  readonly type: 'ConfirmPayment';
  readonly orderId: OrderId;
  readonly customerId?: CustomerId;
  readonly amount: Money;
}

/** Where the order's customer is known, a payment of another one is none of the order's. */
export interface ReleasePayment {
  readonly type: 'ReleasePayment';
  readonly orderId: OrderId;
  readonly customerId?: CustomerId;
}

export type PaymentEvent =
  | { readonly type: 'payments.PaymentAuthorized'; readonly customerId: CustomerId; readonly amount: Money }
  | { readonly type: 'payments.PaymentConfirmed'; readonly orderId: OrderId }
  | { readonly type: 'payments.PaymentReleased'; readonly orderId: OrderId }
  | { readonly type: 'payments.PaymentCaptured'; readonly orderId: OrderId; readonly amount: Money };

export const payment: Decider<Payment, PaymentCommand, PaymentEvent> = {
  initial: { status: '', customerId: id(''), amount: ZERO, orderId: id(''), captured: ZERO },
  decide,
  evolve,
};

function decide(command: PaymentCommand, state: Payment): readonly PaymentEvent[] {
  switch (command.type) {
    case 'AuthorizePayment':
      return authorize(command.customerId, command.amount, state);
    case 'ConfirmPayment':
      return confirm(command, state);
    case 'ReleasePayment':
      return release(command, state);
    case 'CapturePayment':
      return capture(command.orderId, command.amount, state);
  }
}

/** The original authorised anything for anybody (row P4). */
function authorize(customerId: CustomerId, amount: Money, { status }: Payment): readonly PaymentEvent[] {
  if (status !== '') throw new AlreadyExists('payment with that ID already exists');
  if (isBlank(customerId)) throw new BadRequest('the customer id cannot be blank');
  if (amount <= ZERO) throw new BadRequest('the payment amount must be more than zero');
  return [{ type: 'payments.PaymentAuthorized', customerId, amount }];
}

function confirm(command: ConfirmPayment, state: Payment): readonly PaymentEvent[] {
  const { orderId, customerId = id(''), amount } = command;
  if (state.status === '') throw new NotFound('payment cannot be confirmed');
  if (state.status === 'released') throw new FailedPrecondition('payment has been released');
  if (isBlank(orderId)) {
    // Binds the payment to no order: a question only, as every confirmation was in the original.
    checkCover(customerId, amount, state);
    return [];
  }
  if (state.status === 'authorized') {
    checkCover(customerId, amount, state);
    return [{ type: 'payments.PaymentConfirmed', orderId }];
  }
  // One payment pays one order; a repeat for that order is no news (row P2).
  if (state.orderId !== orderId) throw new FailedPrecondition('payment is confirmed for another order');
  return [];
}

function checkCover(customerId: CustomerId, amount: Money, state: Payment): void {
  if (!isBlank(customerId) && customerId !== state.customerId) {
    // Nobody's order is paid with somebody else's money (row P3).
    throw new FailedPrecondition('payment belongs to another customer');
  }
  // The original looked at no amount at all (row P1).
  if (state.amount < amount) throw new FailedPrecondition('payment does not cover the order total');
}

/**
 * Gives back what is held for the order (row P6). A payment not yet confirmed is released for good as well: the
 * confirmation may be late, and must then be refused. Where nothing is held for the order there is nothing to do.
 */
function release({ orderId, customerId = id('') }: ReleasePayment, state: Payment): readonly PaymentEvent[] {
  if (isBlank(orderId) || (!isBlank(customerId) && customerId !== state.customerId)) return [];
  if (state.status === 'authorized') return [{ type: 'payments.PaymentReleased', orderId }];
  if (state.orderId !== orderId) return [];
  if (state.status === 'captured') throw new FailedPrecondition('payment has been captured');
  return state.status === 'confirmed' ? [{ type: 'payments.PaymentReleased', orderId }] : [];
}

/** Takes of the money held for the order what its invoice comes to, once that is paid (row P6). */
function capture(orderId: OrderId, amount: Money, state: Payment): readonly PaymentEvent[] {
  if (state.orderId === orderId && state.status === 'captured') return [];
  if (state.orderId !== orderId || state.status !== 'confirmed') {
    throw new FailedPrecondition('payment cannot be captured');
  }
  if (state.amount < amount) throw new FailedPrecondition('payment does not cover the invoice');
  return [{ type: 'payments.PaymentCaptured', orderId, amount }];
}

function evolve(state: Payment, event: PaymentEvent): Payment {
  switch (event.type) {
    case 'payments.PaymentAuthorized':
      return { ...state, status: 'authorized', customerId: event.customerId, amount: event.amount };
    case 'payments.PaymentConfirmed':
      return { ...state, status: 'confirmed', orderId: event.orderId };
    case 'payments.PaymentReleased':
      return { ...state, status: 'released', orderId: event.orderId };
    case 'payments.PaymentCaptured':
      return { ...state, status: 'captured', captured: event.amount };
  }
}
