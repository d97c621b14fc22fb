import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { messages } from '../../proto/catalogue.ts';
import { OrderingServiceService } from '../../proto/gen/ordering/api.ts';
import { eventually, refusalOf, startTestProcess, type TestProcess } from '../kernel/testing/index.ts';
import { orderingModule } from './module.ts';

const { baskets, depot, ordering, payments } = messages;

let mall: TestProcess;

before(async () => {
  mall = await startTestProcess([orderingModule]);
});
after(() => mall?.stop());

const item = {
  storeId: 'store',
  productId: 'product',
  storeName: 'Waldorf Books',
  productName: 'Wizard',
  price: 9.99,
  quantity: 2,
};
const details = { customerId: 'customer', paymentId: 'payment', items: [item] };

async function newOrder(): Promise<string> {
  return mall.created('/api/ordering', details);
}

async function statusOf(id: string): Promise<string> {
  const { order } = await mall.call(OrderingServiceService.getOrder, { id });
  return order?.status ?? '';
}

async function becomes(id: string, status: string): Promise<void> {
  await eventually(async () => assert.equal(await statusOf(id), status));
}

/** An order brought as far as wanted, by the saga's commands and the other contexts' events. */
async function orderThatIs(status: 'approved' | 'ready'): Promise<string> {
  const id = await newOrder();
  await mall.command(ordering.approveOrder, { id, shoppingId: 'list' });
  if (status === 'ready') {
    await mall.publish(depot.shoppingListCompleted, { id: 'list', orderId: id });
    await becomes(id, 'ready');
  }
  return id;
}

test('an order is made, read back whole and told to the others with names (rows O12, O13)', async () => {
  const id = await newOrder();
  const { body } = await mall.rest('GET', `/api/ordering/${id}`);
  assert.deepEqual(body, {
    order: {
      id,
      customerId: 'customer',
      paymentId: 'payment',
      items: [item],
      status: 'pending',
      invoiceId: '',
      shoppingId: '',
      total: 19.98,
      version: 1,
    },
  });
  const created = await mall.nextMessage(ordering.orderCreated, (order) => order.id === id);
  assert.equal(created.subject, `${mall.ground.stream}.ordering.events.Order`);
  assert.deepEqual(created.content.items, [item]);
  assert.equal(created.metadata['aggregate-version'], '1');
});

for (const { change, told } of [
  { change: { items: [] }, told: '400 create order command: the order has no items' },
  { change: { customerId: ' ' }, told: '400 create order command: the customer id cannot be blank' },
  { change: { paymentId: '' }, told: '400 create order command: the payment id cannot be blank' },
  {
    change: { items: [{ ...item, quantity: 0 }] },
    told: '400 create order command: the item quantity cannot be zero',
  },
  {
    change: { items: [{ ...item, price: -1 }] },
    told: '400 create order command: the item price cannot be negative',
  },
]) {
  test(`row O8: an order is refused and leaves nothing: ${told}`, async () => {
    const before = await mall.rows('SELECT count(*) FROM ordering.events');
    const answer = await mall.rest('POST', '/api/ordering', { ...details, ...change });
    assert.equal(answer.told, told);
    assert.deepEqual(await mall.rows('SELECT count(*) FROM ordering.events'), before);
  });
}

test('rows X6, O7: an unknown order is not found, whatever is asked of it', async () => {
  const told = '404 order with that ID does not exist';
  assert.equal((await mall.rest('GET', '/api/ordering/nobody')).told, told);
  assert.equal((await mall.rest('DELETE', '/api/ordering/nobody')).told, told);
  const refusal = 'NOT_FOUND: order with that ID does not exist';
  assert.equal(await refusalOf(mall.call(OrderingServiceService.readyOrder, { id: 'nobody' })), refusal);
  const complete = mall.call(OrderingServiceService.completeOrder, { id: 'nobody', invoiceId: 'i' });
  assert.equal(await refusalOf(complete), refusal);
  const reply = await mall.command(ordering.approveOrder, { id: 'nobody', shoppingId: 'list' });
  assert.equal(reply.told, `FAILURE ${refusal}`);
  assert.deepEqual(await mall.rows(`SELECT 1 FROM ordering.events WHERE stream_id = 'nobody'`), []);
});

test('a checkout makes an order with the basket’s id; the same basket again changes nothing (row O14)', async () => {
  const basket = { id: 'basket-1', customerId: 'customer', paymentId: 'payment', items: [item] };
  await mall.publish(baskets.basketCheckedOut, basket);
  await becomes('basket-1', 'pending');
  const repeat = await mall.publish(baskets.basketCheckedOut, basket);
  await eventually(async () => {
    const taken = await mall.rows('SELECT 1 FROM ordering.inbox WHERE id = $1', [repeat]);
    assert.equal(taken.length, 1);
  });
  const events = await mall.rows(`SELECT 1 FROM ordering.events WHERE stream_id = 'basket-1'`);
  assert.equal(events.length, 1);
  assert.deepEqual(await mall.rows('SELECT reason FROM ordering.dead_letters'), []);
});

test('row O1: approval and rejection are told, the rejection with its reason', async () => {
  const [approved, rejected] = [await newOrder(), await newOrder()];
  const approval = await mall.command(ordering.approveOrder, { id: approved, shoppingId: 'list' });
  const rejection = await mall.command(ordering.rejectOrder, { id: rejected, reason: 'no money' });
  assert.deepEqual([approval.told, rejection.told], ['SUCCESS', 'SUCCESS']);
  await mall.nextMessage(ordering.orderApproved, (order) => order.id === approved);
  const told = await mall.nextMessage(ordering.orderRejected, (order) => order.id === rejected);
  assert.equal(told.content.reason, 'no money');
});

test('rows O2, K7: a cancelled order is not approved, and rejecting it succeeds without a change', async () => {
  const id = await newOrder();
  assert.equal((await mall.rest('DELETE', `/api/ordering/${id}`)).told, '200');
  const approval = await mall.command(ordering.approveOrder, { id, shoppingId: 'list' });
  assert.equal(approval.told, 'FAILURE BAD_REQUEST: the order cannot be approved');
  const rejection = await mall.command(ordering.rejectOrder, { id, reason: '' });
  assert.equal(rejection.told, 'SUCCESS');
  assert.equal(await statusOf(id), 'cancelled');
  const again = await mall.rest('DELETE', `/api/ordering/${id}`);
  assert.equal(again.told, '400 the order cannot be cancelled');
});

test('row O3: an approved order cannot be cancelled any more', async () => {
  const id = await orderThatIs('approved');
  assert.equal((await mall.rest('DELETE', `/api/ordering/${id}`)).told, '400 the order cannot be cancelled');
});

test('finished shopping readies the order; its total is exact', async () => {
  const id = await orderThatIs('ready');
  const readied = await mall.nextMessage(ordering.orderReadied, (order) => order.id === id);
  assert.equal(readied.content.total, 19.98);
});

test('shopping that is done before the approval has arrived readies the order afterwards', async () => {
  const id = await newOrder();
  await mall.publish(depot.shoppingListCompleted, { id: 'list', orderId: id });
  await mall.command(ordering.approveOrder, { id, shoppingId: 'list' });
  await becomes(id, 'ready');
});

test('rows O4, O5, P-61: a paid invoice completes the order, which keeps the invoice’s id', async () => {
  const id = await orderThatIs('ready');
  await mall.publish(payments.invoicePaid, { id: 'invoice', orderId: id });
  await becomes(id, 'completed');
  const { order } = await mall.call(OrderingServiceService.getOrder, { id });
  assert.equal(order?.invoiceId, 'invoice');
  const completed = await mall.nextMessage(ordering.orderCompleted, (each) => each.id === id);
  assert.equal(completed.content.invoiceId, 'invoice');
});

test('row O6: what the domain refuses reaches the caller', async () => {
  const id = await newOrder();
  const ready = mall.call(OrderingServiceService.readyOrder, { id });
  assert.equal(await refusalOf(ready), 'BAD_REQUEST: the order cannot be readied');
  const complete = mall.call(OrderingServiceService.completeOrder, { id, invoiceId: 'invoice' });
  assert.equal(await refusalOf(complete), 'BAD_REQUEST: the order cannot be completed');
});
