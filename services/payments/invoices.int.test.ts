import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { messages, metadataKeys } from '../../proto/catalogue.ts';
import { PaymentsServiceService as rpc } from '../../proto/gen/payments/api.ts';
import { eventually, refusalOf, startTestProcess, type TestProcess } from '../kernel/testing/index.ts';
import { paymentsModule } from './module.ts';

const { ordering, payments } = messages;
const customerId = 'customer-id';
const unknown = 'invoice with that ID does not exist';

let mall: TestProcess;
before(async () => {
  mall = await startTestProcess([paymentsModule()]);
});
after(() => mall.stop());

const create = async (orderId: string = randomUUID(), paymentId = '', amount = 29.97) =>
  (await mall.call(rpc.createInvoice, { orderId, paymentId, amount })).id;
const pay = (id: string) => mall.rest('PUT', `/api/payments/invoices/${id}/pay`, {});
const read = async (id: string) => (await mall.call(rpc.getInvoice, { id })).invoice;
const adjust = (id: string, amount: number) => refusalOf(mall.call(rpc.adjustInvoice, { id, amount }));
const cancel = (id: string) => refusalOf(mall.call(rpc.cancelInvoice, { id }));
const paymentStatus = async (id: string) => (await mall.call(rpc.getPayment, { id })).payment?.status;

/** A payment that is confirmed for the order. */
async function confirmed(orderId: string, amount = 29.97): Promise<string> {
  const id = await mall.created('/api/payments', { customerId, amount });
  const { told } = await mall.command(payments.confirmPayment, { id, amount, orderId, customerId });
  assert.equal(told, 'SUCCESS');
  return id;
}

async function readied(order: { id: string; paymentId: string; total: number }, message = {}): Promise<void> {
  const metadata = { [metadataKeys.aggregateId]: order.id };
  await mall.publish(ordering.orderReadied, { ...order, customerId }, { metadata, ...message });
}

describe('rows P7 and P14: the invoice of an order that is ready', () => {
  test('has its id, its total and its payment, however often the order is told to be ready', async () => {
    const [id, marker] = [randomUUID(), randomUUID()];
    const messageId = randomUUID();
    await readied({ id, paymentId: 'payment-1', total: 29.9701 }, { id: messageId });
    await readied({ id, paymentId: 'payment-1', total: 29.9701 }, { id: messageId });
    await readied({ id, paymentId: 'payment-2', total: 5 });
    await readied({ id: marker, paymentId: 'payment-1', total: 1 });
    const invoice = { id, orderId: id, paymentId: 'payment-1', amount: 29.9701, status: 'pending' };
    await eventually(async () => {
      const { body } = await mall.rest('GET', `/api/payments/invoices/${id}`);
      assert.deepEqual(body, { invoice });
      assert.ok(await read(marker));
    });
    await eventually(async () => {
      const taken = await mall.rows("SELECT 1 FROM payments.inbox WHERE consumer = 'payment-orders'");
      assert.equal(taken.length, 3);
    });
    assert.deepEqual(await read(id), invoice);
    assert.deepEqual(await mall.rows('SELECT reason FROM payments.dead_letters'), []);
  });
  test('is the one made by hand, where there is one', async () => {
    const orderId = randomUUID();
    const id = await create(orderId, 'payment-1', 10);
    await readied({ id: orderId, paymentId: 'payment-1', total: 20 });
    const marker = randomUUID();
    await readied({ id: marker, paymentId: 'payment-1', total: 1 });
    await eventually(async () => assert.ok(await read(marker)));
    assert.equal(await refusalOf(mall.call(rpc.getInvoice, { id: orderId })), `NOT_FOUND: ${unknown}`);
    assert.equal((await read(id))?.amount, 10);
  });
});

describe('an invoice made by hand', () => {
  test('row P14: is made once per order, also when all come at the same time', async () => {
    const orderId = randomUUID();
    const ids = await Promise.all(Array.from({ length: 8 }, () => create(orderId, 'payment-1')));
    assert.equal(new Set(ids).size, 1);
    const refusal = 'ALREADY_EXISTS: the order has an invoice already';
    assert.equal(await refusalOf(create(orderId, 'payment-1', 30)), refusal);
    assert.equal(await refusalOf(create(orderId, 'payment-2')), refusal);
    await cancel(ids[0] ?? '');
    assert.equal(await refusalOf(create(orderId, 'payment-1')), refusal);
  });
  test('is checked at the door', async () => {
    const refused = async (orderId: string, amount: number) => refusalOf(create(orderId, '', amount));
    assert.equal(await refused(' ', 1), 'BAD_REQUEST: the order id cannot be blank');
    assert.equal(await refused('order', -1), 'BAD_REQUEST: the invoice amount cannot be negative');
    assert.equal(await refused('order', Number.NaN), 'BAD_REQUEST: the invoice amount is not a number');
    assert.equal(await refused('x\ny', 1), 'BAD_REQUEST: the order id holds control characters');
  });
  test('row P10: can be adjusted while it is pending', async () => {
    const id = await create();
    assert.equal(await adjust(id, 12.5), 'OK');
    assert.equal((await read(id))?.amount, 12.5);
    assert.equal(await adjust(id, -0.5), 'BAD_REQUEST: the invoice amount cannot be negative');
    await pay(id);
    assert.equal(await adjust(id, 1), 'BAD_REQUEST: invoice cannot be adjusted');
    assert.equal((await read(id))?.amount, 12.5);
  });
  test('rows P8 and P12: can be canceled while it is pending, and read afterwards', async () => {
    const id = await create();
    assert.equal(await cancel(id), 'OK');
    assert.equal((await read(id))?.status, 'canceled');
    assert.equal(await cancel(id), 'BAD_REQUEST: invoice cannot be canceled');
    assert.equal((await pay(id)).told, '400 invoice cannot be paid for');
  });
});

test('row P13: an unknown invoice is not found at any door', async () => {
  const id = 'nothing';
  assert.equal((await pay(id)).told, `404 ${unknown}`);
  assert.equal((await mall.rest('GET', `/api/payments/invoices/${id}`)).told, `404 ${unknown}`);
  assert.equal(await adjust(id, 1), `NOT_FOUND: ${unknown}`);
  assert.equal(await cancel(id), `NOT_FOUND: ${unknown}`);
});

describe('paying', () => {
  test('row P6: takes what is owed of the money held, and tells ordering', async () => {
    const orderId = randomUUID();
    const paymentId = await confirmed(orderId, 50);
    const id = await create(orderId, paymentId, 29.9701);
    assert.equal((await pay(id)).told, '200');
    assert.equal((await read(id))?.status, 'paid');
    assert.equal(await paymentStatus(paymentId), 'captured');
    assert.deepEqual(
      await mall.rows('SELECT amount, captured FROM payments.payments WHERE id = $1', [paymentId]),
      [{ amount: '50.0000', captured: '29.9701' }],
    );
    const event = await mall.nextMessage(payments.invoicePaid, (it) => it.id === id);
    assert.deepEqual(event.content, { id, orderId });
    assert.equal(event.subject, `${mall.ground.stream}.payments.events.Invoice`);
    assert.equal(event.metadata[metadataKeys.aggregateName], 'payments.Invoice');
    assert.equal(event.metadata[metadataKeys.aggregateVersion], '2');
    const { told } = await mall.command(payments.releasePayment, { id: paymentId, orderId, customerId: '' });
    assert.equal(told, 'FAILURE FAILED_PRECONDITION: payment has been captured');
  });
  test('row P11: at the same time pays once, and never what is canceled', async () => {
    const orderId = randomUUID();
    const id = await create(orderId, await confirmed(orderId));
    const told = (await Promise.all([pay(id), pay(id), pay(id)])).map((answer) => answer.told).sort();
    const refused = '400 invoice cannot be paid for';
    assert.deepEqual(told, ['200', refused, refused]);
    const other = await create();
    const [paid, canceled] = await Promise.all([pay(other), cancel(other)]);
    assert.notEqual(paid.told === '200', canceled === 'OK');
    const marker = await create();
    await pay(marker);
    await mall.nextMessage(payments.invoicePaid, (it) => it.id === marker);
    assert.equal(mall.published(payments.invoicePaid, (it) => it.id === id).length, 1);
    const news = mall.published(payments.invoicePaid, (it) => it.id === other).length;
    assert.equal(news, paid.told === '200' ? 1 : 0);
  });
  test('without a payment bound to the order takes nothing', async () => {
    const mine = await mall.created('/api/payments', { customerId, amount: 50 });
    const another = await confirmed(randomUUID());
    for (const paymentId of ['', 'nothing', mine, another]) {
      assert.equal((await pay(await create(randomUUID(), paymentId))).told, '200');
    }
    assert.deepEqual([await paymentStatus(mine), await paymentStatus(another)], ['authorized', 'confirmed']);
  });
  test('is refused where the money does not suffice or has been given back, and leaves no trace', async () => {
    const [short, gone] = [randomUUID(), randomUUID()];
    const [paymentId, released] = [await confirmed(short), await confirmed(gone)];
    await mall.command(payments.releasePayment, { id: released, orderId: gone, customerId: '' });
    const ids = [await create(short, paymentId, 29.9701), await create(gone, released)] as const;
    assert.equal((await pay(ids[0])).told, '400 payment does not cover the invoice');
    assert.equal((await pay(ids[1])).told, '400 payment cannot be captured');
    for (const id of ids) assert.equal((await read(id))?.status, 'pending');
    assert.deepEqual(
      [await paymentStatus(paymentId), await paymentStatus(released)],
      ['confirmed', 'released'],
    );
  });
});
