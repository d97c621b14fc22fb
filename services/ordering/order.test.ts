import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { given, history, proveOutcomes } from '../kernel/domain/given-when-then.ts';
import { fold, id, MAX_AMOUNT, MAX_QUANTITY, moneyFromNumber } from '../kernel/domain/index.ts';
import {
  type CreateOrder,
  type Order,
  type OrderCommand,
  type OrderEvent,
  type OrderItem,
  order,
  orderTotal,
} from './order.ts';

const money = (amount: number) => moneyFromNumber(amount, 'the amount');

const wizard: OrderItem = {
  productId: id('wizard'),
  storeId: id('store-1'),
  storeName: 'Waldorf Books',
  productName: 'Wizard w/ crystal',
  price: money(9.99),
  quantity: 3,
};
const create: CreateOrder = {
  type: 'CreateOrder',
  customerId: id('customer-id'),
  paymentId: id('payment-id'),
  items: [wizard],
};
const { customerId, paymentId, items } = create;

const created: OrderEvent = { type: 'ordering.OrderCreated', customerId, paymentId, items };
const rejected: OrderEvent = { type: 'ordering.OrderRejected', reason: 'customer is not authorized' };
const approved: OrderEvent = { type: 'ordering.OrderApproved', shoppingId: id('list-1') };
const canceled: OrderEvent = { type: 'ordering.OrderCanceled', customerId, paymentId };
const readied: OrderEvent = { type: 'ordering.OrderReadied', customerId, paymentId, total: money(29.97) };
const completed: OrderEvent = { type: 'ordering.OrderCompleted', customerId, invoiceId: id('invoice-1') };

const situations = {
  'no order': [],
  'a pending order': [created],
  'a rejected order': [created, rejected],
  'a cancelled order': [created, canceled],
  'an approved order': [created, approved],
  'a ready order': [created, approved, readied],
  'a completed order': [created, approved, readied, completed],
} satisfies Record<string, readonly OrderEvent[]>;

const commands = {
  CreateOrder: create,
  RejectOrder: { type: 'RejectOrder', reason: 'customer is not authorized' },
  ApproveOrder: { type: 'ApproveOrder', shoppingId: id('list-1') },
  'ApproveOrder with another list': { type: 'ApproveOrder', shoppingId: id('list-2') },
  CancelOrder: { type: 'CancelOrder' },
  ReadyOrder: { type: 'ReadyOrder' },
  CompleteOrder: { type: 'CompleteOrder', invoiceId: id('invoice-1') },
  'CompleteOrder with another invoice': { type: 'CompleteOrder', invoiceId: id('invoice-2') },
  'CompleteOrder without invoice': { type: 'CompleteOrder', invoiceId: id(' ') },
} satisfies Record<string, OrderCommand>;

const refused = {
  CreateOrder: 'BadRequest: create order command: the order cannot be recreated',
  RejectOrder: 'BadRequest: the order cannot be rejected',
  ApproveOrder: 'BadRequest: the order cannot be approved',
  'ApproveOrder with another list': 'BadRequest: the order cannot be approved',
  CancelOrder: 'BadRequest: the order cannot be cancelled',
  ReadyOrder: 'BadRequest: the order cannot be readied',
  CompleteOrder: 'BadRequest: the order cannot be completed',
  'CompleteOrder with another invoice': 'BadRequest: the order cannot be completed',
  'CompleteOrder without invoice': 'BadRequest: the order cannot be completed',
} as const;

describe('rows O2 and K7: every command in every situation', () => {
  proveOutcomes(order, situations, commands, {
    'no order': { ...refused, CreateOrder: 'ordering.OrderCreated' },
    'a pending order': {
      ...refused,
      RejectOrder: 'ordering.OrderRejected',
      ApproveOrder: 'ordering.OrderApproved',
      'ApproveOrder with another list': 'ordering.OrderApproved',
      CancelOrder: 'ordering.OrderCanceled',
    },
    'a rejected order': { ...refused, RejectOrder: 'nothing' },
    'a cancelled order': { ...refused, RejectOrder: 'nothing' },
    'an approved order': { ...refused, ApproveOrder: 'nothing', ReadyOrder: 'ordering.OrderReadied' },
    'a ready order': {
      ...refused,
      ApproveOrder: 'nothing',
      ReadyOrder: 'nothing',
      CompleteOrder: 'ordering.OrderCompleted',
      'CompleteOrder with another invoice': 'ordering.OrderCompleted',
      'CompleteOrder without invoice': 'BadRequest: the invoice id cannot be blank',
    },
    'a completed order': { ...refused, ApproveOrder: 'nothing', CompleteOrder: 'nothing' },
  });
});

describe('creating', () => {
  const { when } = given(order);

  test('keeps customer, payment and items, and waits', () => {
    when(create).gives(created);
    when(create).leaves({ ...order.initial, status: 'pending', customerId, paymentId, items });
  });
  test('checks in the order of the original', () => {
    const nothing: CreateOrder = { ...create, customerId: id(''), paymentId: id(''), items: [] };
    when(nothing).isRefused('BadRequest: create order command: the order has no items');
    const nobody: CreateOrder = { ...nothing, items: [{ ...wizard, quantity: 0 }] };
    when(nobody).isRefused('BadRequest: create order command: the customer id cannot be blank');
    const unpaid: CreateOrder = { ...nobody, customerId };
    when(unpaid).isRefused('BadRequest: create order command: the payment id cannot be blank');
  });
  test('row O8: quantities and prices of the caller are checked', () => {
    const refusal = (item: Partial<OrderItem>, text: string) =>
      when({ ...create, items: [wizard, { ...wizard, ...item }] }).isRefused(
        `BadRequest: create order command: ${text}`,
      );
    refusal({ quantity: -1 }, 'the item quantity cannot be negative');
    refusal({ quantity: 0 }, 'the item quantity cannot be zero');
    refusal({ quantity: 0.5 }, 'the item quantity must be a whole number');
    refusal({ quantity: MAX_QUANTITY + 1 }, `the item quantity cannot be more than ${MAX_QUANTITY}`);
    refusal({ price: money(-0.01) }, 'the item price cannot be negative');
    refusal({ price: money(MAX_AMOUNT), quantity: 1 }, 'the order total cannot be more than 99999999.9999');
  });
  test('row X2: the largest amount can be ordered', () => {
    const dear = [{ ...wizard, price: money(MAX_AMOUNT), quantity: 1 }];
    when({ ...create, items: dear }).gives({
      type: 'ordering.OrderCreated',
      customerId,
      paymentId,
      items: dear,
    });
  });
  test('row O8: what costs nothing may be ordered', () => {
    when({ ...create, items: [{ ...wizard, price: money(0) }] }).leaves({
      ...given(order, created).state,
      items: [{ ...wizard, price: money(0) }],
    });
  });
});

describe('what the transitions carry', () => {
  test('row K9: a rejection tells its reason', () => {
    given(order, created).when(commands.RejectOrder).gives(rejected);
  });
  test('an approval names the shopping list', () => {
    const { state, when } = given(order, created);
    when(commands.ApproveOrder).gives(approved);
    when(commands.ApproveOrder).leaves({ ...state, status: 'approved', shoppingId: id('list-1') });
  });
  test('a cancellation names customer and payment', () => {
    given(order, created).when(commands.CancelOrder).gives(canceled);
  });
  test('row K10: a readied order tells its exact total', () => {
    given(order, created, approved).when(commands.ReadyOrder).gives(readied);
    assert.equal(orderTotal({ items: [{ ...wizard, price: money(0.1) }] }), money(0.3));
  });
  test('row O4: a completed order keeps its invoice', () => {
    const { state, when } = given(order, created, approved, readied);
    when(commands.CompleteOrder).gives(completed);
    when(commands.CompleteOrder).leaves({ ...state, status: 'completed', invoiceId: id('invoice-1') });
  });
});

describe('whatever is asked of an order', () => {
  const asked = fc.array(fc.constantFrom<OrderCommand>(...Object.values(commands)), { maxLength: 30 });
  const next: Readonly<Record<Order['status'], readonly Order['status'][]>> = {
    '': ['pending'],
    pending: ['rejected', 'approved', 'cancelled'],
    approved: ['ready'],
    ready: ['completed'],
    rejected: [],
    completed: [],
    cancelled: [],
  };

  test('it goes by the machine, and never leaves rejected, cancelled or completed', () => {
    fc.assert(
      fc.property(asked, (sequence) => {
        let { status } = order.initial;
        let state = order.initial;
        for (const event of history(order, sequence)) {
          state = order.evolve(state, event);
          assert.ok(next[status].includes(state.status), `${status} → ${state.status}`);
          status = state.status;
        }
      }),
    );
  });
  test('its items and its total never change once it is created', () => {
    fc.assert(
      fc.property(asked, (sequence) => {
        const state = fold(order, history(order, [create, ...sequence]));
        assert.deepEqual(state.items, items);
        assert.equal(orderTotal(state), money(29.97));
      }),
    );
  });
});
