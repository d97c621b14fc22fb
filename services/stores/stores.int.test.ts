import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { messages, metadataKeys } from '../../proto/catalogue.ts';
import { StoresServiceService as rpc } from '../../proto/gen/stores/api.ts';
import { eventually, refusalOf, startTestProcess, type TestProcess } from '../kernel/testing/index.ts';
import { storesModule } from './module.ts';
import { about, bookshop, noProduct, noStore, StoresDriver, wizard } from './testing/stores-driver.ts';

const { stores } = messages;

let mall: TestProcess;
let driver: StoresDriver;
before(async () => {
  mall = await startTestProcess([storesModule]);
  driver = new StoresDriver(mall);
});
after(() => mall?.stop());

describe('opening a store', () => {
  test('lists it, not participating, at both doors', async () => {
    const { id: byGrpc } = await mall.call(rpc.createStore, bookshop);
    for (const id of [await driver.openStore(), byGrpc]) {
      const store = { id, ...bookshop, participating: false, version: 1 };
      assert.deepEqual((await mall.rest('GET', `/api/stores/${id}`)).body, { store });
      assert.deepEqual(await driver.store(id), store);
    }
  });

  test('keeps text as it came: Unicode, signs of SQL, blanks at the ends', async () => {
    for (const name of [
      '👩‍👩‍👧 שלום عالم',
      "Robert'); DROP TABLE stores.stores; --",
      '  padded  ',
      '$1 %s \\u0041',
    ]) {
      const id = await driver.openStore({ name, location: name });
      assert.deepEqual(await driver.store(id), {
        id,
        name,
        location: name,
        participating: false,
        version: 1,
      });
      const { content } = await mall.nextMessage(stores.storeCreated, about(id));
      assert.deepEqual(content, { id, name, location: name });
    }
  });

  for (const [why, details, text] of [
    ['a blank name', { name: '' }, 'the store name cannot be blank'],
    ['a name of white space', { name: ' \u00a0\u2003' }, 'the store name cannot be blank'],
    ['a blank location', { location: ' ' }, 'the store location cannot be blank'],
    ['row X13: an endless name', { name: 'x'.repeat(257) }, 'the store name is longer than 256 characters'],
    [
      'row X13: an endless location',
      { location: 'x'.repeat(257) },
      'the store location is longer than 256 characters',
    ],
    ['row X13: a control character', { name: 'a\u0000b' }, 'the store name holds control characters'],
  ] as const) {
    test(`is refused with ${why}, at both doors, and leaves nothing`, () =>
      driver.leavesNothing(async () => {
        const request = { ...bookshop, ...details };
        assert.equal((await mall.rest('POST', '/api/stores', request)).told, `400 ${text}`);
        assert.equal(await refusalOf(mall.call(rpc.createStore, request)), `BAD_REQUEST: ${text}`);
      }));
  }
});

describe('row P-60: the message of an event', () => {
  test("has the event's id and time, its aggregate with its version, and the cause of it all", async () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const response = await fetch(`${mall.restUrl}/api/stores`, {
      method: 'POST',
      headers: { traceparent },
      body: JSON.stringify(bookshop),
    });
    const { id } = JSON.parse(await response.text());
    const message = await mall.nextMessage(stores.storeCreated, about(id));
    const [event] = await mall.rows(
      'SELECT event_id, occurred_at, metadata FROM stores.events WHERE stream_id = $1',
      [id],
    );
    assert.equal(message.subject, `${mall.ground.stream}.stores.events.Store`);
    assert.equal(message.name, 'storesapi.StoreCreated');
    assert.equal(message.id, event?.event_id);
    assert.deepEqual(message.occurredAt, event?.occurred_at);
    const { correlationId = '' } = Object(event?.metadata);
    assert.notEqual(correlationId, '');
    assert.deepEqual(message.metadata, {
      [metadataKeys.aggregateName]: 'stores.Store',
      [metadataKeys.aggregateId]: id,
      [metadataKeys.aggregateVersion]: '1',
      [metadataKeys.causationId]: correlationId,
      [metadataKeys.correlationId]: correlationId,
      [metadataKeys.traceparent]: traceparent,
    });
  });
  test('of a product tells of the product', async () => {
    const id = await driver.addProduct();
    const { subject, metadata } = await mall.nextMessage(stores.productAdded, about(id));
    assert.equal(subject, `${mall.ground.stream}.stores.events.Product`);
    assert.equal(metadata[metadataKeys.aggregateName], 'stores.Product');
    assert.equal(metadata[metadataKeys.aggregateId], id);
  });
});

describe('taking part', () => {
  const isListed = async (id: string) => {
    const { stores } = await mall.call(rpc.getParticipatingStores, { pageSize: 1_000, pageToken: '' });
    return stores.some(about(id));
  };
  test('begins and ends, each told once, and shows in the list under its own address', async () => {
    const id = await driver.openStore();
    assert.equal((await driver.change(`${id}/participating`)).told, '200');
    assert.equal((await driver.change(`${id}/participating`)).told, '400 the store is already participating');
    assert.deepEqual(await driver.store(id), { id, ...bookshop, participating: true, version: 2 });
    assert.ok(await isListed(id));
    const { body } = await mall.rest('GET', '/api/stores/participating?page_size=1');
    assert.deepEqual(Object.keys(Object(body)), ['stores', 'nextPageToken']);
    const leave = () => mall.rest('DELETE', `/api/stores/${id}/participating`);
    assert.equal((await leave()).told, '200');
    assert.equal((await leave()).told, '400 the store is already not participating');
    assert.equal((await driver.store(id))?.participating, false);
    assert.equal(await isListed(id), false);
    const told = await eventually(() => {
      const toggled = mall.published(stores.storeParticipatingToggled, about(id));
      assert.equal(toggled.length, 2);
      return toggled;
    });
    assert.deepEqual(
      told.map(({ content, metadata }) => [content.participating, metadata[metadataKeys.aggregateVersion]]),
      [
        [true, '2'],
        [false, '3'],
      ],
    );
  });
  test('of a store that was never in is refused', async () => {
    const id = await driver.openStore();
    const refused = mall.call(rpc.disableParticipation, { id });
    assert.equal(await refusalOf(refused), 'BAD_REQUEST: the store is already not participating');
  });
});

describe('rebranding a store', () => {
  test('renames it for everybody', async () => {
    const id = await driver.openStore();
    assert.equal((await driver.change(`${id}/rebrand`, { name: 'Statler Toys' })).told, '200');
    assert.equal((await driver.store(id))?.name, 'Statler Toys');
    const { content } = await mall.nextMessage(stores.storeRebranded, about(id));
    assert.deepEqual(content, { id, name: 'Statler Toys' });
  });
  test('row T6: to blank is refused', async () => {
    const id = await driver.openStore();
    await driver.leavesNothing(async () => {
      const text = 'the store name cannot be blank';
      assert.equal((await driver.change(`${id}/rebrand`, { name: ' ' })).told, `400 ${text}`);
      assert.equal(await refusalOf(mall.call(rpc.rebrandStore, { id, name: '' })), `BAD_REQUEST: ${text}`);
    });
  });
});

describe('rows X6, T7, T8: an unknown id', () => {
  for (const [what, id] of [
    ['nobody’s', 'nobody'],
    ['blank', ' '],
    ['of the greatest length, in any script', '店'.repeat(128)],
  ] as const) {
    test(`${what} is not found by anything, and makes no stream of its own`, () =>
      driver.leavesNothing(async () => {
        const path = encodeURIComponent(id);
        for (const [method, address, text] of [
          ['GET', path, noStore],
          ['PUT', `${path}/participating`, noStore],
          ['DELETE', `${path}/participating`, noStore],
          ['PUT', `${path}/rebrand`, noStore],
          ['POST', `${path}/products`, noStore],
          ['GET', `products/${path}`, noProduct],
          ['PUT', `products/${path}/rebrand`, noProduct],
          ['PUT', `products/${path}/increasePrice`, noProduct],
          ['PUT', `products/${path}/decreasePrice`, noProduct],
          ['DELETE', `products/${path}`, noProduct],
        ] as const) {
          const answer = await mall.rest(
            method,
            `/api/stores/${address}`,
            method === 'GET' ? undefined : wizard,
          );
          assert.equal(answer.told, `404 ${text}`, `${method} ${address}`);
        }
        for (const attempt of driver.changesOfProduct(id))
          assert.equal(await refusalOf(attempt()), `NOT_FOUND: ${noProduct}`);
      }));
  }
  test('has an empty catalog', async () => {
    const { body } = await mall.rest('GET', '/api/stores/nobody/products');
    assert.deepEqual(body, { products: [], nextPageToken: '' });
  });
  test('too long to be one is refused by name', async () => {
    const { told } = await mall.rest('GET', `/api/stores/${'x'.repeat(129)}`);
    assert.equal(told, '400 the store id is longer than 128 characters');
  });
});

describe('rows T9, X23: a list', () => {
  /** Every page of a list, as clients turn them. */
  async function pages<Item>(
    turn: (pageToken: string) => Promise<{ items: readonly Item[]; nextPageToken: string }>,
  ): Promise<Item[][]> {
    const all: Item[][] = [];
    let token = '';
    do {
      const { items, nextPageToken } = await turn(token);
      all.push([...items]);
      token = nextPageToken;
    } while (token !== '');
    return all;
  }

  test('of all stores ends, in stable order and without repeats, while stores are opened', async () => {
    const names = ['B', 'a', 'B', 'Ä', '', 'B', '👩‍👩‍👧', 'a b', 'B'].map((name) => `paged ${name}`);
    const ids = await Promise.all(names.map((name) => driver.openStore({ name })));
    const listed = await pages(async (pageToken) => {
      const { stores, nextPageToken } = await mall.call(rpc.getStores, { pageSize: 2, pageToken });
      await driver.openStore({ name: ' before all others' });
      return { items: stores, nextPageToken };
    });
    const seen = listed.flat().map(({ id }) => id);
    assert.equal(new Set(seen).size, seen.length);
    for (const id of ids) assert.ok(seen.includes(id));
    const inOrder = await mall.rows('SELECT id FROM stores.stores WHERE id = ANY($1) ORDER BY name, id', [
      seen,
    ]);
    assert.deepEqual(
      seen,
      inOrder.map(({ id }) => id),
    );
  });
  test('of a catalog has 100 to a page, or as many as asked for, at most 1000', async () => {
    const storeId = await driver.openStore();
    await mall.rows(
      `INSERT INTO stores.products (id, store_id, name, description, sku, price, version)
       SELECT $1 || n, $1, 'Product', '', '', 1, 1 FROM generate_series(1, 1001) AS n`,
      [storeId],
    );
    const sizes = async (pageSize: number) => {
      const listed = await pages(async (pageToken) => {
        const { products, nextPageToken } = await mall.call(rpc.getCatalog, { storeId, pageSize, pageToken });
        return { items: products, nextPageToken };
      });
      assert.equal(new Set(listed.flat().map(({ id }) => id)).size, 1_001);
      return listed.map((page) => page.length);
    };
    assert.deepEqual(await sizes(0), [...Array.from({ length: 10 }, () => 100), 1]);
    assert.deepEqual(await sizes(1_001), [1_000, 1]);
    assert.deepEqual(await sizes(143), [143, 143, 143, 143, 143, 143, 143]);
  });
  for (const [why, query, told] of [
    ['a size below zero', 'page_size=-1', '400 the page size cannot be negative'],
    [
      'a size that is no number',
      'pageSize=all',
      '400 the request does not fit: cannot decode field storespb.GetStoresRequest.page_size from JSON: ' +
        'expected number (int32), got "all"',
    ],
    [
      'a token of its own making',
      `page_token=${Buffer.from('["\\u0000", "x"]').toString('base64url')}`,
      '400 the page token is none of ours; leave it out for the first page',
    ],
  ] as const) {
    test(`is refused with ${why}`, async () => {
      assert.equal((await mall.rest('GET', `/api/stores?${query}`)).told, told);
    });
  }
});
