import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { given, history, proveOutcomes } from '../kernel/domain/given-when-then.ts';
import { id, moneyFromNumber } from '../kernel/domain/index.ts';
import { type ConfirmPayment, type PaymentCommand, type PaymentEvent, payment } from './payment.ts';

const money = (amount: number) => moneyFromNumber(amount, 'the amount');

const order1: ConfirmPayment['orderId'] = id('order-1');
const order2: ConfirmPayment['orderId'] = id('order-2');
const authorized: PaymentEvent = {
  type: 'payments.PaymentAuthorized',
  customerId: id('customer-id'),
  amount: money(29.97),
};
const confirmed: PaymentEvent = { type: 'payments.PaymentConfirmed', orderId: order1 };
const released: PaymentEvent = { type: 'payments.PaymentReleased', orderId: order1 };
const captured: PaymentEvent = { type: 'payments.PaymentCaptured', orderId: order1, amount: money(20) };

const confirm: ConfirmPayment = {
  type: 'ConfirmPayment',
  orderId: order1,
  customerId: id('customer-id'),
  amount: money(29.97),
};

const situations = {
  'no payment': [],
  'an authorized payment': [authorized],
  'a confirmed payment': [authorized, confirmed],
  'a released payment': [authorized, confirmed, released],
  'a payment released before it was confirmed': [authorized, released],
  'a captured payment': [authorized, confirmed, captured],
} satisfies Record<string, readonly PaymentEvent[]>;

const commands = {
  AuthorizePayment: { type: 'AuthorizePayment', customerId: id('customer-id'), amount: money(29.97) },
  ConfirmPayment: confirm,
  'ConfirmPayment for another order': { ...confirm, orderId: order2 },
  'ConfirmPayment for no order': { type: 'ConfirmPayment', orderId: id(''), amount: money(0) },
  ReleasePayment: { type: 'ReleasePayment', orderId: order1 },
  'ReleasePayment for another order': { type: 'ReleasePayment', orderId: order2 },
  'ReleasePayment for no order': { type: 'ReleasePayment', orderId: id('') },
  'ReleasePayment of another customer': {
    type: 'ReleasePayment',
    orderId: order1,
    customerId: id('somebody'),
  },
  CapturePayment: { type: 'CapturePayment', orderId: order1, amount: money(20) },
  'CapturePayment of too much': { type: 'CapturePayment', orderId: order1, amount: money(29.9701) },
  'CapturePayment for another order': { type: 'CapturePayment', orderId: order2, amount: money(20) },
} satisfies Record<string, PaymentCommand>;

const exists = 'AlreadyExists: payment with that ID already exists';
const missing = 'NotFound: payment cannot be confirmed';
const gone = 'FailedPrecondition: payment has been released';
const taken = 'FailedPrecondition: payment is confirmed for another order';
const notCaptured = 'FailedPrecondition: payment cannot be captured';

const never = {
  AuthorizePayment: exists,
  ReleasePayment: 'nothing',
  'ReleasePayment for another order': 'nothing',
  'ReleasePayment for no order': 'nothing',
  'ReleasePayment of another customer': 'nothing',
  CapturePayment: notCaptured,
  'CapturePayment of too much': notCaptured,
  'CapturePayment for another order': notCaptured,
} as const;

const over = {
  ...never,
  ConfirmPayment: gone,
  'ConfirmPayment for another order': gone,
  'ConfirmPayment for no order': gone,
} as const;

const bound = {
  ...never,
  ConfirmPayment: 'nothing',
  'ConfirmPayment for another order': taken,
  'ConfirmPayment for no order': 'nothing',
} as const;

describe('rows P2 and P6: every command in every situation', () => {
  proveOutcomes(payment, situations, commands, {
    'no payment': {
      ...never,
      AuthorizePayment: 'payments.PaymentAuthorized',
      ConfirmPayment: missing,
      'ConfirmPayment for another order': missing,
      'ConfirmPayment for no order': missing,
    },
    'an authorized payment': {
      ...never,
      ConfirmPayment: 'payments.PaymentConfirmed',
      'ConfirmPayment for another order': 'payments.PaymentConfirmed',
      'ConfirmPayment for no order': 'nothing',
      ReleasePayment: 'payments.PaymentReleased',
      'ReleasePayment for another order': 'payments.PaymentReleased',
    },
    'a confirmed payment': {
      ...bound,
      ReleasePayment: 'payments.PaymentReleased',
      CapturePayment: 'payments.PaymentCaptured',
      'CapturePayment of too much': 'FailedPrecondition: payment does not cover the invoice',
    },
    'a released payment': over,
    'a payment released before it was confirmed': over,
    'a captured payment': {
      ...bound,
      ReleasePayment: 'FailedPrecondition: payment has been captured',
      CapturePayment: 'nothing',
      'CapturePayment of too much': 'nothing',
    },
  });
});

describe('authorizing', () => {
  const { when } = given(payment);
  const authorize = (customerId: string, amount: number) =>
    when({ type: 'AuthorizePayment', customerId: id(customerId), amount: money(amount) });

  test('holds the amount for the customer', () => {
    authorize('customer-id', 29.97).gives(authorized);
    authorize('customer-id', 29.97).leaves({
      status: 'authorized',
      customerId: id('customer-id'),
      amount: money(29.97),
      orderId: id(''),
      captured: money(0),
    });
  });
  test('row P4: needs a customer and an amount', () => {
    authorize(' ', 0).isRefused('BadRequest: the customer id cannot be blank');
    authorize('customer-id', 0).isRefused('BadRequest: the payment amount must be more than zero');
    authorize('customer-id', -1).isRefused('BadRequest: the payment amount must be more than zero');
  });
});

describe('confirming', () => {
  const { state, when } = given(payment, authorized);

  test('row P2: binds the payment to the order', () => {
    when(confirm).gives(confirmed);
    when(confirm).leaves({ ...state, status: 'confirmed', orderId: order1 });
  });
  test('row P1: the amount must cover the total, to the ten-thousandth', () => {
    const short = 'FailedPrecondition: payment does not cover the order total';
    when({ ...confirm, amount: money(29.9701) }).isRefused(short);
    when({ ...confirm, orderId: id(''), amount: money(29.9701) }).isRefused(short);
    when({ ...confirm, amount: money(29.9699) }).gives(confirmed);
  });
  test('row P3: the customer must be the same, where one is named', () => {
    const foreign = 'FailedPrecondition: payment belongs to another customer';
    when({ ...confirm, customerId: id('somebody') }).isRefused(foreign);
    when({ ...confirm, orderId: id(''), customerId: id('somebody') }).isRefused(foreign);
    when({ ...confirm, customerId: id('') }).gives(confirmed);
    when({ type: 'ConfirmPayment', orderId: order1, amount: money(29.97) }).gives(confirmed);
  });
  test('row P2: a confirmation without order leaves the payment free for one', () => {
    when(commands['ConfirmPayment for no order']).leaves(state);
  });
});

describe('row P6: the end of a payment', () => {
  const { state, when } = given(payment, authorized, confirmed);

  test('is release or capture, and names the order', () => {
    when(commands.ReleasePayment).gives(released);
    when(commands.ReleasePayment).leaves({ ...state, status: 'released' });
    when(commands.CapturePayment).gives(captured);
    when(commands.CapturePayment).leaves({ ...state, status: 'captured', captured: money(20) });
  });
  test('may be a release before the confirmation, which then comes too late', () => {
    const early = given(payment, authorized).when(commands.ReleasePayment);
    early.gives(released);
    early.leaves({ ...given(payment, authorized).state, status: 'released', orderId: order1 });
  });
  test('all of the amount can be captured, and nothing of it', () => {
    for (const amount of [money(29.97), money(0)]) {
      const all = when({ type: 'CapturePayment', orderId: order1, amount });
      all.leaves({ ...state, status: 'captured', captured: amount });
    }
  });
});

test('whatever is asked, a payment is confirmed once at most, and released or captured once at most', () => {
  const asked = fc.array(fc.constantFrom<PaymentCommand>(...Object.values(commands)));
  fc.assert(
    fc.property(asked, (sequence) => {
      const types = history(payment, sequence).map(({ type }) => type);
      assert.ok(types.filter((type) => type === 'payments.PaymentConfirmed').length <= 1);
      assert.ok(types.filter((type) => /Released|Captured/.test(type)).length <= 1);
    }),
  );
});
