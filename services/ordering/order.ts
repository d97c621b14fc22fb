import {
  BadRequest,
  type CustomerId,
  checkQuantity,
  type Decider,
  type InvoiceId,
  id,
  isBlank,
  MAX_AMOUNT,
  type Money,
  moneyFromNumber,
  type PaymentId,
  type ProductId,
  type ShoppingListId,
  type StoreId,
  sum,
  telling,
  times,
  ZERO,
} from '../kernel/domain/index.ts';

export interface OrderItem {
  readonly productId: ProductId;
  readonly storeId: StoreId;
  readonly storeName: string;
  readonly productName: string;
  readonly price: Money;
  readonly quantity: number;
}

/**
 * pending → approved | rejected | cancelled; approved → ready; ready → completed.
 * The wire also reserves `in-progress`, between approved and ready; nothing sets it (row O9).
 */
export type OrderStatus = '' | 'pending' | 'rejected' | 'approved' | 'ready' | 'completed' | 'cancelled';

export interface Order {
  readonly status: OrderStatus;
  readonly customerId: CustomerId;
  readonly paymentId: PaymentId;
  /** Blank until the order is completed. */
  readonly invoiceId: InvoiceId;
  /** Blank until the order is approved. */
  readonly shoppingId: ShoppingListId;
  readonly items: readonly OrderItem[];
}

export type OrderCommand =
  | CreateOrder
  | { readonly type: 'RejectOrder'; readonly reason: string }
  | { readonly type: 'ApproveOrder'; readonly shoppingId: ShoppingListId }
  | { readonly type: 'CancelOrder' }
  | { readonly type: 'ReadyOrder' }
  | { readonly type: 'CompleteOrder'; readonly invoiceId: InvoiceId };

export interface CreateOrder {
  readonly type: 'CreateOrder';
  readonly customerId: CustomerId;
  readonly paymentId: PaymentId;
  readonly items: readonly OrderItem[];
}

export type OrderEvent =
  | {
      readonly type: 'ordering.OrderCreated';
      readonly customerId: CustomerId;
      readonly paymentId: PaymentId;
      readonly items: readonly OrderItem[];
    }
  | { readonly type: 'ordering.OrderRejected'; readonly reason: string }
  | { readonly type: 'ordering.OrderApproved'; readonly shoppingId: ShoppingListId }
  | {
      readonly type: 'ordering.OrderCanceled';
      readonly customerId: CustomerId;
      readonly paymentId: PaymentId;
    }
  | {
      readonly type: 'ordering.OrderReadied';
      readonly customerId: CustomerId;
      readonly paymentId: PaymentId;
      readonly total: Money;
    }
  | {
      readonly type: 'ordering.OrderCompleted';
      readonly customerId: CustomerId;
      readonly invoiceId: InvoiceId;
    };

export const order: Decider<Order, OrderCommand, OrderEvent> = {
  initial: {
    status: '',
    customerId: id(''),
    paymentId: id(''),
    invoiceId: id(''),
    shoppingId: id(''),
    items: [],
  },
  decide,
  evolve,
};

/** The exact price of all the order's items. */
export function orderTotal({ items }: Pick<Order, 'items'>): Money {
  return sum(items.map((item) => times(item.price, item.quantity)));
}

function decide(command: OrderCommand, state: Order): readonly OrderEvent[] {
  switch (command.type) {
    case 'CreateOrder':
      return telling('create order command', () => createOrder(command, state));
    case 'RejectOrder':
      return rejectOrder(command.reason, state);
    case 'ApproveOrder':
      return approveOrder(command.shoppingId, state);
    case 'CancelOrder':
      return cancelOrder(state);
    case 'ReadyOrder':
      return readyOrder(state);
    case 'CompleteOrder':
      return completeOrder(command.invoiceId, state);
  }
}

function createOrder({ customerId, paymentId, items }: CreateOrder, state: Order): readonly OrderEvent[] {
  if (state.status !== '') throw new BadRequest('the order cannot be recreated');
  if (items.length === 0) throw new BadRequest('the order has no items');
  if (isBlank(customerId)) throw new BadRequest('the customer id cannot be blank');
  if (isBlank(paymentId)) throw new BadRequest('the payment id cannot be blank');
  checkItems(items);
  return [{ type: 'ordering.OrderCreated', customerId, paymentId, items }];
}

/** The caller's quantities and prices are not to be trusted (row O8). */
function checkItems(items: readonly OrderItem[]): void {
  for (const { quantity, price } of items) {
    checkQuantity(quantity);
    if (price < ZERO) throw new BadRequest('the item price cannot be negative');
  }
  // A total beyond the largest amount could neither be paid nor be read back exactly.
  if (orderTotal({ items }) > moneyFromNumber(MAX_AMOUNT, 'the largest amount')) {
    throw new BadRequest(`the order total cannot be more than ${MAX_AMOUNT}`);
  }
}

// Each transition has its guard; a repeat of what the same command did before is no news (row O2).

function rejectOrder(reason: string, { status }: Order): readonly OrderEvent[] {
  // An order cancelled while its saga ran needs no rejecting any more (row K7).
  if (status === 'rejected' || status === 'cancelled') return [];
  if (status !== 'pending') throw new BadRequest('the order cannot be rejected');
  return [{ type: 'ordering.OrderRejected', reason }];
}

function approveOrder(shoppingId: ShoppingListId, state: Order): readonly OrderEvent[] {
  const { status } = state;
  const approvedBefore = status === 'approved' || status === 'ready' || status === 'completed';
  // A saga that resends its command may find the order further on.
  if (approvedBefore && shoppingId === state.shoppingId) return [];
  if (status !== 'pending') throw new BadRequest('the order cannot be approved');
  return [{ type: 'ordering.OrderApproved', shoppingId }];
}

function cancelOrder({ status, customerId, paymentId }: Order): readonly OrderEvent[] {
  if (status !== 'pending') throw new BadRequest('the order cannot be cancelled');
  return [{ type: 'ordering.OrderCanceled', customerId, paymentId }];
}

function readyOrder(state: Order): readonly OrderEvent[] {
  const { status, customerId, paymentId } = state;
  if (status === 'ready') return [];
  if (status !== 'approved') throw new BadRequest('the order cannot be readied');
  return [{ type: 'ordering.OrderReadied', customerId, paymentId, total: orderTotal(state) }];
}

function completeOrder(invoiceId: InvoiceId, state: Order): readonly OrderEvent[] {
  if (state.status === 'completed' && invoiceId === state.invoiceId) return [];
  if (state.status !== 'ready') throw new BadRequest('the order cannot be completed');
  // The original lost the invoice on the way (row O4).
  if (isBlank(invoiceId)) throw new BadRequest('the invoice id cannot be blank');
  return [{ type: 'ordering.OrderCompleted', customerId: state.customerId, invoiceId }];
}

function evolve(state: Order, event: OrderEvent): Order {
  switch (event.type) {
    case 'ordering.OrderCreated': {
      const { customerId, paymentId, items } = event;
      return { ...state, status: 'pending', customerId, paymentId, items };
    }
    case 'ordering.OrderRejected':
      return { ...state, status: 'rejected' };
    case 'ordering.OrderApproved':
      return { ...state, status: 'approved', shoppingId: event.shoppingId };
    case 'ordering.OrderCanceled':
      return { ...state, status: 'cancelled' };
    case 'ordering.OrderReadied':
      return { ...state, status: 'ready' };
    case 'ordering.OrderCompleted':
      return { ...state, status: 'completed', invoiceId: event.invoiceId };
  }
}
