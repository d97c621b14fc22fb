import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { BasketServiceService } from '../proto/gen/baskets/api.ts';
import { CustomersServiceService } from '../proto/gen/customers/api.ts';
import { DepotServiceService } from '../proto/gen/depot/api.ts';
import { OrderingServiceService } from '../proto/gen/ordering/api.ts';
import { PaymentsServiceService } from '../proto/gen/payments/api.ts';
import { SearchServiceService } from '../proto/gen/search/api.ts';
import {
  eventually,
  Person,
  refusalOf,
  startTestProcess,
  type TestProcess,
  testSecret,
} from './kernel/testing/index.ts';
import { mallModules } from './mall.ts';

/* Row X1: purchases in a mall that asks for tokens, and what customers reach of each other's there: nothing. */
let mall: TestProcess;
let productId: string;

before(async () => {
  mall = await startTestProcess(mallModules(), { authSecret: testSecret });
  const owner = new Person(mall, { role: 'store-owner' });
  const storeId = await owner.created('/api/stores', { name: 'Waldorf Books', location: 'here' });
  const product = { name: 'Wizard', sku: 'wizard', price: 10 };
  productId = await owner.created(`/api/stores/${storeId}/products`, product);
});
after(() => mall?.stop());

/** A new customer, registered without a token and from then on with one. */
async function newCustomer(name = 'Customer'): Promise<Person> {
  const id = await new Person(mall).created('/api/customers', { name, smsNumber: '555-555-1212' });
  return new Person(mall, { role: 'customer', id });
}

/** A purchase up to its approval, with no token but the customer's. */
async function purchase(customer: Person): Promise<{ orderId: string; paymentId: string }> {
  const orderId = await customer.created('/api/baskets', { customerId: customer.id });
  const added = await customer.rest('PUT', `/api/baskets/${orderId}/addItem`, { productId, quantity: 2 });
  assert.equal(added.told, '200');
  const paymentId = await customer.created('/api/payments', { customerId: customer.id, amount: 20 });
  const checkedOut = await customer.rest('PUT', `/api/baskets/${orderId}/checkout`, { paymentId });
  assert.equal(checkedOut.told, '200');
  await orderBecomes(customer, orderId, 'approved');
  return { orderId, paymentId };
}

async function orderBecomes(customer: Person, orderId: string, status: string): Promise<void> {
  await eventually(async () => {
    const { order } = await customer.call(OrderingServiceService.getOrder, { id: orderId });
    assert.equal(order?.status, status);
  });
}

/** The depot's part, after which there is an invoice, under the order's id. */
async function collect(orderId: string): Promise<void> {
  const depot = new Person(mall, { role: 'depot' });
  const page = { pageSize: 0, pageToken: '' };
  const id = await eventually(async () => {
    const { shoppingLists } = await depot.call(DepotServiceService.listAvailableShoppingLists, page);
    const list = shoppingLists.find((each) => each.orderId === orderId);
    assert.ok(list);
    return list.id;
  });
  await depot.call(DepotServiceService.assignShoppingList, { id, botId: 'bot' });
  await depot.call(DepotServiceService.completeShoppingList, { id });
}

test('a purchase from registration to the paid invoice, each with a token of no wider role than needed', async () => {
  const customer = await newCustomer();
  const { orderId } = await purchase(customer);
  await collect(orderId);
  await eventually(async () => {
    const paid = await customer.rest('PUT', `/api/payments/invoices/${orderId}/pay`, {});
    assert.equal(paid.told, '200');
  });
  await orderBecomes(customer, orderId, 'completed');
});

test('what a context has missed it fetches from the owner, what needs a token too', async () => {
  const customer = await newCustomer('Fetched Customer');
  await eventually(async () => {
    const forget = 'DELETE FROM search.customers_cache WHERE id = $1 RETURNING id';
    assert.equal((await mall.rows(forget, [customer.id])).length, 1);
  });
  await mall.rows('DELETE FROM baskets.products_cache');
  const { orderId } = await purchase(customer);
  await eventually(async () => {
    const { order } = await customer.call(SearchServiceService.getOrder, { id: orderId });
    assert.equal(order?.customerName, 'Fetched Customer');
  });
});

describe('what belongs to a customer is refused to another one, who leaves no trace, and is hers:', () => {
  let [her, him]: Person[] = [];
  /** Things of hers: an order with an invoice, two open baskets. */
  let hers: { orderId: string; paymentId: string; basketId: string; otherId: string };

  before(async () => {
    her = await newCustomer();
    him = await newCustomer();
    const customerId = her.id;
    hers = {
      ...(await purchase(her)),
      basketId: await her.created('/api/baskets', { customerId }),
      otherId: await her.created('/api/baskets', { customerId }),
    };
    await collect(hers.orderId);
    const customer = her;
    await eventually(() => customer.call(PaymentsServiceService.getInvoice, { id: hers.orderId }));
    await eventually(() => customer.call(SearchServiceService.getOrder, { id: hers.orderId }));
  });

  const { getCustomer, changeSmsNumber } = CustomersServiceService;
  const { startBasket, getBasket, addItem, removeItem, checkoutBasket, cancelBasket } = BasketServiceService;
  const { authorizePayment, getPayment, getInvoice, payInvoice } = PaymentsServiceService;
  const { getOrder, cancelOrder } = OrderingServiceService;
  const search = SearchServiceService;

  const requests: Readonly<Record<string, (by: Person, customerId: string) => Promise<unknown>>> = {
    getCustomer: (by, id) => by.call(getCustomer, { id }),
    changeSmsNumber: (by, id) => by.call(changeSmsNumber, { id, smsNumber: '555' }),
    startBasket: (by, customerId) => by.call(startBasket, { customerId }),
    getBasket: (by) => by.call(getBasket, { id: hers.basketId }),
    addItem: (by) => by.call(addItem, { id: hers.basketId, productId, quantity: 2 }),
    removeItem: (by) => by.call(removeItem, { id: hers.basketId, productId, quantity: 1 }),
    checkoutBasket: (by) => by.call(checkoutBasket, { id: hers.basketId, paymentId: hers.paymentId }),
    cancelBasket: (by) => by.call(cancelBasket, { id: hers.otherId }),
    authorizePayment: (by, customerId) => by.call(authorizePayment, { customerId, amount: 1 }),
    getPayment: (by) => by.call(getPayment, { id: hers.paymentId }),
    getInvoice: (by) => by.call(getInvoice, { id: hers.orderId }),
    payInvoice: (by) => by.call(payInvoice, { id: hers.orderId }),
    getOrder: (by) => by.call(getOrder, { id: hers.orderId }),
    foundOrder: (by) => by.call(search.getOrder, { id: hers.orderId }),
  };
  for (const [name, send] of Object.entries(requests)) {
    test(name, async () => {
      assert.ok(her && him);
      assert.equal(await refusalOf(send(him, her.id)), 'FORBIDDEN: this belongs to another customer');
      assert.equal(await refusalOf(send(her, her.id)), 'OK');
    });
  }

  test('cancelOrder, which for her is a matter of the rules', async () => {
    assert.ok(her && him);
    const cancel = (by: Person) => refusalOf(by.call(cancelOrder, { id: hers.orderId }));
    assert.equal(await cancel(him), 'FORBIDDEN: this belongs to another customer');
    assert.equal(await cancel(her), 'BAD_REQUEST: the order cannot be cancelled');
  });

  test('searches find own orders only, whatever they ask for', async () => {
    const found = async (by: Person | undefined, filters?: object) => {
      const { body, told } = (await by?.rest('POST', '/api/search/orders', filters && { filters })) ?? {};
      return told === '200' ? JSON.stringify(body) : told;
    };
    assert.ok(her && him);
    for (const filters of [undefined, {}, { customerId: her.id }])
      assert.match((await found(her, filters)) ?? '', new RegExp(hers.orderId));
    assert.equal(await found(him), '{"orders":[],"next":""}');
    assert.equal(await found(him, { customerId: her.id }), '403 this belongs to another customer');
    const service = new Person(mall, { role: 'service' });
    assert.match((await found(service, { customerId: her.id })) ?? '', new RegExp(hers.orderId));
  });

  test("an Idempotency-Key is its caller's: the same request of another one is decided by itself", async () => {
    assert.ok(her && him);
    const key = { 'idempotency-key': 'the-same' };
    const body = { customerId: her.id };
    const first = await her.rest('POST', '/api/baskets', body, key);
    assert.deepEqual(await her.rest('POST', '/api/baskets', body, key), first);
    const { told } = await him.rest('POST', '/api/baskets', body, key);
    assert.equal(told, '403 this belongs to another customer');
    assert.equal((await him.rest('POST', '/api/baskets', { customerId: him.id }, key)).told, '200');
  });
});

test("an invoice made by hand for no payment is nobody's", async () => {
  const service = new Person(mall, { role: 'service' });
  const details = { orderId: 'by hand', paymentId: '', amount: 1 };
  const { id } = await service.call(PaymentsServiceService.createInvoice, details);
  const customer = await newCustomer();
  const refusal = await refusalOf(customer.call(PaymentsServiceService.getInvoice, { id }));
  assert.equal(refusal, 'FORBIDDEN: this belongs to another customer');
});

test('without a secret nobody is asked and no token is looked at', async () => {
  const open = await startTestProcess(mallModules());
  try {
    const header = { authorization: 'Bearer garbage' };
    const customer = { name: 'Customer', smsNumber: '555-555-1212' };
    assert.equal((await open.rest('POST', '/api/customers', customer, header)).told, '200');
    assert.equal((await open.rest('POST', '/api/baskets', { customerId: 'anybody' }, header)).told, '200');
    assert.equal((await open.rest('POST', '/api/stores', { name: 'S', location: 'here' })).told, '200');
    const refusal = await refusalOf(open.call(OrderingServiceService.readyOrder, { id: 'unknown' }));
    assert.equal(refusal, 'NOT_FOUND: order with that ID does not exist');
  } finally {
    await open.stop();
  }
});
