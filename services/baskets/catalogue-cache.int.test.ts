import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { messages, metadataKeys } from '../../proto/catalogue.ts';
import { eventually, startTestProcess, type TestProcess } from '../kernel/testing/index.ts';
import { storesModule } from '../stores/module.ts';
import { basketsModule } from './module.ts';
import { BasketsDriver } from './testing/baskets-driver.ts';

const { stores } = messages;

/** The stores, and the baskets in a process of their own, as services run. */
let owner: TestProcess;
let mall: TestProcess;
/** Sells and opens stores at the owner's door. */
let market: BasketsDriver;
let driver: BasketsDriver;
before(async () => {
  owner = await startTestProcess([storesModule]);
  mall = await startTestProcess([basketsModule], { beside: owner, services: { STORES: owner.grpcAddress } });
  market = new BasketsDriver(owner);
  driver = new BasketsDriver(mall);
});
after(async () => {
  await mall?.stop();
  await owner?.stop();
});

/** As our own stores publish it: with the version of what it tells about. */
const versioned = (id: string, version: number) => ({
  metadata: { [metadataKeys.aggregateId]: id, [metadataKeys.aggregateVersion]: String(version) },
});

describe('the cache of products', () => {
  test('follows their events: names, prices, and at last their removal', async () => {
    const { storeId, productId } = await market.offer('Wizard', 9.99);
    await eventually(async () =>
      assert.deepEqual(await driver.cachedProduct(productId), {
        storeId,
        name: 'Wizard',
        price: 9.99,
        version: 1,
        removed: false,
      }),
    );
    await market.rename(productId, 'Witch');
    await market.reprice(productId, 'increasePrice', 12.5);
    await market.reprice(productId, 'decreasePrice', 0.1);
    await driver.heard(productId, 4);
    const { name, price } = (await driver.cachedProduct(productId)) ?? {};
    assert.deepEqual([name, price], ['Witch', 0.1]);
    await market.withdraw(productId);
  });

  test('asks the owner for a product whose messages have not come, and keeps the answer', async () => {
    const { storeId, productId } = await market.offer('Wizard', 9.99);
    await market.reprice(productId, 'increasePrice', 12);
    await driver.heard(productId, 2);
    await driver.forget('products_cache', productId);
    await driver.forget('stores_cache', storeId);
    assert.deepEqual(await driver.items(await driver.holding(productId)), ['1 Wizard at 12']);
    const kept = { storeId, name: 'Wizard', price: 12, version: 2, removed: false };
    assert.deepEqual(await driver.cachedProduct(productId), kept);
    const store = { name: 'Wizard Store', participating: false, version: 1, removed: false };
    assert.deepEqual(await driver.cachedStore(storeId), store);
  });

  test('row B8: does not add a change that the owner had told already', async () => {
    const { storeId, productId } = await market.offer('Wizard', 10);
    await market.reprice(productId, 'increasePrice', 12);
    await driver.heard(productId, 2);
    await driver.forget('products_cache', productId);
    await driver.holding(productId);
    const { productPriceIncreased } = stores;
    for (const change of [{ delta: 2, price: 12 }, { delta: 2 }]) {
      const late = { id: productId, ...change };
      await driver.taken(await owner.publish(productPriceIncreased, late, versioned(productId, 2)));
    }
    const kept = { storeId, name: 'Wizard', price: 12, version: 2, removed: false };
    assert.deepEqual(await driver.cachedProduct(productId), kept);
  });

  test('row B8: takes the price as it is told, not the sum of what it heard', async () => {
    const { productId } = await market.offer('Wizard', 10);
    await driver.heard(productId, 1);
    await mall.rows('UPDATE baskets.products_cache SET price = 99 WHERE id = $1', [productId]);
    await market.reprice(productId, 'decreasePrice', 8);
    await driver.heard(productId, 2);
    assert.equal((await driver.cachedProduct(productId))?.price, 8);
  });

  test('row X10: passes over what is older than what it has', async () => {
    const { productId } = await market.offer('Wizard');
    await market.rename(productId, 'Witch');
    await driver.heard(productId, 2);
    const old = { id: productId, name: 'Wizard', description: '' };
    await driver.taken(await owner.publish(stores.productRebranded, old, versioned(productId, 1)));
    assert.equal((await driver.cachedProduct(productId))?.name, 'Witch');
  });

  test('row X10: asks the owner when a message finds others missing before it', async () => {
    const { productId } = await market.offer('Wizard', 10);
    await market.reprice(productId, 'increasePrice', 12);
    await driver.heard(productId, 2);
    await mall.rows(
      `UPDATE baskets.products_cache SET version = 1, price = 10, name = 'mistaken' WHERE id = $1`,
      [productId],
    );
    await market.reprice(productId, 'increasePrice', 13);
    await driver.heard(productId, 3);
    const { name, price } = (await driver.cachedProduct(productId)) ?? {};
    assert.deepEqual([name, price], ['Wizard', 13]);
  });

  test('row X10: keeps a removed product removed, whatever comes late', async () => {
    const { storeId, productId } = await market.offer('Wizard', 10);
    await driver.heard(productId, 1);
    await market.withdraw(productId);
    const product = { id: productId, storeId, name: 'Wizard', description: '', sku: '', price: 10 };
    await driver.taken(await owner.publish(stores.productAdded, product, versioned(productId, 1)));
    await driver.taken(await owner.publish(stores.productAdded, product));
    const change = { id: productId, delta: 1, price: 11 };
    await driver.taken(await owner.publish(stores.productPriceIncreased, change));
    assert.equal((await driver.cachedProduct(productId))?.removed, true);
    const { told } = await driver.add(await driver.start(), productId);
    assert.equal(told, '404 product fallback failed: product was not located');
  });

  test('row X10: remembers a removal it heard of before anything else', async () => {
    const id = randomUUID();
    await driver.taken(await owner.publish(stores.productRemoved, { id }, versioned(id, 2)));
    const product = { id, storeId: 's', name: 'Wizard', description: '', sku: '', price: 10 };
    await driver.taken(await owner.publish(stores.productAdded, product, versioned(id, 1)));
    assert.equal((await driver.cachedProduct(id))?.removed, true);
  });

  test('row B8: believes a sender that tells neither versions nor prices, and loses none of its changes', async () => {
    const id = randomUUID();
    const product = { id, storeId: 's', name: 'Wizard', description: '', sku: '', price: 10 };
    await driver.taken(await owner.publish(stores.productAdded, product));
    const sent = await Promise.all([
      owner.publish(stores.productPriceIncreased, { id, delta: 0.1 }),
      owner.publish(stores.productPriceIncreased, { id, delta: 0.2 }),
      owner.publish(stores.productPriceDecreased, { id, delta: -1 }),
    ]);
    for (const message of sent) await driver.taken(message);
    assert.equal((await driver.cachedProduct(id))?.price, 9.3);
    await driver.taken(await owner.publish(stores.productRemoved, { id }));
    assert.equal((await driver.cachedProduct(id))?.removed, true);
  });
});

describe('the cache of stores', () => {
  test('follows their events', async () => {
    const { storeId } = await market.offer();
    await owner.rest('PUT', `/api/stores/${storeId}/rebrand`, { name: 'Statler Toys' });
    await owner.rest('PUT', `/api/stores/${storeId}/participating`, {});
    await eventually(async () =>
      assert.deepEqual(await driver.cachedStore(storeId), {
        name: 'Statler Toys',
        participating: true,
        version: 3,
        removed: false,
      }),
    );
  });
  test('row B9: a product whose store nobody knows cannot be bought', async () => {
    const id = randomUUID();
    const product = { id, storeId: 'nowhere', name: 'Wizard', description: '', sku: '', price: 10 };
    await driver.taken(await owner.publish(stores.productAdded, product));
    const basketId = await driver.start();
    assert.equal((await driver.add(basketId, id)).told, '404 store fallback failed');
  });
});

describe('while the stores are away', () => {
  let lonely: TestProcess;
  let basketId: string;
  before(async () => {
    lonely = await startTestProcess([basketsModule], { beside: owner, services: { STORES: '127.0.0.1:1' } });
    basketId = await driver.start();
  });
  after(() => lonely?.stop());

  /** A product that the baskets know, with its store. */
  async function heardOffer() {
    const offer = await market.offer();
    await driver.heard(offer.productId, 1);
    await eventually(async () => assert.ok(await driver.cachedStore(offer.storeId)));
    return offer;
  }

  test('what is in the cache can be bought', async () => {
    const { productId } = await heardOffer();
    assert.equal((await new BasketsDriver(lonely).add(basketId, productId)).told, '200');
  });
  test('what is not is unavailable, in the words of the original', async () => {
    const { storeId, productId } = await heardOffer();
    await driver.forget('stores_cache', storeId);
    const shopper = new BasketsDriver(lonely);
    assert.equal((await shopper.add(basketId, productId)).told, '503 store fallback failed');
    const unknown = await shopper.add(basketId, 'unknown');
    assert.equal(unknown.told, '503 product fallback failed: requesting product');
  });
});
