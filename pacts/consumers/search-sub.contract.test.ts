import assert from 'node:assert/strict';
import { after, beforeEach, describe, test } from 'node:test';
import { MatchersV3 } from '@pact-foundation/pact';
import { consumerGroups, type MessageDefinition, messages } from '../../proto/catalogue.ts';
import { forgetAll, rowBecomes, startContexts, version } from '../harness/context.ts';
import { type Given, MessageContracts } from '../harness/message-consumer.ts';
import { anItem, anOrder, itsTotal } from '../harness/orders.ts';

/* What search reads: names for its copies, and the life of an order. */
const { customers, ordering, stores } = messages;
const { regex } = MatchersV3;

const mall = await startContexts('search');
after(() => mall.stop());
beforeEach(() => forgetAll(mall, 'search'));

const ofCustomers = new MessageContracts(mall, consumerGroups.searchCustomers, 'customers');
const ofStores = new MessageContracts(mall, consumerGroups.searchStores, 'stores');
const ofProducts = new MessageContracts(mall, consumerGroups.searchProducts, 'stores');
const ofOrders = new MessageContracts(mall, consumerGroups.searchOrders, 'ordering');

const store = { id: 'store-id', name: 'NewStore', location: 'NewLocation' };
const product = { id: 'product-id', storeId: 'store-id', name: 'NewProduct', price: 10 };
const customer = { id: 'customer-id', name: 'NewCustomer', smsNumber: '555-555-1212' };

const storeBecomes = (name: string, versionOfIt: number) =>
  rowBecomes(
    mall,
    { id: 'store-id', name, version: versionOfIt },
    'SELECT id, name, version FROM search.stores_cache',
  );
const productBecomes = (expected: Readonly<Record<string, unknown>>) =>
  rowBecomes(
    mall,
    { id: 'product-id', store_id: 'store-id', removed: false, ...expected },
    'SELECT id, store_id, name, version, removed FROM search.products_cache',
  );
const orderBecomes = (status: string, versionOfIt: number) =>
  rowBecomes(
    mall,
    { order_id: 'order-id', status, version: versionOfIt },
    'SELECT order_id, status, version FROM search.orders',
  );

async function knowsCustomer(): Promise<void> {
  await mall.publish(customers.customerRegistered, customer, { metadata: version(1) });
  await rowBecomes(
    mall,
    { id: 'customer-id', name: 'NewCustomer', version: 1 },
    'SELECT id, name, version FROM search.customers_cache',
  );
}

async function knowsStore(): Promise<void> {
  await mall.publish(stores.storeCreated, store, { metadata: version(1) });
  await storeBecomes('NewStore', 1);
}

async function knowsProduct(): Promise<void> {
  await mall.publish(stores.productAdded, { ...product, sku: '', description: '' }, { metadata: version(1) });
  await productBecomes({ name: 'NewProduct', version: 1 });
}

async function knowsOrder(): Promise<void> {
  await knowsCustomer();
  await mall.publish(
    ordering.orderCreated,
    { ...anOrder, shoppingId: '', items: [{ ...anItem }] },
    { metadata: version(1) },
  );
  await orderBecomes('New', 1);
}

describe('names', () => {
  test('CustomerRegistered: the customer is known by name', () =>
    ofCustomers.receives(
      customers.customerRegistered,
      {
        given: [['a customer was registered', customer]],
        payload: { id: 'customer-id', name: 'NewCustomer' },
        headers: version(1),
      },
      async (publish) => {
        await publish();
        await rowBecomes(
          mall,
          { id: 'customer-id', name: 'NewCustomer', version: 1 },
          'SELECT id, name, version FROM search.customers_cache',
        );
      },
    ));

  test('StoreCreated: the store is known by name', () =>
    ofStores.receives(
      stores.storeCreated,
      {
        given: [['a store was created', store]],
        payload: { id: 'store-id', name: 'NewStore' },
        headers: version(1),
      },
      async (publish) => {
        await publish();
        await storeBecomes('NewStore', 1);
      },
    ));

  test('StoreRebranded: the store has the new name', () =>
    ofStores.receives(
      stores.storeRebranded,
      {
        given: [
          ['a store was created', store],
          ['the store was rebranded', { id: 'store-id', name: 'RebrandedStore' }],
        ],
        payload: { id: 'store-id', name: 'RebrandedStore' },
        headers: version(2),
      },
      async (publish) => {
        await knowsStore();
        await publish();
        await storeBecomes('RebrandedStore', 2);
      },
    ));

  test('ProductAdded: the product is known by store and name', () =>
    ofProducts.receives(
      stores.productAdded,
      {
        given: [['a product was added', product]],
        payload: { id: 'product-id', storeId: 'store-id', name: 'NewProduct' },
        headers: version(1),
      },
      async (publish) => {
        await publish();
        await productBecomes({ name: 'NewProduct', version: 1 });
      },
    ));

  test('ProductRebranded: the product has the new name', () =>
    ofProducts.receives(
      stores.productRebranded,
      {
        given: [
          ['a product was added', product],
          ['the product was rebranded', { id: 'product-id', name: 'RebrandedProduct' }],
        ],
        payload: { id: 'product-id', name: 'RebrandedProduct' },
        headers: version(2),
      },
      async (publish) => {
        await knowsProduct();
        await publish();
        await productBecomes({ name: 'RebrandedProduct', version: 2 });
      },
    ));

  test('ProductRemoved: the product is remembered as removed', () =>
    ofProducts.receives(
      stores.productRemoved,
      {
        given: [
          ['a product was added', product],
          ['the product was removed', { id: 'product-id' }],
        ],
        payload: { id: 'product-id' },
        headers: version(2),
      },
      async (publish) => {
        await knowsProduct();
        await publish();
        await productBecomes({ name: 'NewProduct', version: 2, removed: true });
      },
    ));
});

describe('orders', () => {
  test('OrderCreated: the order is found with its customer, its items and their names', () =>
    ofOrders.receives(
      ordering.orderCreated,
      {
        given: [['an order was created', anOrder]],
        payload: { id: 'order-id', customerId: 'customer-id', items: [{ ...anItem }] },
        // An order is as old as its event.
        headers: {
          ...version(1),
          occurredAt: regex('^\\d{4}-\\d{2}-\\d{2}T[\\d:.]+Z$', '2026-01-02T03:04:05.678Z'),
        },
      },
      async (publish) => {
        await knowsCustomer();
        await publish();
        await orderBecomes('New', 1);
        const { body } = await mall.rest('GET', '/api/search/orders/order-id');
        const { quantity, ...item } = anItem;
        assert.partialDeepStrictEqual(body, {
          order: {
            orderId: 'order-id',
            customerId: 'customer-id',
            customerName: 'NewCustomer',
            items: [{ ...item, quantity: String(quantity) }],
            total: itsTotal,
          },
        });
      },
    ));

  const approved: Given = ['the order was approved', { id: 'order-id', shoppingId: 'list-id' }];
  const readied: Given = ['the order was readied', { id: 'order-id' }];

  /** A step in an order's life: search reads which order it is about, and its place in that life. */
  async function moves<Payload>(
    message: MessageDefinition<Payload>,
    given: readonly Given[],
    status: string,
  ): Promise<void> {
    const expected = {
      given: [['an order was created', anOrder] satisfies Given, ...given],
      payload: { id: 'order-id' },
      headers: version(given.length + 1),
    };
    await ofOrders.receives(message, expected, async (publish) => {
      await knowsOrder();
      await publish();
      await orderBecomes(status, given.length + 1);
    });
  }

  test('OrderApproved: the order is shown as approved', () =>
    moves(ordering.orderApproved, [approved], 'Approved'));

  test('OrderRejected: the order is shown as rejected', () =>
    moves(
      ordering.orderRejected,
      [['the order was rejected', { id: 'order-id', reason: 'no' }]],
      'Rejected',
    ));

  test('OrderCanceled: the order is shown as canceled', () =>
    moves(ordering.orderCanceled, [['the order was cancelled', { id: 'order-id' }]], 'Canceled'));

  test('OrderReadied: the order is shown as ready', () =>
    moves(ordering.orderReadied, [approved, readied], 'Ready For Pickup'));

  test('OrderCompleted: the order is shown as completed', () =>
    moves(
      ordering.orderCompleted,
      [approved, readied, ['the order was completed', { id: 'order-id', invoiceId: 'invoice-id' }]],
      'Completed',
    ));
});
