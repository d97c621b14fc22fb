import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import { OrderingServiceService } from '../proto/gen/ordering/api.ts';
import { eventually, startTestProcess, type TestProcess } from './kernel/testing/index.ts';
import { mallModules } from './mall.ts';
import { ForeignProgram } from './wire/foreign-wire.ts';
import { double, text } from './wire/protobuf-wire.ts';

/*
 * The original's own clients, request for request, against the mall as it comes: its end-to-end suite, the contract
 * of its baskets' user interface, its simulator and its request script. They are the judges of compatibility, so what
 * they send and expect is written down here as they do it, and none of our own conveniences are used.
 */
let mall: TestProcess;

before(async () => {
  mall = await startTestProcess(mallModules());
});
after(() => mall?.stop());

interface Answered {
  readonly status: number;
  readonly type: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** A request as the original's clients make it: JSON in, JSON out. */
async function request(method: string, path: string, body?: unknown): Promise<Answered> {
  const response = await fetch(`${mall.restUrl}${path}`, {
    method,
    headers: { accept: 'application/json', 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const type = response.headers.get('content-type') ?? '';
  return { status: response.status, type, body: asObject(await response.json()) };
}

/** As {@link request}, for what must succeed. Answers the body. */
async function done(method: string, path: string, body?: unknown): Promise<Answered['body']> {
  const answer = await request(method, path, body);
  assert.equal(answer.status, 200, `${method} ${path}: ${JSON.stringify(answer.body)}`);
  return answer.body;
}

async function created(path: string, body: unknown): Promise<string> {
  return textIn(await done('POST', path, body), 'id');
}

function asObject(value: unknown): Readonly<Record<string, unknown>> {
  assert.ok(typeof value === 'object' && value !== null && !Array.isArray(value), 'a JSON object');
  return Object.fromEntries(Object.entries(value));
}

function objectIn(body: Answered['body'], name: string): Answered['body'] {
  return asObject(body[name]);
}

function listIn(body: Answered['body'], name: string): Answered['body'][] {
  const list = body[name];
  assert.ok(Array.isArray(list), `${name} is a list`);
  return list.map(asObject);
}

function textIn(body: Answered['body'], name: string): string {
  const value = body[name];
  assert.ok(typeof value === 'string' && value !== '', `${name} is text`);
  return value;
}

function numberIn(body: Answered['body'], name: string): number {
  const value = body[name];
  assert.ok(typeof value === 'number', `${name} is a number`);
  return value;
}

async function orderBecomes(orderId: string, status: string): Promise<void> {
  await eventually(async () => {
    const { order } = await mall.call(OrderingServiceService.getOrder, { id: orderId });
    assert.equal(order?.status, status);
  });
}

/** Empties tables between scenarios as the original's suite does. */
async function empty(...tables: readonly string[]): Promise<void> {
  for (const table of tables) await mall.rows(`TRUNCATE ${table}`);
}

describe('the end-to-end suite', () => {
  /** What the suite remembers between the steps of a scenario. */
  class Scenario {
    #last: Answered | undefined;
    #customerId = '';
    #basketId = '';
    #storeId = '';
    readonly #products = new Map<string, string>();

    async iRegisterAs(name: string): Promise<void> {
      const { status, body } = await this.#send('POST', '/api/customers', {
        name,
        smsNumber: '555-555-1212',
      });
      if (status === 200) this.#customerId = textIn(body, 'id');
    }

    async iStartABasket(): Promise<void> {
      assert.notEqual(this.#customerId, '', 'a customer is registered');
      const { status, body } = await this.#send('POST', '/api/baskets', { customerId: this.#customerId });
      if (status === 200) this.#basketId = textIn(body, 'id');
    }

    async iCreateTheStore(name: string): Promise<void> {
      const { status, body } = await this.#send('POST', '/api/stores', { name, location: 'anywhere' });
      if (status === 200) this.#storeId = textIn(body, 'id');
    }

    async iCreateTheProduct(name: string, price: number): Promise<void> {
      assert.notEqual(this.#storeId, '', 'a store is created');
      const path = `/api/stores/${this.#storeId}/products`;
      const { status, body } = await this.#send('POST', path, { name, price });
      if (status === 200) this.#products.set(name, textIn(body, 'id'));
    }

    /** A product that the scenario did not create goes by an id that nobody has. */
    async iAddTheItems(items: readonly { name: string; quantity: number }[]): Promise<void> {
      assert.notEqual(this.#basketId, '', 'a basket is started');
      for (const { name, quantity } of items) {
        const productId = this.#products.get(name) ?? randomUUID();
        const path = `/api/baskets/${this.#basketId}/addItem`;
        const { status } = await this.#send('PUT', path, { productId, quantity });
        if (status !== 200) return;
      }
    }

    async aStoreHas(items: readonly { name: string; price: number }[]): Promise<void> {
      await this.iCreateTheStore('AnyStore');
      this.answeredWithAnId();
      for (const { name, price } of items) await this.iCreateTheProduct(name, price);
    }

    /** Registered, started, created: the kinds of answer that carry an id. */
    answeredWithAnId(): void {
      assert.equal(this.#last?.status, 200, JSON.stringify(this.#last?.body));
      assert.deepEqual(Object.keys(this.#last.body), ['id']);
    }

    answeredWithNothing(): void {
      assert.equal(this.#last?.status, 200, JSON.stringify(this.#last?.body));
      assert.deepEqual(this.#last.body, {});
    }

    /** The suite's clients print an error's fields, and it looks for `Message:` followed by the text. */
    iReceiveTheError(message: string): void {
      assert.ok(this.#last && this.#last.status !== 200, 'there was an error');
      const received = textIn(this.#last.body, 'message');
      assert.ok(received.startsWith(message), `${received} begins with ${message}`);
    }

    async #send(method: string, path: string, body: unknown): Promise<Answered> {
      this.#last = await request(method, path, body);
      return this.#last;
    }
  }

  let scenario: Scenario;
  beforeEach(async () => {
    const shared = (context: string) =>
      ['events', 'snapshots', 'inbox', 'outbox'].map((table) => `${context}.${table}`);
    await empty(...shared('baskets'), 'baskets.products_cache', 'baskets.stores_cache');
    await empty('customers.customers', 'customers.inbox', 'customers.outbox');
    await empty(...shared('stores'), 'stores.stores', 'stores.products');
    scenario = new Scenario();
  });

  async function rowsNamed(table: string, name: string): Promise<number> {
    return (await mall.rows(`SELECT name FROM ${table} WHERE name = $1`, [name])).length;
  }

  async function aCustomerWithABasket(): Promise<void> {
    await scenario.iRegisterAs('RegisteredCustomer');
    scenario.answeredWithAnId();
    await scenario.iStartABasket();
    scenario.answeredWithAnId();
  }

  test('Adding items', async () => {
    await aCustomerWithABasket();
    await scenario.aStoreHas([{ name: 'Wizard w/ crystal', price: 9.99 }]);
    await scenario.iAddTheItems([{ name: 'Wizard w/ crystal', quantity: 10 }]);
    scenario.answeredWithNothing();
  });

  test('Cannot add items that do not exist', async () => {
    await aCustomerWithABasket();
    await scenario.iAddTheItems([{ name: 'Wizard w/ crystal', quantity: 10 }]);
    scenario.iReceiveTheError('product fallback failed: product was not located');
  });

  test('Create a basket', async () => {
    await scenario.iRegisterAs('RegisteredCustomer');
    await scenario.iStartABasket();
    scenario.answeredWithAnId();
  });

  test('Registering a new customer', async () => {
    assert.equal(await rowsNamed('customers.customers', 'John Smith'), 0);
    await scenario.iRegisterAs('John Smith');
    scenario.answeredWithAnId();
    assert.equal(await rowsNamed('customers.customers', 'John Smith'), 1);
  });

  test('Creating a product called "Wizard w/ crystal"', async () => {
    await scenario.iCreateTheStore('Nic & Naks');
    assert.equal(await rowsNamed('stores.stores', 'Nic & Naks'), 1);
    assert.equal(await rowsNamed('stores.products', 'Wizard w/ crystal'), 0);
    await scenario.iCreateTheProduct('Wizard w/ crystal', 9.98);
    scenario.answeredWithAnId();
    assert.equal(await rowsNamed('stores.products', 'Wizard w/ crystal'), 1);
  });

  test('Creating a store called "Waldorf Books"', async () => {
    assert.equal(await rowsNamed('stores.stores', 'Waldorf Books'), 0);
    await scenario.iCreateTheStore('Waldorf Books');
    scenario.answeredWithAnId();
    assert.equal(await rowsNamed('stores.stores', 'Waldorf Books'), 1);
  });

  test('Cannot create stores without a name', async () => {
    await scenario.iCreateTheStore('');
    scenario.iReceiveTheError('the store name cannot be blank');
    assert.equal(await rowsNamed('stores.stores', ''), 0);
  });
});

describe('the contract of the baskets user interface', () => {
  const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
  let program: ForeignProgram;

  before(async () => {
    program = await ForeignProgram.open(mall);
  });
  after(() => program?.close());
  // Only the interaction's own states hold, as the original's provider empties its stores after each.
  const forget = () =>
    empty(
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
    await mall.rows(
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
      assert.equal((await mall.rows(`SELECT id FROM ${table} WHERE id = $1`, [id])).length, 1);
    });
  }

  /** The expected body matches by type: what it names is there and of its kind, whatever the value. */
  function answers(answer: Answered, status: number, like: Readonly<Record<string, unknown>>): void {
    assert.equal(answer.status, status, JSON.stringify(answer.body));
    assert.equal(answer.type, 'application/json');
    for (const [name, value] of Object.entries(like)) assert.equal(typeof answer.body[name], typeof value);
  }

  const addItem = (quantity: number) =>
    request('PUT', '/api/baskets/basket-id/addItem', { productId: 'product-id', quantity });

  test('a request to start a basket', async () => {
    const answer = await request('POST', '/api/baskets', { customerId: 'customer-id' });
    answers(answer, 200, { id: '' });
    assert.match(textIn(answer.body, 'id'), UUID);
  });

  test('a request to start a basket without a customerId', async () => {
    const answer = await request('POST', '/api/baskets', { customerId: '' });
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
    const { basket } = await done('GET', '/api/baskets/basket-id');
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

describe('the simulator', () => {
  const register = () => created('/api/customers', { name: 'Nic.Naks', smsNumber: '555-555-1212' });

  /** A store that does not take part, with products of the given prices. */
  async function setUpAStore(name: string, ...prices: readonly number[]): Promise<string> {
    const storeId = await created('/api/stores', { name, location: 'Books' });
    for (const price of prices) {
      await created(`/api/stores/${storeId}/products`, {
        name: 'Refined Wooden Computer',
        description: 'streamline robust markets',
        sku: 'Refined',
        price,
      });
    }
    const { store } = await done('GET', `/api/stores/${storeId}`);
    assert.deepEqual(store, {
      ...asObject(store),
      id: storeId,
      name,
      location: 'Books',
      participating: false,
    });
    return storeId;
  }

  async function storesOfTheMall(): Promise<string[]> {
    return listIn(await done('GET', '/api/stores'), 'stores').map((store) => textIn(store, 'id'));
  }

  async function productsOf(storeId: string): Promise<string[]> {
    const products = listIn(await done('GET', `/api/stores/${storeId}/products`), 'products');
    return products.map((product) => textIn(product, 'id'));
  }

  /** Fills a basket with some of all that a store has; the total is added up in doubles. */
  async function browse(storeId: string): Promise<{ customerId: string; basketId: string; total: number }> {
    const customerId = await register();
    const basketId = await created('/api/baskets', { customerId });
    assert.ok((await storesOfTheMall()).includes(storeId));
    textIn(objectIn(await done('GET', `/api/stores/${storeId}`), 'store'), 'name');
    let total = 0;
    for (const productId of await productsOf(storeId)) {
      const product = objectIn(await done('GET', `/api/stores/products/${productId}`), 'product');
      textIn(product, 'name');
      const quantity = 1;
      total += numberIn(product, 'price') * quantity;
      assert.deepEqual(await done('PUT', `/api/baskets/${basketId}/addItem`, { productId, quantity }), {});
    }
    return { customerId, basketId, total };
  }

  test('sets up a store and adds inventory; products of one SKU are no trouble', async () => {
    const storeId = await setUpAStore('William Connelly', 5, 11.99);
    assert.ok((await storesOfTheMall()).includes(storeId));
    await created(`/api/stores/${storeId}/products`, {
      name: 'Sleek Cotton Chair',
      description: 'embrace viral portals',
      sku: 'Refined',
      price: 7.5,
    });
    assert.equal((await productsOf(storeId)).length, 3);
  });

  test('rebrands a store and a product', async () => {
    const storeId = await setUpAStore('Rebranded Soon', 6);
    const [productId] = await productsOf(storeId);
    assert.deepEqual(await done('PUT', `/api/stores/${storeId}/rebrand`, { name: 'Otha Kuhn' }), {});
    const brand = { name: 'Soft Metal Hat', description: 'grow sexy niches' };
    assert.deepEqual(await done('PUT', `/api/stores/products/${productId}/rebrand`, brand), {});
    const store = objectIn(await done('GET', `/api/stores/${storeId}`), 'store');
    const product = objectIn(await done('GET', `/api/stores/products/${productId}`), 'product');
    assert.deepEqual([store.name, product.name, product.description], ['Otha Kuhn', ...Object.values(brand)]);
  });

  test('browses, and cancels the basket', async () => {
    const { basketId } = await browse(await setUpAStore('Too Much', 11.99, 8.01));
    assert.deepEqual(await done('DELETE', `/api/baskets/${basketId}`), {});
    assert.equal(objectIn(await done('GET', `/api/baskets/${basketId}`), 'basket').status, 'canceled');
  });

  for (const { prices, sum, doubles } of [
    { prices: [0.1, 0.2], sum: '0.3000', doubles: 0.30000000000000004 },
    { prices: [0.1, 0.7], sum: '0.8000', doubles: 0.7999999999999999 },
    { prices: [5.05, 11.99], sum: '17.0400', doubles: 17.04 },
  ]) {
    test(`buys for ${prices.join(' + ')}, of which doubles make ${doubles}`, async () => {
      const { customerId, basketId, total } = await browse(await setUpAStore('Kaylin Rath', ...prices));
      assert.equal(total, doubles);
      const paymentId = await created('/api/payments', { customerId, amount: total });
      assert.deepEqual(await done('PUT', `/api/baskets/${basketId}/checkout`, { paymentId }), {});
      await orderBecomes(basketId, 'approved');
      const [payment] = await mall.rows('SELECT amount, status FROM payments.payments WHERE id = $1', [
        paymentId,
      ]);
      assert.deepEqual(payment, { amount: sum, status: 'confirmed' });
    });
  }
});

test('the request script, from a new store to an approved order', async () => {
  const storeId = await created('/api/stores', { name: 'Store ABC', location: 'The mall' });
  const product = { name: 'Product ABC', sku: 'productABC', price: 9.99 };
  const productId = await created(`/api/stores/${storeId}/products`, product);
  const customerId = await created('/api/customers', { name: 'Customer ABC', smsNumber: '555-555-1212' });
  const basketId = await created('/api/baskets', { customerId });
  await done('PUT', `/api/baskets/${basketId}/addItem`, { productId, quantity: 5 });
  const paymentId = await created('/api/payments', { customerId, amount: 200.0 });
  await done('PUT', `/api/baskets/${basketId}/checkout`, { paymentId });
  await orderBecomes(basketId, 'approved');
});
