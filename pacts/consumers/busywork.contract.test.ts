import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { MatchersV3 } from '@pact-foundation/pact';
import { fromWire } from '../../cli/busywork/money.ts';
import { anId, HttpContracts, idOf, pathWith } from '../harness/http-consumer.ts';
import { calling } from '../harness/simulator.ts';

/* The calls of the simulator, made by its own client; those about orders are beside them. */
const { eachLike } = MatchersV3;

const customers = new HttpContracts('busywork', 'customers');
const baskets = new HttpContracts('busywork', 'baskets');
const payments = new HttpContracts('busywork', 'payments');
const stores = new HttpContracts('busywork', 'stores');

const aStore = { id: 'store-id', name: 'NewStore', location: 'Books' };
const aProduct = { id: 'product-id', storeId: 'store-id', name: 'NewProduct', price: 9.99 };
const price = fromWire(9.99);

test('register customer', () =>
  customers.answers(
    'a request to register a customer',
    {
      request: {
        method: 'POST',
        path: '/api/customers',
        body: { name: 'Nic.Naks', smsNumber: '555-555-1212' },
      },
      status: 200,
      answer: { id: anId('customer-id') },
    },
    async (url) => {
      const customer = { name: 'Nic.Naks', smsNumber: '555-555-1212' };
      assert.equal(await calling(url, (mall) => mall.registerCustomer(customer)), 'customer-id');
    },
  ));

describe('baskets', () => {
  const started = ['a basket was started', { id: 'basket-id' }] as const;
  const known = ['a product is known'] as const;

  test('start basket', () =>
    baskets.answers(
      'a request to start a basket for a customer',
      {
        request: { method: 'POST', path: '/api/baskets', body: { customerId: 'customer-id' } },
        status: 200,
        answer: { id: anId('basket-id') },
      },
      async (url) => {
        assert.equal(await calling(url, (mall) => mall.startBasket('customer-id')), 'basket-id');
      },
    ));

  test('add item', () =>
    baskets.answers(
      'a request to add an item',
      {
        given: [started, known],
        request: {
          method: 'PUT',
          path: pathWith('/api/baskets/{basket-id}/addItem'),
          body: { productId: idOf('product-id'), quantity: 3 },
        },
        status: 200,
        answer: {},
      },
      (url) => calling(url, (mall) => mall.addItem('basket-id', { productId: 'product-id', quantity: 3 })),
    ));

  test('cancel basket', () =>
    baskets.answers(
      'a request to cancel a basket',
      {
        given: [started],
        request: { method: 'DELETE', path: pathWith('/api/baskets/{basket-id}') },
        status: 200,
        answer: {},
      },
      (url) => calling(url, (mall) => mall.cancelBasket('basket-id')),
    ));

  test('check out', () =>
    baskets.answers(
      'a request to check a basket out',
      {
        given: [started, known, ['an item is in the basket', { id: 'basket-id' }]],
        request: {
          method: 'PUT',
          path: pathWith('/api/baskets/{basket-id}/checkout'),
          body: { paymentId: 'payment-id' },
        },
        status: 200,
        answer: {},
      },
      (url) => calling(url, (mall) => mall.checkOut('basket-id', 'payment-id')),
    ));
});

describe('payments', () => {
  test('authorise payment', () =>
    payments.answers(
      'a request to authorize a payment',
      {
        request: {
          method: 'POST',
          path: '/api/payments',
          body: { customerId: 'customer-id', amount: 9.99 },
        },
        status: 200,
        answer: { id: anId('payment-id') },
      },
      async (url) => {
        const payment = { customerId: 'customer-id', amount: price };
        assert.equal(await calling(url, (mall) => mall.authorisePayment(payment)), 'payment-id');
      },
    ));

  const made = ['an invoice was made', { id: 'invoice-id', orderId: 'order-id' }] as const;

  test('read invoice', () =>
    payments.answers(
      'a request for an invoice',
      {
        given: [made],
        request: { method: 'GET', path: pathWith('/api/payments/invoices/{invoice-id}') },
        status: 200,
        answer: { invoice: { amount: 29.97, status: 'pending' } },
      },
      async (url) => {
        assert.equal(await calling(url, (mall) => mall.openInvoice('invoice-id')), fromWire(29.97));
      },
    ));

  test('pay invoice', () =>
    payments.answers(
      'a request to pay an invoice',
      {
        given: [made],
        request: { method: 'PUT', path: pathWith('/api/payments/invoices/{invoice-id}/pay'), body: {} },
        status: 200,
        answer: {},
      },
      (url) => calling(url, (mall) => mall.payInvoice('invoice-id')),
    ));
});

describe('stores', () => {
  test('create store', () =>
    stores.answers(
      'a request to create a store',
      {
        request: { method: 'POST', path: '/api/stores', body: { name: 'NewStore', location: 'Books' } },
        status: 200,
        answer: { id: anId('store-id') },
      },
      async (url) => {
        const store = { name: 'NewStore', location: 'Books' };
        assert.equal(await calling(url, (mall) => mall.createStore(store)), 'store-id');
      },
    ));

  test('list stores', () =>
    stores.answers(
      'a request for the stores',
      {
        given: [['a store was created', aStore]],
        request: { method: 'GET', path: '/api/stores' },
        status: 200,
        answer: { stores: eachLike({ id: anId('store-id') }) },
      },
      async (url) => {
        assert.deepEqual(await calling(url, (mall) => mall.listStores()), ['store-id']);
      },
    ));

  test('get store', () =>
    stores.answers(
      'a request for a store',
      {
        given: [['a store was created', aStore]],
        request: { method: 'GET', path: pathWith('/api/stores/{store-id}') },
        status: 200,
        answer: { store: { id: anId('store-id'), name: 'NewStore' } },
      },
      async (url) => {
        assert.equal(await calling(url, (mall) => mall.storeName('store-id')), 'NewStore');
      },
    ));

  test('rebrand store', () =>
    stores.answers(
      'a request to rebrand a store',
      {
        given: [['a store was created', aStore]],
        request: {
          method: 'PUT',
          path: pathWith('/api/stores/{store-id}/rebrand'),
          body: { name: 'RebrandedStore' },
        },
        status: 200,
        answer: {},
      },
      (url) => calling(url, (mall) => mall.rebrandStore('store-id', 'RebrandedStore')),
    ));

  test('add product', () =>
    stores.answers(
      'a request to add a product to a store',
      {
        given: [['a store was created', aStore]],
        request: {
          method: 'POST',
          path: pathWith('/api/stores/{store-id}/products'),
          body: { name: 'NewProduct', description: 'streamline markets', sku: 'Refined', price: 9.99 },
        },
        status: 200,
        answer: { id: anId('product-id') },
      },
      async (url) => {
        const product = { name: 'NewProduct', description: 'streamline markets', sku: 'Refined', price };
        assert.equal(await calling(url, (mall) => mall.addProduct('store-id', product)), 'product-id');
      },
    ));

  test('list products of a store', () =>
    stores.answers(
      'a request for the products of a store',
      {
        given: [['a product was added', aProduct]],
        request: { method: 'GET', path: pathWith('/api/stores/{store-id}/products') },
        status: 200,
        answer: { products: eachLike({ id: anId('product-id') }) },
      },
      async (url) => {
        assert.deepEqual(await calling(url, (mall) => mall.listProducts('store-id')), ['product-id']);
      },
    ));

  test('get product', () =>
    stores.answers(
      'a request for a product',
      {
        given: [['a product was added', aProduct]],
        request: { method: 'GET', path: pathWith('/api/stores/products/{product-id}') },
        status: 200,
        answer: { product: { id: anId('product-id'), name: 'NewProduct', price: 9.99 } },
      },
      async (url) => {
        const product = await calling(url, (mall) => mall.product('product-id'));
        assert.deepEqual(product, { name: 'NewProduct', price });
      },
    ));

  test('rebrand product', () =>
    stores.answers(
      'a request to rebrand a product',
      {
        given: [['a product was added', aProduct]],
        request: {
          method: 'PUT',
          path: pathWith('/api/stores/products/{product-id}/rebrand'),
          body: { name: 'RebrandedProduct', description: 'as before' },
        },
        status: 200,
        answer: {},
      },
      (url) => {
        const brand = { name: 'RebrandedProduct', description: 'as before' };
        return calling(url, (mall) => mall.rebrandProduct('product-id', brand));
      },
    ));
});
