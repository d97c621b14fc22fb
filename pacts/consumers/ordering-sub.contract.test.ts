import assert from 'node:assert/strict';
import { after, beforeEach, test } from 'node:test';
import { consumerGroups, messages } from '../../proto/catalogue.ts';
import { eventually } from '../../services/kernel/testing/index.ts';
import { answerTo, commandHeaders } from '../harness/commands.ts';
import { forgetAll, startContexts } from '../harness/context.ts';
import { MessageContracts } from '../harness/message-consumer.ts';
import { anItem, anOrder, itsTotal } from '../harness/orders.ts';

/* What ordering reads: checkouts, finished shopping, paid invoices, and the saga's commands. */
const { am, baskets, depot, ordering, payments } = messages;

const mall = await startContexts('ordering');
after(() => mall.stop());
beforeEach(() => forgetAll(mall, 'ordering'));

const ofBaskets = new MessageContracts(mall, consumerGroups.orderingBaskets, 'baskets');
const ofDepot = new MessageContracts(mall, consumerGroups.orderingDepot, 'depot');
const ofPayments = new MessageContracts(mall, consumerGroups.orderingPayments, 'payments');
const ofCosec = new MessageContracts(mall, consumerGroups.orderingCommands, 'cosec');

async function orderBecomes(expected: Readonly<Record<string, unknown>>): Promise<void> {
  await eventually(async () => {
    const { body } = await mall.rest('GET', '/api/ordering/order-id');
    assert.partialDeepStrictEqual(body, { order: { id: 'order-id', ...expected } });
  });
}

async function hasOrder(): Promise<void> {
  await mall.publish(baskets.basketCheckedOut, { ...anOrder, items: [{ ...anItem }] });
  await orderBecomes({ status: 'pending' });
}

async function hasApprovedOrder(): Promise<void> {
  await hasOrder();
  await mall.command(ordering.approveOrder, { id: 'order-id', shoppingId: 'list-id' });
  await orderBecomes({ status: 'approved' });
}

const checkedOut = {
  customerId: 'customer-id',
  paymentId: 'payment-id',
  items: [{ ...anItem }],
};

test('BasketCheckedOut: an order of all that was in the basket', () =>
  ofBaskets.receives(
    baskets.basketCheckedOut,
    { given: [['a basket was checked out', anOrder]], payload: { id: 'order-id', ...checkedOut } },
    async (publish) => {
      await publish();
      await orderBecomes({ ...checkedOut, total: itsTotal, status: 'pending' });
    },
  ));

test('ShoppingListCompleted: the order is ready', () =>
  ofDepot.receives(
    depot.shoppingListCompleted,
    {
      given: [['a shopping list was completed', { orderId: 'order-id' }]],
      payload: { orderId: 'order-id' },
    },
    async (publish) => {
      await hasApprovedOrder();
      await publish();
      await orderBecomes({ status: 'ready' });
    },
  ));

test('InvoicePaid: the order is completed', () =>
  ofPayments.receives(
    payments.invoicePaid,
    {
      given: [['an invoice was paid', { id: 'invoice-id', orderId: 'order-id' }]],
      payload: { id: 'invoice-id', orderId: 'order-id' },
    },
    async (publish) => {
      await hasApprovedOrder();
      await mall.publish(depot.shoppingListCompleted, { id: 'list-id', orderId: 'order-id' });
      await orderBecomes({ status: 'ready' });
      await publish();
      await orderBecomes({ status: 'completed', invoiceId: 'invoice-id' });
    },
  ));

test('RejectOrder: the order is rejected for the reason', () =>
  ofCosec.receives(
    ordering.rejectOrder,
    {
      given: [
        ['an order was created', anOrder],
        ['the customer was refused', { reason: 'nobody home' }],
      ],
      payload: { id: 'order-id', reason: 'nobody home' },
      headers: commandHeaders,
    },
    async (publish) => {
      await hasOrder();
      await answerTo(mall, publish, am.success);
      await orderBecomes({ status: 'rejected' });
      const { content } = await mall.nextMessage(ordering.orderRejected);
      assert.equal(content.reason, 'nobody home');
    },
  ));

test('ApproveOrder: the order is approved and knows its shopping list', () =>
  ofCosec.receives(
    ordering.approveOrder,
    {
      given: [
        ['an order was created', anOrder],
        ['the customer was authorized'],
        ['the shopping list was created', { id: 'list-id' }],
        ['the payment was confirmed'],
        ['the shopping was initiated'],
      ],
      payload: { id: 'order-id', shoppingId: 'list-id' },
      headers: commandHeaders,
    },
    async (publish) => {
      await hasOrder();
      await answerTo(mall, publish, am.success);
      await orderBecomes({ status: 'approved', shoppingId: 'list-id' });
    },
  ));
