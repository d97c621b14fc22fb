import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { messages, metadataKeys } from '../../proto/catalogue.ts';
import { DepotServiceService as rpc } from '../../proto/gen/depot/api.ts';
import { eventually, startTestProcess, type TestProcess } from '../kernel/testing/index.ts';
import { storesModule } from '../stores/module.ts';
import { depotModule } from './module.ts';

const { depot, stores } = messages;

let mall: TestProcess;
before(async () => {
  mall = await startTestProcess([storesModule]);
});
after(() => mall.stop());

/** A store with one product, as an item that somebody wants. */
async function item() {
  const storeId = await mall.created('/api/stores', { name: 'Waldorf Books', location: 'East' });
  const product = { name: 'Wizard', description: '', sku: '', price: 9.99 };
  return { storeId, productId: await mall.created(`/api/stores/${storeId}/products`, product), quantity: 1 };
}

/** Runs the work while a depot in a process of its own reaches the stores at this address. */
async function withDepot<T>(address: string, work: (process: TestProcess) => Promise<T>): Promise<T> {
  const process = await startTestProcess([depotModule], { beside: mall, services: { STORES: address } });
  try {
    return await work(process);
  } finally {
    await process.stop();
  }
}

const cached = (table: string, id: string) =>
  mall.rows(`SELECT name, removed FROM depot.${table} WHERE id = $1`, [id]);

describe("the depot's copy of the catalogue", () => {
  test('follows the stores: names as they are now, nothing that was removed', async () => {
    const on = await item();
    await withDepot(mall.grpcAddress, async (process) => {
      await mall.rest('PUT', `/api/stores/${on.storeId}/rebrand`, { name: 'Statler Toys' });
      await mall.rest('PUT', `/api/stores/products/${on.productId}/rebrand`, { name: 'Witch' });
      await eventually(async () => {
        assert.deepEqual(await cached('stores_cache', on.storeId), [
          { name: 'Statler Toys', removed: false },
        ]);
        assert.deepEqual(await cached('products_cache', on.productId), [{ name: 'Witch', removed: false }]);
      });
      const id = await process.created('/api/depot/shopping', { orderId: randomUUID(), items: [on] });
      const { shoppingList } = await process.call(rpc.getShoppingList, { id });
      assert.deepEqual(shoppingList?.stops, {
        [on.storeId]: {
          storeName: 'Statler Toys',
          storeLocation: 'East',
          items: { [on.productId]: { name: 'Witch', quantity: 1 } },
        },
      });
      await mall.rest('DELETE', `/api/stores/products/${on.productId}`);
      await eventually(async () => {
        assert.deepEqual(await cached('products_cache', on.productId), [{ name: 'Witch', removed: true }]);
      });
      const { told } = await mall.command(depot.createShoppingListCommand, {
        orderId: randomUUID(),
        items: [on],
      });
      assert.equal(told, 'FAILURE NOT_FOUND: building shopping list: product fallback failed');
    });
  });
  test('row X10: does not bring back what was removed when a message comes late', async () => {
    const [late, marker] = [randomUUID(), randomUUID()];
    const about = (version: string) => ({
      metadata: { [metadataKeys.aggregateId]: late, [metadataKeys.aggregateVersion]: version },
    });
    const added = { storeId: 's', name: 'Late', description: '', sku: '', price: 1 };
    await withDepot(mall.grpcAddress, async () => {
      await mall.publish(stores.productRemoved, { id: late }, about('2'));
      await mall.publish(stores.productAdded, { ...added, id: late }, about('1'));
      await mall.publish(stores.productAdded, { ...added, id: marker }, about('1'));
      await eventually(async () => assert.equal((await cached('products_cache', marker)).length, 1));
      assert.deepEqual(await cached('products_cache', late), [{ name: '', removed: true }]);
    });
  });
});

describe('row D4: what the copy lacks', () => {
  /** Events that never arrived: the rows are gone, as on a depot that is newer than its stores. */
  const forget = () => mall.rows('TRUNCATE depot.stores_cache, depot.products_cache');

  test('is asked of the stores, wherever they run, and kept', async () => {
    const on = await item();
    await withDepot(mall.grpcAddress, async (process) => {
      await eventually(async () => assert.equal((await cached('products_cache', on.productId)).length, 1));
      await forget();
      await process.created('/api/depot/shopping', { orderId: randomUUID(), items: [on] });
      assert.equal((await cached('stores_cache', on.storeId)).length, 1);
      assert.equal((await cached('products_cache', on.productId)).length, 1);
    });
  });
  test('while the stores are away makes the command wait, not fail', async () => {
    const on = await item();
    const orderId = randomUUID();
    const reply = await withDepot('127.0.0.1:1', async (process) => {
      await eventually(async () => assert.equal((await cached('products_cache', on.productId)).length, 1));
      await forget();
      const details = { orderId, items: [on] };
      const answer = await process.rest('POST', '/api/depot/shopping', details);
      assert.equal(answer.told, '503 building shopping list: store fallback failed');
      const answered = mall.command(depot.createShoppingListCommand, details);
      await eventually(async () => {
        const { body } = await process.rest('GET', '/metrics');
        assert.match(
          String(body),
          /mall_messages_taken_count\{service="depot".*CreateShoppingList.*outcome="retried"\}/,
        );
      });
      return { answered };
    });
    await withDepot(mall.grpcAddress, async () => assert.equal((await reply.answered).told, 'SUCCESS'));
  });
});
