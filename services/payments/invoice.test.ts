import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { given, history, proveOutcomes } from '../kernel/domain/given-when-then.ts';
import { fold, id, moneyFromNumber } from '../kernel/domain/index.ts';
import { type InvoiceCommand, type InvoiceDetails, type InvoiceEvent, invoice } from './invoice.ts';

const money = (amount: number) => moneyFromNumber(amount, 'the amount');

const details: InvoiceDetails = { orderId: id('order-1'), paymentId: id('payment-1'), amount: money(29.97) };
const created: InvoiceEvent = { type: 'payments.InvoiceCreated', ...details };
const adjusted: InvoiceEvent = { type: 'payments.InvoiceAdjusted', amount: money(20) };
const paid: InvoiceEvent = { type: 'payments.InvoicePaid', orderId: id('order-1') };
const canceled: InvoiceEvent = { type: 'payments.InvoiceCanceled', orderId: id('order-1') };

const situations = {
  'no invoice': [],
  'a pending invoice': [created],
  'a paid invoice': [created, paid],
  'a canceled invoice': [created, canceled],
} satisfies Record<string, readonly InvoiceEvent[]>;

const commands = {
  CreateInvoice: { type: 'CreateInvoice', ...details },
  'CreateInvoice below zero': { type: 'CreateInvoice', ...details, amount: money(-0.0001) },
  'CreateInvoice for no order': { type: 'CreateInvoice', ...details, orderId: id(' ') },
  AdjustInvoice: { type: 'AdjustInvoice', amount: money(20) },
  'AdjustInvoice below zero': { type: 'AdjustInvoice', amount: money(-0.0001) },
  PayInvoice: { type: 'PayInvoice' },
  CancelInvoice: { type: 'CancelInvoice' },
} satisfies Record<string, InvoiceCommand>;

const closed = {
  CreateInvoice: 'AlreadyExists: invoice with that ID already exists',
  'CreateInvoice below zero': 'AlreadyExists: invoice with that ID already exists',
  'CreateInvoice for no order': 'AlreadyExists: invoice with that ID already exists',
  AdjustInvoice: 'BadRequest: invoice cannot be adjusted',
  'AdjustInvoice below zero': 'BadRequest: invoice cannot be adjusted',
  PayInvoice: 'BadRequest: invoice cannot be paid for',
  CancelInvoice: 'BadRequest: invoice cannot be canceled',
} as const;

describe('every command in every situation', () => {
  proveOutcomes(invoice, situations, commands, {
    'no invoice': {
      ...closed,
      CreateInvoice: 'payments.InvoiceCreated',
      'CreateInvoice below zero': 'BadRequest: the invoice amount cannot be negative',
      'CreateInvoice for no order': 'BadRequest: the order id cannot be blank',
    },
    'a pending invoice': {
      ...closed,
      AdjustInvoice: 'payments.InvoiceAdjusted',
      'AdjustInvoice below zero': 'BadRequest: the invoice amount cannot be negative',
      PayInvoice: 'payments.InvoicePaid',
      CancelInvoice: 'payments.InvoiceCanceled',
    },
    'a paid invoice': closed,
    'a canceled invoice': closed,
  });
});

describe('what the commands leave behind', () => {
  const { state, when } = given(invoice, created);

  test('row P7: an invoice remembers the payment', () => {
    given(invoice).when(commands.CreateInvoice).gives(created);
    given(invoice)
      .when(commands.CreateInvoice)
      .leaves({ status: 'pending', ...details });
  });
  test('nothing may be owed', () => {
    const free = { ...details, amount: money(0) };
    given(invoice)
      .when({ type: 'CreateInvoice', ...free })
      .leaves({ status: 'pending', ...free });
    when({ type: 'AdjustInvoice', amount: money(0) }).leaves({ ...state, amount: money(0) });
  });
  test('row P10: a pending invoice can be adjusted, a closed one cannot', () => {
    when(commands.AdjustInvoice).gives(adjusted);
    when(commands.AdjustInvoice).leaves({ ...state, amount: money(20) });
    given(invoice, created, paid)
      .when(commands.AdjustInvoice)
      .isRefused('BadRequest: invoice cannot be adjusted');
  });
  test('row P8: canceled is a status like the others', () => {
    when(commands.PayInvoice).gives(paid);
    when(commands.PayInvoice).leaves({ ...state, status: 'paid' });
    when(commands.CancelInvoice).gives(canceled);
    when(commands.CancelInvoice).leaves({ ...state, status: 'canceled' });
  });
  test('row P11: paying twice is refused', () => {
    given(invoice, created, paid)
      .when(commands.PayInvoice)
      .isRefused('BadRequest: invoice cannot be paid for');
  });
  test('row P12: a refused cancellation says so', () => {
    given(invoice, created, paid)
      .when(commands.CancelInvoice)
      .isRefused('BadRequest: invoice cannot be canceled');
  });
});

test('whatever is asked, an invoice ends once, and its amount is the last one told', () => {
  const asked = fc.array(fc.constantFrom<InvoiceCommand>(...Object.values(commands)));
  fc.assert(
    fc.property(asked, (sequence) => {
      const events = history(invoice, [commands.CreateInvoice, ...sequence]);
      assert.ok(events.filter(({ type }) => /Paid|Canceled/.test(type)).length <= 1);
      const amounts = events.flatMap((event) => ('amount' in event ? [event.amount] : []));
      assert.equal(fold(invoice, events).amount, amounts.at(-1));
    }),
  );
});
