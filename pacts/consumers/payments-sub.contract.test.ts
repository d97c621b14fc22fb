import { after, beforeEach, test } from 'node:test';
import { consumerGroups, messages } from '../../proto/catalogue.ts';
import { answerTo, commandHeaders } from '../harness/commands.ts';
import { forgetAll, rowBecomes, startContexts } from '../harness/context.ts';
import { type Given, MessageContracts } from '../harness/message-consumer.ts';
import { anOrder, itsTotal } from '../harness/orders.ts';

/* What payments read: orders that are ready or cancelled, and the saga's commands. */
const { am, ordering, payments } = messages;

const mall = await startContexts('payments');
after(() => mall.stop());
beforeEach(() => forgetAll(mall, 'payments'));

const ofOrders = new MessageContracts(mall, consumerGroups.paymentOrders, 'ordering');
const ofCosec = new MessageContracts(mall, consumerGroups.paymentCommands, 'cosec');

async function hasPayment(status: 'authorized' | 'confirmed', amount: number): Promise<void> {
  await mall.rows(
    `INSERT INTO payments.payments (id, customer_id, amount, status, order_id, captured, version)
     VALUES ('payment-id', 'customer-id', $1, $2, $3, 0, 1)`,
    [amount, status, status === 'authorized' ? '' : 'order-id'],
  );
}

const paymentBecomes = (status: string) =>
  rowBecomes(
    mall,
    { id: 'payment-id', status, order_id: 'order-id' },
    'SELECT id, status, order_id FROM payments.payments',
  );

const approved: Given = ['the order was approved', { id: 'order-id', shoppingId: 'list-id' }];

test('OrderReadied: the order is invoiced', () =>
  ofOrders.receives(
    ordering.orderReadied,
    {
      given: [['an order was created', anOrder], approved, ['the order was readied', { id: 'order-id' }]],
      payload: { id: 'order-id', paymentId: 'payment-id', total: itsTotal },
    },
    async (publish) => {
      await publish();
      await rowBecomes(
        mall,
        { id: 'order-id', order_id: 'order-id', payment_id: 'payment-id', amount: itsTotal },
        'SELECT id, order_id, payment_id, amount::float8 AS amount FROM payments.invoices',
      );
    },
  ));

test('OrderCanceled: what was held for the order is released', () =>
  ofOrders.receives(
    ordering.orderCanceled,
    {
      given: [
        ['an order was created', anOrder],
        ['the order was cancelled', { id: 'order-id' }],
      ],
      payload: { id: 'order-id', customerId: 'customer-id', paymentId: 'payment-id' },
    },
    async (publish) => {
      await hasPayment('confirmed', itsTotal);
      await publish();
      await paymentBecomes('released');
    },
  ));

const listed: readonly Given[] = [
  ['an order was created', anOrder],
  ['the customer was authorized'],
  ['the shopping list was created', { id: 'list-id' }],
];

test('ConfirmPayment: the payment is bound to the order, if it covers it', () =>
  ofCosec.receives(
    payments.confirmPayment,
    {
      given: listed,
      payload: { id: 'payment-id', amount: itsTotal, orderId: 'order-id', customerId: 'customer-id' },
      headers: commandHeaders,
    },
    async (publish) => {
      await hasPayment('authorized', itsTotal);
      await answerTo(mall, publish, am.success);
      await paymentBecomes('confirmed');
    },
  ));

test('ReleasePayment: what was held for the order is released', () =>
  ofCosec.receives(
    payments.releasePayment,
    {
      given: [
        ...listed,
        ['the payment was confirmed'],
        ['the shopping was initiated'],
        ['the approval was refused'],
      ],
      payload: { id: 'payment-id', orderId: 'order-id', customerId: 'customer-id' },
      headers: commandHeaders,
    },
    async (publish) => {
      await hasPayment('confirmed', itsTotal);
      await answerTo(mall, publish, am.success);
      await paymentBecomes('released');
    },
  ));
