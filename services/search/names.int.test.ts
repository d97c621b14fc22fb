import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { messages } from '../../proto/catalogue.ts';
import { CustomersServiceService } from '../../proto/gen/customers/api.ts';
import { StoresServiceService } from '../../proto/gen/stores/api.ts';
import { DeadlineExceeded, NotFound } from '../kernel/domain/index.ts';
import { newId } from '../kernel/messaging/index.ts';
import { rpcService } from '../kernel/rpc/index.ts';
import { standIn, startTestProcess, type TestProcess } from '../kernel/testing/index.ts';
import { searchModule } from './module.ts';
import { about, bread, handled, type OrderCreated, OrderStory } from './test-orders.ts';

const { customers, stores } = messages;

/**
 * Names as their owners would tell them; `silences` is how often they leave the question unanswered first.
 */
const owned = new Map<string, { name: string; silences?: number }>();
const asked: string[] = [];

function nameOf(id: string): string {
  asked.push(id);
  const row = owned.get(id);
  if (!row) throw new NotFound(`${id} does not exist`);
  const { name, silences = 0 } = row;
  if (silences === 0) return name;
  owned.set(id, { name, silences: silences - 1 });
  throw new DeadlineExceeded('the owner is slow today');
}

const asCustomers = rpcService(
  { getCustomer: CustomersServiceService.getCustomer },
  {
    getCustomer: async ({ id }) => ({
      customer: { id, name: nameOf(id), smsNumber: '', enabled: true, version: 1 },
    }),
  },
);
const asStores = rpcService(
  { getStore: StoresServiceService.getStore, getProduct: StoresServiceService.getProduct },
  {
    getStore: async ({ id }) => ({
      store: { id, name: nameOf(id), location: '', participating: true, version: 1 },
    }),
    getProduct: async ({ id }) => ({
      product: { id, storeId: 'bakery', name: nameOf(id), description: '', sku: '', price: 1, version: 1 },
    }),
  },
);

let mall: TestProcess;
before(async () => {
  const around = [standIn('customers', asCustomers), standIn('stores', asStores)];
  mall = await startTestProcess([searchModule, ...around], { limits: { redeliveryDelaysMs: [20, 20, 20] } });
});
after(() => mall?.stop());

/** A message that tells no names, as the original sends it. */
function nameless(item: Partial<OrderCreated['items'][number]>): OrderCreated['items'][number] {
  return { ...bread, productName: '', storeName: '', ...item };
}

const registered = (id: string, name: string, version = 1) =>
  mall.publish(customers.customerRegistered, { id, name, smsNumber: '' }, about(id, version));
const storeCreated = (id: string, name: string) =>
  mall.publish(stores.storeCreated, { id, name, location: '' }, about(id, 1));
const productAdded = (id: string, name: string, version = 1) => {
  const product = { id, storeId: 'bakery', name, description: '', sku: '', price: 1 };
  return mall.publish(stores.productAdded, product, about(id, version));
};
const productRemoved = (id: string, version: number) =>
  mall.publish(stores.productRemoved, { id }, about(id, version));

/** The names an order is shown by. */
async function namesOf(order: OrderStory) {
  const { customerName, items } = await order.shows('New');
  return {
    customer: customerName,
    ...items.map((item) => ({ product: item.productName, store: item.storeName }))[0],
  };
}

describe('names', () => {
  test('row O12: those the order was made with count, and nobody is asked', async () => {
    const order = new OrderStory(mall);
    await handled(mall, await registered(order.order.customerId, 'Ada'));
    await order.created();
    assert.deepEqual(await namesOf(order), { customer: 'Ada', product: 'Rye Bread', store: 'The Bakery' });
    assert.ok(!asked.some((id) => ['bread', 'bakery', order.order.customerId].includes(id)));
  });
  test('are those of the caches when the message has none', async () => {
    const [store, product] = [newId(), newId()];
    const order = new OrderStory(mall, { items: [nameless({ storeId: store, productId: product })] });
    await handled(mall, await registered(order.order.customerId, 'Ada'));
    await handled(mall, await storeCreated(store, 'Corner Shop'));
    await handled(mall, await productAdded(product, 'Marble'));
    await order.created({});
    assert.deepEqual(await namesOf(order), { customer: 'Ada', product: 'Marble', store: 'Corner Shop' });
    assert.ok(!asked.includes(store) && !asked.includes(product));
  });
  test('row S6: are asked of their owners where the caches have none, and kept', async () => {
    const [store, product] = [newId(), newId()];
    owned.set(store, { name: 'Far Away' }).set(product, { name: 'Map' });
    const order = new OrderStory(mall, { items: [nameless({ storeId: store, productId: product })] });
    owned.set(order.order.customerId, { name: 'Grace' });
    await order.created({});
    assert.deepEqual(await namesOf(order), { customer: 'Grace', product: 'Map', store: 'Far Away' });
    const kept = await mall.rows('SELECT store_id, name, version FROM search.products_cache WHERE id = $1', [
      product,
    ]);
    assert.deepEqual(kept, [{ store_id: 'bakery', name: 'Map', version: 1 }]);
  });
  test('are awaited when an owner does not answer: the message comes again', async () => {
    const store = newId();
    owned.set(store, { name: 'Slow Shop', silences: 2 });
    const order = new OrderStory(mall, { items: [nameless({ storeId: store, productName: 'Snail' })] });
    await order.created({});
    assert.equal((await namesOf(order)).store, 'Slow Shop');
    assert.deepEqual(await mall.rows('SELECT reason FROM search.dead_letters'), []);
  });
});

describe('row S13: what has no name any more', () => {
  test('a product removed meanwhile has the last one known', async () => {
    const product = newId();
    await handled(mall, await productAdded(product, 'Old Wine'));
    await handled(mall, await productRemoved(product, 2));
    const order = new OrderStory(mall, { items: [nameless({ productId: product, storeName: 'Cellar' })] });
    await order.created({});
    assert.equal((await namesOf(order)).product, 'Old Wine');
  });
  test('row X10: a product whose removal overtook its addition is called by its id', async () => {
    const product = newId();
    await handled(mall, await productRemoved(product, 2));
    await handled(mall, await productAdded(product, 'Phoenix'));
    const [row] = await mall.rows('SELECT removed, name FROM search.products_cache WHERE id = $1', [product]);
    assert.deepEqual(row, { removed: true, name: '' });
    const order = new OrderStory(mall, { items: [nameless({ productId: product, storeName: 'Zoo' })] });
    await order.created({});
    assert.equal((await namesOf(order)).product, product);
  });
  test('customers, stores and products nobody knows are called by their ids', async () => {
    const [store, product] = [newId(), newId()];
    const order = new OrderStory(mall, { items: [nameless({ storeId: store, productId: product })] });
    await order.created({});
    assert.deepEqual(await namesOf(order), { customer: order.order.customerId, product, store });
  });
});

describe('row S11: a later renaming', () => {
  test('changes the caches and later orders, not those that are there', async () => {
    const [store, product] = [newId(), newId()];
    const items = [nameless({ storeId: store, productId: product })];
    await handled(mall, await storeCreated(store, 'Before'));
    await handled(mall, await productAdded(product, 'Before'));
    const early = new OrderStory(mall, { items });
    await handled(mall, await early.created({}));
    await handled(
      mall,
      await mall.publish(stores.storeRebranded, { id: store, name: 'After' }, about(store, 2)),
    );
    const rebranded = { id: product, name: 'After', description: '' };
    await handled(mall, await mall.publish(stores.productRebranded, rebranded, about(product, 2)));
    const late = new OrderStory(mall, { items });
    await late.created({});
    const names = async (order: OrderStory) => {
      const { product, store } = await namesOf(order);
      return [product, store];
    };
    assert.deepEqual(await names(late), ['After', 'After']);
    assert.deepEqual(await names(early), ['Before', 'Before']);
  });
});

describe('row S8: what is told twice', () => {
  test('is kept once, and the consumer goes on', async () => {
    const id = newId();
    await handled(mall, await registered(id, 'Ada'));
    await handled(mall, await registered(id, 'Ada'));
    const rows = await mall.rows('SELECT name, version FROM search.customers_cache WHERE id = $1', [id]);
    assert.deepEqual(rows, [{ name: 'Ada', version: 1 }]);
  });
});
