import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { messages, metadataKeys } from '../../proto/catalogue.ts';
import { PaymentsServiceService as rpc } from '../../proto/gen/payments/api.ts';
import { eventually, refusalOf, startTestProcess, type TestProcess } from '../kernel/testing/index.ts';
import { paymentsModule } from './module.ts';

const { ordering, payments } = messages;
const customerId = 'customer-id';

let mall: TestProcess;
before(async () => {
  const decline = { amountsAbove: 1_000, customers: ['nobody-trusts-me'] };
  mall = await startTestProcess([paymentsModule({ decline })]);
});
after(() => mall.stop());

const authorize = (amount = 29.97) => mall.created('/api/payments', { customerId, amount });
const confirm = async (id: string, orderId: string, { amount = 29.97, customer = customerId } = {}) =>
  (await mall.command(payments.confirmPayment, { id, amount, orderId, customerId: customer })).told;
const release = async (id: string, orderId: string) =>
  (await mall.command(payments.releasePayment, { id, orderId, customerId: '' })).told;
const read = async (id: string) => (await mall.call(rpc.getPayment, { id })).payment;
const standing = async (id: string) => {
  const payment = await read(id);
  return [payment?.status, payment?.orderId];
};

describe('authorizing a payment', () => {
  test('row P15: is kept and can be read', async () => {
    const id = await authorize(29.9701);
    const { body } = await mall.rest('GET', `/api/payments/${id}`);
    const payment = { id, customerId, amount: 29.9701, status: 'authorized', orderId: '' };
    assert.deepEqual(body, { payment });
    assert.equal((await mall.rest('GET', '/api/payments/x')).told, '404 payment with that ID does not exist');
  });
  for (const [why, request, told] of [
    ['nothing', { customerId, amount: 0 }, 'the payment amount must be more than zero'],
    ['less than nothing', { customerId, amount: -1 }, 'the payment amount must be more than zero'],
    ['what is no amount', { customerId, amount: 'NaN' }, 'the payment amount is not a number'],
    [
      'fractions of a unit',
      { customerId, amount: 0.00005 },
      'the payment amount has more than four decimals',
    ],
    ['nobody', { customerId: ' ', amount: 1 }, 'the customer id cannot be blank'],
    [
      'an endless id',
      { customerId: 'x'.repeat(129), amount: 1 },
      'the customer id is longer than 128 characters',
    ],
    ['too much', { customerId, amount: 1_000.0001 }, 'the payment was declined: the amount is above 1000'],
    [
      'somebody who is not trusted',
      { customerId: 'nobody-trusts-me', amount: 1 },
      'the payment was declined: the customer is not trusted',
    ],
  ] as const) {
    test(`row P4: is refused for ${why}, and keeps nothing`, async () => {
      const rows = await mall.rows('SELECT count(*) FROM payments.payments');
      assert.equal((await mall.rest('POST', '/api/payments', request)).told, `400 ${told}`);
      assert.deepEqual(await mall.rows('SELECT count(*) FROM payments.payments'), rows);
    });
  }
  test('row P4: a declined payment is no malformed request', async () => {
    const refusal = await refusalOf(mall.call(rpc.authorizePayment, { customerId, amount: 1_001 }));
    assert.equal(refusal, 'FAILED_PRECONDITION: the payment was declined: the amount is above 1000');
  });
});

describe('confirming a payment', () => {
  test('row P2: binds it to one order, once', async () => {
    const [id, orderId] = [await authorize(), randomUUID()];
    assert.equal(await confirm(id, orderId), 'SUCCESS');
    assert.deepEqual(await standing(id), ['confirmed', orderId]);
    assert.equal(await confirm(id, orderId), 'SUCCESS');
    const taken = 'FAILURE FAILED_PRECONDITION: payment is confirmed for another order';
    assert.equal(await confirm(id, randomUUID()), taken);
    assert.deepEqual(await mall.rows('SELECT version FROM payments.payments WHERE id = $1', [id]), [
      { version: 2 },
    ]);
  });
  test('row P2: of two orders that name it at the same time, one gets it', async () => {
    const id = await authorize();
    const told = await Promise.all(Array.from({ length: 6 }, () => confirm(id, randomUUID())));
    assert.equal(told.filter((each) => each === 'SUCCESS').length, 1);
  });
  test('rows P1 and P3: is refused for too little, and for somebody else', async () => {
    const [id, orderId] = [await authorize(), randomUUID()];
    const short = 'FAILURE FAILED_PRECONDITION: payment does not cover the order total';
    assert.equal(await confirm(id, orderId, { amount: 29.9701 }), short);
    const foreign = 'FAILURE FAILED_PRECONDITION: payment belongs to another customer';
    assert.equal(await confirm(id, orderId, { customer: 'somebody' }), foreign);
    const noAmount = 'FAILURE BAD_REQUEST: the order total is not a number';
    assert.equal(await confirm(id, orderId, { amount: Number.NaN }), noAmount);
    assert.deepEqual(await standing(id), ['authorized', '']);
  });
  test('is refused for a payment that is not there', async () => {
    assert.equal(await confirm('nothing', randomUUID()), 'FAILURE NOT_FOUND: payment cannot be confirmed');
    const call = mall.call(rpc.confirmPayment, { id: 'nothing' });
    assert.equal(await refusalOf(call), 'NOT_FOUND: payment cannot be confirmed');
  });
  test('by RPC asks only', async () => {
    const id = await authorize();
    assert.equal(await refusalOf(mall.call(rpc.confirmPayment, { id })), 'OK');
    assert.deepEqual(await standing(id), ['authorized', '']);
    await release(id, randomUUID());
    const refusal = 'FAILED_PRECONDITION: payment has been released';
    assert.equal(await refusalOf(mall.call(rpc.confirmPayment, { id })), refusal);
  });
  test('row P5: waits out a database in trouble, and does not call the payment missing', async () => {
    const [id, orderId] = [await authorize(), randomUUID()];
    await mall.rows('ALTER TABLE payments.payments RENAME TO away');
    const answered = confirm(id, orderId);
    await eventually(async () => {
      const { body } = await mall.rest('GET', '/metrics');
      assert.match(
        String(body),
        /mall_messages_taken_count\{service="payments".*ConfirmPayment.*outcome="retried"\}/,
      );
    });
    assert.match(await refusalOf(mall.call(rpc.confirmPayment, { id })), /^INTERNAL: internal error/);
    await mall.rows('ALTER TABLE payments.away RENAME TO payments');
    assert.equal(await answered, 'SUCCESS');
    assert.deepEqual(await standing(id), ['confirmed', orderId]);
  });
});

describe('row P6: releasing a payment', () => {
  test('frees what was confirmed for the order, and no other order', async () => {
    const [id, orderId] = [await authorize(), randomUUID()];
    await confirm(id, orderId);
    assert.equal(await release(id, randomUUID()), 'SUCCESS');
    assert.deepEqual(await standing(id), ['confirmed', orderId]);
    assert.equal(await release(id, orderId), 'SUCCESS');
    assert.equal(await release(id, orderId), 'SUCCESS');
    assert.deepEqual(await standing(id), ['released', orderId]);
  });
  test('before a late confirmation wins', async () => {
    const [id, orderId] = [await authorize(), randomUUID()];
    assert.equal(await release(id, orderId), 'SUCCESS');
    const gone = 'FAILURE FAILED_PRECONDITION: payment has been released';
    assert.equal(await confirm(id, orderId), gone);
    assert.deepEqual(await standing(id), ['released', orderId]);
  });
  test('of a payment that is not there has nothing to do', async () => {
    assert.equal(await release('nothing', randomUUID()), 'SUCCESS');
  });
});

describe('row P9: a cancelled order', () => {
  const canceled = async (orderId: string, paymentId: string, customer = customerId) => {
    const metadata = { [metadataKeys.aggregateId]: orderId };
    await mall.publish(
      ordering.orderCanceled,
      { id: orderId, customerId: customer, paymentId },
      { metadata },
    );
  };

  test('frees its payment, confirmed or not, and once', async () => {
    const orders = [randomUUID(), randomUUID()] as const;
    const ids = [await authorize(), await authorize()] as const;
    await confirm(ids[1], orders[1]);
    for (const n of [0, 1, 0, 1] as const) await canceled(orders[n], ids[n]);
    for (const n of [0, 1] as const) {
      await eventually(async () => assert.deepEqual(await standing(ids[n]), ['released', orders[n]]));
    }
  });
  test('cancels its pending invoice, and leaves other payments alone', async () => {
    const [orderId, foreign] = [randomUUID(), await authorize()];
    const id = (await mall.call(rpc.createInvoice, { orderId, paymentId: '', amount: 1 })).id;
    await canceled(orderId, foreign, 'somebody');
    await eventually(async () => {
      assert.equal((await mall.call(rpc.getInvoice, { id })).invoice?.status, 'canceled');
    });
    assert.deepEqual(await standing(foreign), ['authorized', '']);
  });
  test('without invoice and payment is nothing to us, and no dead letter', async () => {
    await canceled(randomUUID(), '');
    await canceled(randomUUID(), 'nothing');
    const [marker, id] = [randomUUID(), await authorize()];
    await canceled(marker, id);
    await eventually(async () => assert.deepEqual(await standing(id), ['released', marker]));
    await eventually(async () => {
      const rows = await mall.rows("SELECT 1 FROM payments.inbox WHERE name = 'ordersapi.OrderCanceled'");
      assert.equal(rows.length, mall.published(ordering.orderCanceled).length);
    });
    assert.deepEqual(await mall.rows('SELECT reason FROM payments.dead_letters'), []);
  });
});
