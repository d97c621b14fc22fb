import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { messages } from '../../proto/catalogue.ts';
import { StoresServiceService as rpc } from '../../proto/gen/stores/api.ts';
import { refusalOf, startTestProcess, type TestProcess } from '../kernel/testing/index.ts';
import { storesModule } from './module.ts';
import { about, noProduct, noStore, StoresDriver, wizard } from './testing/stores-driver.ts';

const { stores } = messages;

let mall: TestProcess;
let driver: StoresDriver;
before(async () => {
  mall = await startTestProcess([storesModule]);
  driver = new StoresDriver(mall);
});
after(() => mall?.stop());

describe('adding a product', () => {
  test('puts it in its catalog and tells all of it', async () => {
    const storeId = await driver.openStore();
    const id = await driver.addProduct({}, storeId);
    const product = { id, storeId, ...wizard, version: 1 };
    assert.deepEqual((await mall.rest('GET', `/api/stores/products/${id}`)).body, { product });
    assert.deepEqual((await mall.rest('GET', `/api/stores/${storeId}/products`)).body, {
      products: [product],
      nextPageToken: '',
    });
    const { content } = await mall.nextMessage(stores.productAdded, about(id));
    assert.deepEqual(content, { id, storeId, ...wizard });
  });
  test('puts it where the path says, whatever the body says', async () => {
    const storeId = await driver.openStore();
    const path = `/api/stores/${storeId}/products`;
    const id = await mall.created(path, { ...wizard, store_id: 'elsewhere' });
    assert.equal((await driver.product(id))?.storeId, storeId);
  });
  test('takes a description of several lines, and no description and SKU at all', async () => {
    const description = 'one\r\n\ttwo\n“three” 👩‍👩‍👧';
    assert.equal((await driver.product(await driver.addProduct({ description })))?.description, description);
    const bare = await driver.addProduct({ description: '', sku: '' });
    const { description: none, sku } = (await driver.product(bare)) ?? {};
    assert.deepEqual([none, sku], ['', '']);
  });
  test('row X2: keeps every price exactly', async () => {
    for (const price of [0, 0.0001, 0.1 + 0.2, 1234.5678, 99_999_999.9999]) {
      const id = await driver.addProduct({ price });
      const exact = Number(price.toFixed(4));
      assert.equal((await driver.product(id))?.price, exact);
      assert.equal((await mall.nextMessage(stores.productAdded, about(id))).content.price, exact);
    }
  });
  for (const [why, details, text] of [
    ['a blank name', { name: ' ' }, 'initializing product: the product name cannot be blank'],
    ['a price below zero', { price: -0.01 }, 'initializing product: the product price cannot be negative'],
    ['row X2: a price that is none', { price: Number.NaN }, 'the product price is not a number'],
    ['row X2: an endless price', { price: Number.POSITIVE_INFINITY }, 'the product price is not a number'],
    ['row X2: a price of five decimals', { price: 0.00001 }, 'the product price has more than four decimals'],
    ['row X2: a price beyond all', { price: 1e8 }, 'the product price is beyond 99999999.9999'],
    ['row X13: an endless SKU', { sku: 'x'.repeat(257) }, 'the product SKU is longer than 256 characters'],
    [
      'row X13: an endless description',
      { description: 'x'.repeat(4_097) },
      'the product description is longer than 4096 characters',
    ],
  ] as const) {
    test(`is refused with ${why}, and leaves nothing`, async () => {
      const storeId = await driver.openStore();
      await driver.leavesNothing(async () => {
        const adding = mall.call(rpc.addProduct, { storeId, ...wizard, ...details });
        assert.equal(await refusalOf(adding), `BAD_REQUEST: ${text}`);
      });
    });
  }
  test('row T5: to a store that does not exist is refused, and leaves nothing', () =>
    driver.leavesNothing(async () => {
      for (const storeId of ['nowhere', ' ']) {
        const refused = mall.call(rpc.addProduct, { storeId, ...wizard });
        assert.equal(await refusalOf(refused), `NOT_FOUND: ${noStore}`);
      }
    }));
});

describe('rebranding a product', () => {
  const rebranded = { name: 'Witch', description: '' };
  test('changes name and description for everybody', async () => {
    const id = await driver.addProduct();
    assert.equal((await driver.change(`products/${id}/rebrand`, rebranded)).told, '200');
    const { name, description, version } = (await driver.product(id)) ?? {};
    assert.deepEqual({ name, description, version }, { ...rebranded, version: 2 });
    const { content } = await mall.nextMessage(stores.productRebranded, about(id));
    assert.deepEqual(content, { id, ...rebranded });
  });
  test('row T6: to blank is refused', async () => {
    const id = await driver.addProduct();
    const answer = await driver.change(`products/${id}/rebrand`, { ...rebranded, name: '' });
    assert.equal(answer.told, '400 the product name cannot be blank');
    assert.equal((await driver.product(id))?.name, 'Wizard');
  });
});

describe('rows T1, B8, T14: a price', () => {
  const raise = (id: string, price: number) => driver.change(`products/${id}/increasePrice`, { price });
  const lower = (id: string, price: number) => driver.change(`products/${id}/decreasePrice`, { price });

  test('raised and lowered is kept exactly, and told with its change and as it is now', async () => {
    const id = await driver.addProduct({ price: 0.1 });
    assert.equal((await raise(id, 0.3)).told, '200');
    assert.equal((await driver.product(id))?.price, 0.3);
    assert.equal((await lower(id, 0.2)).told, '200');
    assert.equal((await lower(id, 0)).told, '200');
    assert.equal((await driver.product(id))?.price, 0);
    const increased = await mall.nextMessage(stores.productPriceIncreased, about(id));
    assert.deepEqual(increased.content, { id, delta: 0.2, price: 0.3 });
    await mall.nextMessage(stores.productPriceDecreased, (it) => it.id === id && it.price === 0);
    assert.deepEqual(
      mall.published(stores.productPriceDecreased, about(id)).map(({ content }) => content),
      [
        { id, delta: -0.1, price: 0.2 },
        { id, delta: -0.2, price: 0 },
      ],
    );
  });
  test('row T3: set to what it is is no news', async () => {
    const id = await driver.addProduct();
    await driver.leavesNothing(async () => {
      assert.equal((await raise(id, 9.99)).told, '200');
      assert.equal((await lower(id, 9.99)).told, '200');
    });
    assert.equal((await driver.product(id))?.version, 1);
  });
  for (const [why, change, price, text] of [
    ['raised to less', raise, 9.98, 'the price change would be a decrease'],
    ['lowered to more', lower, 10, 'the price change would be an increase'],
    ['row T2: lowered below zero', lower, -1, 'the product price cannot be negative'],
    ['row T2: raised below zero', raise, -1, 'the product price cannot be negative'],
    ['row X2: of five decimals', raise, 10.00001, 'the product price has more than four decimals'],
  ] as const) {
    test(`${why} is refused, and leaves nothing`, async () => {
      const id = await driver.addProduct();
      await driver.leavesNothing(async () => assert.equal((await change(id, price)).told, `400 ${text}`));
    });
  }
  test('row T2: that is no number is refused at the gRPC door, which can carry one', async () => {
    const id = await driver.addProduct();
    for (const method of [rpc.increaseProductPrice, rpc.decreaseProductPrice]) {
      const refused = mall.call(method, { id, price: Number.NaN });
      assert.equal(await refusalOf(refused), 'BAD_REQUEST: the product price is not a number');
    }
  });
});

describe('row T4: a removed product', () => {
  test('leaves the catalog, and answers like one that never was, also from a snapshot', async () => {
    const storeId = await driver.openStore();
    const id = await driver.addProduct({ price: 1 }, storeId);
    for (let price = 2; price <= 49; price++) await mall.call(rpc.increaseProductPrice, { id, price });
    assert.equal((await mall.rest('DELETE', `/api/stores/products/${id}`)).told, '200');
    const snapshots = await mall.rows('SELECT stream_version FROM stores.snapshots WHERE stream_id = $1', [
      id,
    ]);
    assert.deepEqual(snapshots, [{ stream_version: 50 }]);
    await mall.nextMessage(stores.productRemoved, about(id));
    await driver.leavesNothing(async () => {
      assert.equal((await mall.rest('GET', `/api/stores/products/${id}`)).told, `404 ${noProduct}`);
      for (const attempt of driver.changesOfProduct(id))
        assert.equal(await refusalOf(attempt()), `NOT_FOUND: ${noProduct}`);
    });
    const { products } = await mall.call(rpc.getCatalog, { storeId, pageSize: 0, pageToken: '' });
    assert.deepEqual(products, []);
  });
});
