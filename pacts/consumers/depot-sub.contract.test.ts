import assert from 'node:assert/strict';
import { after, beforeEach, describe, test } from 'node:test';
import { consumerGroups, messages } from '../../proto/catalogue.ts';
import { answerTo, commandHeaders } from '../harness/commands.ts';
import { forgetAll, rowBecomes, startContexts, version } from '../harness/context.ts';
import { MessageContracts } from '../harness/message-consumer.ts';
import { anItem, anOrder } from '../harness/orders.ts';

/* What the depot reads of stores and products, and of the saga's commands. */
const { am, depot, stores } = messages;

const mall = await startContexts('depot');
after(() => mall.stop());
beforeEach(() => forgetAll(mall, 'depot'));

const ofStores = new MessageContracts(mall, consumerGroups.depotStores, 'stores');
const ofProducts = new MessageContracts(mall, consumerGroups.depotProducts, 'stores');
const ofCosec = new MessageContracts(mall, consumerGroups.depotCommands, 'cosec');

const store = { id: 'store-id', name: 'NewStore', location: 'NewLocation' };
const product = { id: 'product-id', storeId: 'store-id', name: 'NewProduct', price: 9.99 };

const storeBecomes = (expected: Readonly<Record<string, unknown>>) =>
  rowBecomes(
    mall,
    { id: 'store-id', location: 'NewLocation', ...expected },
    'SELECT id, name, location, version FROM depot.stores_cache',
  );
const productBecomes = (expected: Readonly<Record<string, unknown>>) =>
  rowBecomes(
    mall,
    { id: 'product-id', store_id: 'store-id', removed: false, ...expected },
    'SELECT id, store_id, name, version, removed FROM depot.products_cache',
  );
const listBecomes = (status: string) =>
  rowBecomes(
    mall,
    { order_id: 'order-id', status },
    "SELECT order_id, status FROM depot.shopping_lists WHERE id = 'list-id'",
  );

async function knowsStore(): Promise<void> {
  await mall.publish(stores.storeCreated, store, { metadata: version(1) });
  await storeBecomes({ name: 'NewStore', version: 1 });
}

async function knowsProduct(): Promise<void> {
  await mall.publish(stores.productAdded, { ...product, sku: '', description: '' }, { metadata: version(1) });
  await productBecomes({ name: 'NewProduct', version: 1 });
}

async function hasList(status: string): Promise<void> {
  await mall.rows(
    `INSERT INTO depot.shopping_lists (id, order_id, stops, assigned_bot_id, status, version)
     VALUES ('list-id', 'order-id', '{}', '', $1, 1)`,
    [status],
  );
}

describe('the catalogue', () => {
  test('StoreCreated: the store is known by name and location', () =>
    ofStores.receives(
      stores.storeCreated,
      { given: [['a store was created', store]], payload: store, headers: version(1) },
      async (publish) => {
        await publish();
        await storeBecomes({ name: 'NewStore', version: 1 });
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
        await storeBecomes({ name: 'RebrandedStore', version: 2 });
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

describe('the saga', () => {
  test('CreateShoppingListCommand: the order has a list of all its items, whose id the saga is told', () =>
    ofCosec.receives(
      depot.createShoppingListCommand,
      {
        given: [['an order was created', anOrder], ['the customer was authorized']],
        payload: {
          orderId: 'order-id',
          items: [{ productId: 'product-id', storeId: 'store-id', quantity: anItem.quantity }],
        },
        headers: commandHeaders,
      },
      async (publish) => {
        await knowsStore();
        await knowsProduct();
        const { id } = await answerTo(mall, publish, depot.createdShoppingListReply);
        const [list] = await mall.rows('SELECT id, order_id, status, stops FROM depot.shopping_lists');
        assert.deepEqual([list?.id, list?.order_id, list?.status], [id, 'order-id', 'pending']);
        const stops = JSON.stringify(list?.stops);
        for (const part of ['store-id', 'NewStore', 'product-id', 'NewProduct', '3'])
          assert.ok(stops.includes(part), `${stops} has ${part}`);
      },
    ));

  test('CancelShoppingListCommand: the list is canceled', () =>
    ofCosec.receives(
      depot.cancelShoppingListCommand,
      {
        given: [
          ['an order was created', anOrder],
          ['the customer was authorized'],
          ['the shopping list was created', { id: 'list-id' }],
          ['the payment was refused'],
        ],
        payload: { id: 'list-id' },
        headers: commandHeaders,
      },
      async (publish) => {
        await hasList('pending');
        await answerTo(mall, publish, am.success);
        await listBecomes('canceled');
      },
    ));

  test('CancelShoppingListCommand, the list never learnt of: the order tells which one is meant', () =>
    ofCosec.receives(
      depot.cancelShoppingListCommand,
      {
        given: [
          ['an order was created', anOrder],
          ['the customer was authorized'],
          ['the shopping list was never answered for'],
        ],
        payload: { id: '', orderId: 'order-id' },
        headers: commandHeaders,
      },
      async (publish) => {
        await hasList('pending');
        await answerTo(mall, publish, am.success);
        await listBecomes('canceled');
      },
    ));

  test('InitiateShoppingCommand: the list is there for bots to take', () =>
    ofCosec.receives(
      depot.initiateShoppingCommand,
      {
        given: [
          ['an order was created', anOrder],
          ['the customer was authorized'],
          ['the shopping list was created', { id: 'list-id' }],
          ['the payment was confirmed'],
        ],
        payload: { id: 'list-id' },
        headers: commandHeaders,
      },
      async (publish) => {
        await hasList('pending');
        await answerTo(mall, publish, am.success);
        await listBecomes('available');
      },
    ));
});
