import { after, beforeEach, test } from 'node:test';
import { consumerGroups, messages } from '../../proto/catalogue.ts';
import { forgetAll, rowBecomes, startContexts, version } from '../harness/context.ts';
import { MessageContracts } from '../harness/message-consumer.ts';

/* What baskets read of stores, products and customers; of the stores' two messages the original has contracts too. */
const { customers, stores } = messages;

const mall = await startContexts('baskets');
after(() => mall.stop());
beforeEach(() => forgetAll(mall, 'baskets'));

const ofStores = new MessageContracts(mall, consumerGroups.basketsStores, 'stores');
const ofProducts = new MessageContracts(mall, consumerGroups.basketsProducts, 'stores');
const ofCustomers = new MessageContracts(mall, consumerGroups.basketsCustomers, 'customers');

const store = { id: 'store-id', name: 'NewStore', location: 'NewLocation' };
const product = { id: 'product-id', storeId: 'store-id', name: 'NewProduct', price: 10 };
const customer = { id: 'customer-id', name: 'NewCustomer', smsNumber: '555-555-1212' };

const storeBecomes = (expected: Readonly<Record<string, unknown>>) =>
  rowBecomes(
    mall,
    { id: 'store-id', removed: false, ...expected },
    'SELECT id, name, participating, version, removed FROM baskets.stores_cache',
  );
const productBecomes = (expected: Readonly<Record<string, unknown>>) =>
  rowBecomes(
    mall,
    { id: 'product-id', store_id: 'store-id', removed: false, ...expected },
    'SELECT id, store_id, name, price::float8 AS price, version, removed FROM baskets.products_cache',
  );
const customerBecomes = (expected: Readonly<Record<string, unknown>>) =>
  rowBecomes(
    mall,
    { id: 'customer-id', ...expected },
    'SELECT id, enabled, version FROM baskets.customers_cache',
  );

async function knowsStore(): Promise<void> {
  await mall.publish(stores.storeCreated, store, { metadata: version(1) });
  await storeBecomes({ name: 'NewStore', participating: false, version: 1 });
}

async function knowsProduct(): Promise<void> {
  await mall.publish(stores.productAdded, { ...product, sku: '', description: '' }, { metadata: version(1) });
  await productBecomes({ name: 'NewProduct', price: 10, version: 1 });
}

async function knowsCustomer(): Promise<void> {
  await mall.publish(customers.customerRegistered, customer, { metadata: version(1) });
  await customerBecomes({ enabled: true, version: 1 });
}

test('StoreCreated: the store is known by its name', () =>
  ofStores.receives(
    stores.storeCreated,
    {
      given: [['a store was created', store]],
      payload: { id: 'store-id', name: 'NewStore' },
      headers: version(1),
    },
    async (publish) => {
      await publish();
      await storeBecomes({ name: 'NewStore', participating: false, version: 1 });
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
      await storeBecomes({ name: 'RebrandedStore', participating: false, version: 2 });
    },
  ));

test('StoreParticipatingToggled, on: the store takes part', () =>
  ofStores.receives(
    stores.storeParticipatingToggled,
    {
      given: [
        ['a store was created', store],
        ['the store began to participate', { id: 'store-id' }],
      ],
      payload: { id: 'store-id', participating: true },
      headers: version(2),
    },
    async (publish) => {
      await knowsStore();
      await publish();
      await storeBecomes({ name: 'NewStore', participating: true, version: 2 });
    },
  ));

test('StoreParticipatingToggled, off: the store takes part no more', () =>
  ofStores.receives(
    stores.storeParticipatingToggled,
    {
      given: [
        ['a store was created', store],
        ['the store began to participate', { id: 'store-id' }],
        ['the store ceased to participate', { id: 'store-id' }],
      ],
      payload: { id: 'store-id', participating: false },
      headers: version(3),
    },
    async (publish) => {
      await knowsStore();
      const on = { id: 'store-id', participating: true };
      await mall.publish(stores.storeParticipatingToggled, on, { metadata: version(2) });
      await storeBecomes({ name: 'NewStore', participating: true, version: 2 });
      await publish();
      await storeBecomes({ name: 'NewStore', participating: false, version: 3 });
    },
  ));

test('ProductAdded: the product is known by store, name and price', () =>
  ofProducts.receives(
    stores.productAdded,
    { given: [['a product was added', product]], payload: product, headers: version(1) },
    async (publish) => {
      await publish();
      await productBecomes({ name: 'NewProduct', price: 10, version: 1 });
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
      await productBecomes({ name: 'RebrandedProduct', price: 10, version: 2 });
    },
  ));

// The absolute price counts: the delta is read only of senders that do not know it.
for (const [message, price] of [
  [stores.productPriceIncreased, 12.5],
  [stores.productPriceDecreased, 7.25],
] as const) {
  test(`${message.name}: the product has the new price`, () =>
    ofProducts.receives(
      message,
      {
        given: [
          ['a product was added', product],
          ['the product has a new price', { id: 'product-id', price }],
        ],
        payload: { id: 'product-id', price },
        headers: version(2),
      },
      async (publish) => {
        await knowsProduct();
        await publish();
        await productBecomes({ name: 'NewProduct', price, version: 2 });
      },
    ));
}

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
      await productBecomes({ name: 'NewProduct', price: 10, version: 2, removed: true });
    },
  ));

test('CustomerRegistered: the customer may shop', () =>
  ofCustomers.receives(
    customers.customerRegistered,
    {
      given: [['a customer was registered', customer]],
      payload: { id: 'customer-id' },
      headers: version(1),
    },
    async (publish) => {
      await publish();
      await customerBecomes({ enabled: true, version: 1 });
    },
  ));

test('CustomerSmsChanged: only the version is of interest', () =>
  ofCustomers.receives(
    customers.customerSmsChanged,
    {
      given: [
        ['a customer was registered', customer],
        ['the customer has a new number', { id: 'customer-id', smsNumber: '555-555-1313' }],
      ],
      payload: { id: 'customer-id' },
      headers: version(2),
    },
    async (publish) => {
      await knowsCustomer();
      await publish();
      await customerBecomes({ enabled: true, version: 2 });
    },
  ));

test('CustomerDisabled: the customer may shop no more', () =>
  ofCustomers.receives(
    customers.customerDisabled,
    {
      given: [
        ['a customer was registered', customer],
        ['the customer was disabled', { id: 'customer-id' }],
      ],
      payload: { id: 'customer-id' },
      headers: version(2),
    },
    async (publish) => {
      await knowsCustomer();
      await publish();
      await customerBecomes({ enabled: false, version: 2 });
    },
  ));

test('CustomerEnabled: the customer may shop again', () =>
  ofCustomers.receives(
    customers.customerEnabled,
    {
      given: [
        ['a customer was registered', customer],
        ['the customer was disabled', { id: 'customer-id' }],
        ['the customer was enabled', { id: 'customer-id' }],
      ],
      payload: { id: 'customer-id' },
      headers: version(3),
    },
    async (publish) => {
      await knowsCustomer();
      await mall.publish(customers.customerDisabled, { id: 'customer-id' }, { metadata: version(2) });
      await customerBecomes({ enabled: false, version: 2 });
      await publish();
      await customerBecomes({ enabled: true, version: 3 });
    },
  ));
