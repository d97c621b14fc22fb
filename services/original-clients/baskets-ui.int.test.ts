import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import { eventually } from '../kernel/testing/index.ts';
import { ForeignProgram } from '../wire/foreign-wire.ts';
import { double, text } from '../wire/protobuf-wire.ts';
import { type Answered, asObject, listIn, OriginalGround, textIn } from './original-ground.ts';

const ground = new OriginalGround();

describe('the contract of the baskets user interface', () => {
  const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
  let program: ForeignProgram;

  before(async () => {
    program = await ForeignProgram.open(ground.mall);
  });
  after(() => program?.close());
  // Only the interaction's own states hold, as the original's provider empties its stores after each.
  const forget = () =>
    ground.empty(
      'baskets.events',
      'baskets.snapshots',
      'baskets.products_cache',
      'baskets.stores_cache',
      'baskets.inbox',
    );
  beforeEach(forget);
  afterEach(forget);

  /** The row as the original stored it; what we keep beside it is left as blank as the columns allow. */
  async function aBasketExists(): Promise<void> {
    await ground.mall.rows(
      `INSERT INTO baskets.events (stream_id, stream_name, stream_version, event_id, event_name, event_data,
                                   occurred_at, metadata, schema_version)
       VALUES ('basket-id', 'baskets.Basket', 1, $1, 'baskets.BasketStarted', $2, now(), '{}', 0)`,
      [randomUUID(), JSON.stringify({ CustomerID: 'customer-id' })],
    );
  }

  async function aStoreExists(): Promise<void> {
    const payload = [...text(1, 'store-id'), ...text(2, 'TheStore')];
    await program.publish('stores.events.Store', 'storesapi.StoreCreated', payload);
    await isCached('baskets.stores_cache', 'store-id');
  }

  async function aProductExists(): Promise<void> {
    const payload = [
      ...text(1, 'product-id'),
      ...text(2, 'store-id'),
      ...text(3, 'TheProduct'),
      ...double(6, 10),
    ];
    await program.publish('stores.events.Product', 'storesapi.ProductAdded', payload);
    await isCached('baskets.products_cache', 'product-id');
  }

  async function isCached(table: string, id: string): Promise<void> {
    await eventually(async () => {
      assert.equal((await ground.mall.rows(`SELECT id FROM ${table} WHERE id = $1`, [id])).length, 1);
    });
  }

  /** The expected body matches by type: what it names is there and of its kind, whatever the value. */
  function answers(answer: Answered, status: number, like: Readonly<Record<string, unknown>>): void {
    assert.equal(answer.status, status, JSON.stringify(answer.body));
    assert.equal(answer.type, 'application/json');
    for (const [name, value] of Object.entries(like)) assert.equal(typeof answer.body[name], typeof value);
  }

  const addItem = (quantity: number) =>
    ground.request('PUT', '/api/baskets/basket-id/addItem', { productId: 'product-id', quantity });

  test('a request to start a basket', async () => {
    const answer = await ground.request('POST', '/api/baskets', { customerId: 'customer-id' });
    answers(answer, 200, { id: '' });
    assert.match(textIn(answer.body, 'id'), UUID);
  });

  test('a request to start a basket without a customerId', async () => {
    const answer = await ground.request('POST', '/api/baskets', { customerId: '' });
    answers(answer, 400, { message: 'the customer id cannot be blank' });
    assert.equal(answer.body.message, 'the customer id cannot be blank');
  });

  test('a request to add a product: a store, the product and a basket exist', async () => {
    await aStoreExists();
    await aProductExists();
    await aBasketExists();
    const answer = await addItem(1);
    answers(answer, 200, {});
    assert.deepEqual(answer.body, {});
    const { basket } = await ground.done('GET', '/api/baskets/basket-id');
    const [line] = listIn(asObject(basket), 'items');
    assert.deepEqual(line, {
      storeId: 'store-id',
      productId: 'product-id',
      storeName: 'TheStore',
      productName: 'TheProduct',
      productPrice: 10,
      quantity: 1,
    });
  });

  test('a request to add a product with a negative quantity', async () => {
    await aStoreExists();
    await aProductExists();
    await aBasketExists();
    const answer = await addItem(-1);
    answers(answer, 400, { message: 'the item quantity cannot be negative' });
    assert.equal(answer.body.message, 'the item quantity cannot be negative');
  });

  test('a request to add a product: only a basket exists', async () => {
    await aBasketExists();
    answers(await addItem(1), 404, { message: 'product with id: `product-id` does not exist' });
  });
});
