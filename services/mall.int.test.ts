import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { messages } from '../proto/catalogue.ts';
import { CustomersServiceService } from '../proto/gen/customers/api.ts';
import { OrderingServiceService } from '../proto/gen/ordering/api.ts';
import { eventually, startTestProcess, type TestProcess } from './kernel/testing/index.ts';
import { mallModules } from './mall.ts';

/*
 * The whole mall in one process: purchases over REST, as shoppers make them, to each of their ends.
 */
let mall: TestProcess;
let storeId: string;
let productId: string;

before(async () => {
  mall = await startTestProcess(mallModules());
  storeId = await mall.created('/api/stores', { name: 'Waldorf Books', location: 'the mall' });
  productId = await mall.created(`/api/stores/${storeId}/products`, {
    name: 'Wizard w/ crystal',
    sku: 'wizard',
    price: 9.99,
  });
});
after(() => mall?.stop());

interface Purchase {
  readonly customerId: string;
  readonly paymentId: string;
  readonly orderId: string;
}

/** A customer fills a basket with five wizards, authorises a payment and checks out. */
async function checkOut(options: { amount?: number; paymentId?: string; disabled?: boolean } = {}) {
  const customerId = await mall.created('/api/customers', { name: 'Customer', smsNumber: '555-555-1212' });
  const orderId = await mall.created('/api/baskets', { customerId });
  await accepted('PUT', `/api/baskets/${orderId}/addItem`, { productId, quantity: 5 });
  const paymentId =
    options.paymentId ??
    (await mall.created('/api/payments', { customerId, amount: options.amount ?? 49.95 }));
  if (options.disabled) await mall.call(CustomersServiceService.disableCustomer, { id: customerId });
  await accepted('PUT', `/api/baskets/${orderId}/checkout`, { paymentId });
  return { customerId, paymentId, orderId };
}

async function accepted(method: string, path: string, body: unknown = {}): Promise<void> {
  assert.equal((await mall.rest(method, path, body)).told, '200');
}

async function orderBecomes(orderId: string, status: string): Promise<void> {
  await eventually(async () => {
    const { order } = await mall.call(OrderingServiceService.getOrder, { id: orderId });
    assert.equal(order?.status, status);
  });
}

async function row(text: string, id: string): Promise<Record<string, unknown> | undefined> {
  return (await mall.rows(text, [id]))[0];
}

const listOf = ({ orderId }: Purchase) =>
  row('SELECT id, status FROM depot.shopping_lists WHERE order_id = $1', orderId);
const paymentOf = ({ paymentId }: Purchase) =>
  row('SELECT status FROM payments.payments WHERE id = $1', paymentId);
const invoiceOf = ({ orderId }: Purchase) =>
  row('SELECT id, status FROM payments.invoices WHERE order_id = $1', orderId);
const sagaOf = ({ orderId }: Purchase) =>
  row('SELECT status, reason FROM cosec.sagas WHERE id = $1', orderId);
const indexed = ({ orderId }: Purchase) =>
  row('SELECT status FROM search.orders WHERE order_id = $1', orderId);

/** The order is rejected and nothing of what was done for it is left standing. */
async function isUndone(
  purchase: Purchase,
  expected: { reason: RegExp; list?: 'canceled'; payment?: string },
) {
  await orderBecomes(purchase.orderId, 'rejected');
  const saga = await eventually(async () => {
    const found = await sagaOf(purchase);
    assert.equal(found?.status, 'compensated');
    return found;
  });
  assert.match(String(saga.reason), expected.reason);
  assert.equal((await listOf(purchase))?.status, expected.list);
  assert.equal((await paymentOf(purchase))?.status, expected.payment);
  await eventually(async () => assert.equal((await indexed(purchase))?.status, 'Rejected'));
}

test('a checkout is approved by the saga: list available, payment bound to the order', async () => {
  const purchase = await checkOut();
  await orderBecomes(purchase.orderId, 'approved');
  assert.equal((await listOf(purchase))?.status, 'available');
  assert.equal((await paymentOf(purchase))?.status, 'confirmed');
  await eventually(async () => assert.equal((await indexed(purchase))?.status, 'Approved'));
});

test('a purchase runs to its end: shopped, invoiced, paid, captured, completed', async () => {
  const purchase = await checkOut();
  const { orderId } = purchase;
  await orderBecomes(orderId, 'approved');
  const list = await listOf(purchase);
  await accepted('PUT', `/api/depot/shopping/${list?.id}/assign`, { botId: 'bot' });
  await accepted('PUT', `/api/depot/shopping/${list?.id}/complete`);
  await orderBecomes(orderId, 'ready');
  await eventually(async () => assert.equal((await invoiceOf(purchase))?.status, 'pending'));
  await accepted('PUT', `/api/payments/invoices/${orderId}/pay`);
  await orderBecomes(orderId, 'completed');
  assert.equal((await paymentOf(purchase))?.status, 'captured');
  await eventually(async () => assert.equal((await indexed(purchase))?.status, 'Completed'));
  await eventually(async () => {
    const told = await mall.rows(
      'SELECT kind FROM notifications.notifications WHERE order_id = $1 ORDER BY kind',
      [orderId],
    );
    assert.equal(told.length, 4);
  });
});

test('a disabled customer: rejected before anything is done', async () => {
  const purchase = await checkOut({ disabled: true });
  await isUndone(purchase, { reason: /customer is not authorized/, payment: 'authorized' });
});

test('an unknown payment: rejected, the shopping list cancelled', async () => {
  const purchase = await checkOut({ paymentId: 'no such payment' });
  await isUndone(purchase, { reason: /payment cannot be confirmed/, list: 'canceled' });
});

test('row P1: a payment of too little: rejected, the shopping list cancelled', async () => {
  const purchase = await checkOut({ amount: 49.94 });
  await isUndone(purchase, { reason: /payment/, list: 'canceled', payment: 'authorized' });
});

test('row P2: one payment for two orders: the second is rejected', async () => {
  const first = await checkOut();
  await orderBecomes(first.orderId, 'approved');
  const second = await checkOut({ paymentId: first.paymentId });
  await orderBecomes(second.orderId, 'rejected');
  assert.equal((await paymentOf(first))?.status, 'confirmed');
});

test('a product that is gone when the saga plans the shopping: rejected', async () => {
  const gone = await mall.created(`/api/stores/${storeId}/products`, { name: 'Gone', price: 1 });
  const customerId = await mall.created('/api/customers', { name: 'Customer', smsNumber: '555-555-1212' });
  const paymentId = await mall.created('/api/payments', { customerId, amount: 1 });
  const item = { storeId, storeName: 's', productName: 'p', price: 1, quantity: 1 };
  const orderId = await mall.created('/api/ordering', {
    customerId,
    paymentId,
    items: [{ ...item, productId: `not ${gone}` }],
  });
  await isUndone({ customerId, paymentId, orderId }, { reason: /product/, payment: 'authorized' });
});

test('a product that leaves its store before the checkout: refused, the basket stays open', async () => {
  const gone = await mall.created(`/api/stores/${storeId}/products`, { name: 'Gone', price: 1 });
  const customerId = await mall.created('/api/customers', { name: 'Customer', smsNumber: '555-555-1212' });
  const basketId = await mall.created('/api/baskets', { customerId });
  await accepted('PUT', `/api/baskets/${basketId}/addItem`, { productId: gone, quantity: 1 });
  await accepted('DELETE', `/api/stores/products/${gone}`, undefined);
  await eventually(async () => {
    const cached = await row('SELECT removed FROM baskets.products_cache WHERE id = $1', gone);
    assert.equal(cached?.removed, true);
  });
  const { told } = await mall.rest('PUT', `/api/baskets/${basketId}/checkout`, { paymentId: 'payment' });
  assert.equal(told, '400 baskets checkout: the product "Gone" is no longer sold');
});

test('row K7: an order cancelled while its saga waits for customers stays cancelled and is undone', async () => {
  const withoutCustomers = mallModules().filter((module) => module.name !== 'customers');
  const customersOnly = mallModules().filter((module) => module.name === 'customers');
  const slow = await startTestProcess(withoutCustomers);
  try {
    const item = { storeId: 's', productId: 'p', storeName: 's', productName: 'p', price: 1, quantity: 1 };
    const paymentId = await slow.created('/api/payments', { customerId: 'c', amount: 1 });
    const orderId = await slow.created('/api/ordering', { customerId: 'c', paymentId, items: [item] });
    await eventually(async () => {
      const [saga] = await slow.rows('SELECT step FROM cosec.sagas WHERE id = $1', [orderId]);
      assert.equal(saga?.step, 1);
    });
    assert.equal((await slow.rest('DELETE', `/api/ordering/${orderId}`)).told, '200');
    await eventually(async () => {
      const [saga] = await slow.rows('SELECT reason FROM cosec.sagas WHERE id = $1', [orderId]);
      assert.equal(saga?.reason, 'the order was cancelled');
    });
    const customers = await startTestProcess(customersOnly, { beside: slow });
    try {
      await eventually(async () => {
        const [saga] = await slow.rows('SELECT status FROM cosec.sagas WHERE id = $1', [orderId]);
        assert.equal(saga?.status, 'compensated');
      });
    } finally {
      await customers.stop();
    }
    const { order } = await slow.call(OrderingServiceService.getOrder, { id: orderId });
    assert.equal(order?.status, 'cancelled');
    const lists = await slow.rows('SELECT 1 FROM depot.shopping_lists WHERE order_id = $1', [orderId]);
    assert.deepEqual(lists, []);
  } finally {
    await slow.stop();
  }
});

test('row P4: a declined payment is refused with its reason and leaves nothing', async () => {
  const picky = await startTestProcess(mallModules({ decline: { amountsAbove: 100 } }), {});
  try {
    const declined = await picky.rest('POST', '/api/payments', { customerId: 'c', amount: 100.01 });
    assert.equal(declined.told, '400 the payment was declined: the amount is above 100');
    assert.deepEqual(await picky.rows('SELECT 1 FROM payments.payments'), []);
    assert.equal((await picky.rest('POST', '/api/payments', { customerId: 'c', amount: 100 })).told, '200');
  } finally {
    await picky.stop();
  }
});

test('no message of all this was parked, and every outbox is empty', async () => {
  for (const { name } of mallModules()) {
    const letters = await mall.rows(`SELECT consumer, name, reason FROM ${name}.dead_letters`);
    assert.deepEqual(letters, [], name);
    await eventually(async () => {
      const left = await mall.rows(`SELECT name FROM ${name}.outbox WHERE published_at IS NULL`);
      assert.deepEqual(left, []);
    });
  }
});

test('the published order events say what became of the order, in order', async () => {
  const purchase = await checkOut();
  await orderBecomes(purchase.orderId, 'approved');
  const approved = await mall.nextMessage(
    messages.ordering.orderApproved,
    ({ id }) => id === purchase.orderId,
  );
  const created = await mall.nextMessage(messages.ordering.orderCreated, ({ id }) => id === purchase.orderId);
  assert.ok(created.sequence < approved.sequence);
  assert.equal(created.metadata['correlation-id'], approved.metadata['correlation-id']);
});
