import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import pg from 'pg';
import { messages, metadataKeys } from '../../proto/catalogue.ts';
import { StoresServiceService as rpc } from '../../proto/gen/stores/api.ts';
import { RpcChannels } from '../kernel/rpc/index.ts';
import { eventually, refusalOf, startTestProcess, type TestProcess } from '../kernel/testing/index.ts';
import { storesModule } from './module.ts';
import { about, StoresDriver } from './testing/stores-driver.ts';

const { stores } = messages;

let mall: TestProcess;
let driver: StoresDriver;
before(async () => {
  mall = await startTestProcess([storesModule]);
  driver = new StoresDriver(mall);
});
after(() => mall?.stop());

describe('row X3: commands at the same time', () => {
  test('on one store take effect one after the other; what loses is told, and loses whole', async () => {
    const id = await driver.openStore();
    const names = Array.from({ length: 12 }, (_, index) => `name ${index}`);
    const answers = await Promise.all(names.map((name) => driver.change(`${id}/rebrand`, { name })));
    const won = answers.filter(({ told }) => told === '200').length;
    for (const { told } of answers) assert.match(told, /^(200|409 somebody changed it at the same time)$/);
    assert.ok(won > 0);
    assert.deepEqual(
      await driver.versions(id),
      Array.from({ length: won + 1 }, (_, index) => index + 1),
    );
    const told = await eventually(() => {
      const all = mall.published(stores.storeRebranded, about(id));
      assert.equal(all.length, won);
      return all;
    });
    assert.deepEqual(
      told.map(({ metadata }) => metadata[metadataKeys.aggregateVersion]),
      told.map((_, index) => String(index + 2)),
    );
    const { name, version } = (await driver.store(id)) ?? {};
    assert.deepEqual({ name, version }, { name: told.at(-1)?.content.name, version: won + 1 });
  });
  test('that exclude each other succeed once', async () => {
    const id = await driver.openStore();
    const answers = await Promise.all(Array.from({ length: 4 }, () => driver.change(`${id}/participating`)));
    assert.deepEqual(answers.map(({ told }) => told).sort(), [
      '200',
      ...Array.from({ length: 3 }, () => '400 the store is already participating'),
    ]);
    assert.equal((await driver.versions(id)).length, 2);
  });
  test('by price add up to the last of them', async () => {
    const id = await driver.addProduct({ price: 1 });
    await Promise.all(
      [2, 3, 4].map((price) => refusalOf(mall.call(rpc.increaseProductPrice, { id, price }))),
    );
    const last = (await driver.product(id))?.price;
    const told = await eventually(() => {
      const all = mall.published(stores.productPriceIncreased, about(id));
      assert.equal(all.at(-1)?.content.price, last);
      return all;
    });
    const raised = told.reduce((sum, { content }) => sum + content.delta, 1);
    assert.equal(raised, last);
  });
});

/** Keeps a table from everybody else while the work runs. */
async function withLocked(table: string, work: () => Promise<void>): Promise<void> {
  const client = new pg.Client({ connectionString: mall.ground.databaseUrl });
  await client.connect();
  try {
    await client.query(`BEGIN; LOCK TABLE ${table}`);
    await work();
    await client.query('COMMIT');
  } finally {
    await client.end();
  }
}

test('row X17: a command that its caller gave up on before it was decided has no effect', async () => {
  const id = await driver.openStore();
  // A replica that has not seen the store: one that has decides without reading it.
  const replica = await startTestProcess([storesModule], { beside: mall });
  const impatient = new RpcChannels(() => replica.grpcAddress, {
    deadlineMs: 100,
    attempts: 1,
    backoffMs: 1,
  });
  await withLocked('stores.events, stores.stores', async () => {
    const late = impatient.call('', rpc.rebrandStore, { id, name: 'too late' });
    assert.match(await refusalOf(late), /^DEADLINE_EXCEEDED: /);
    // The server counts from the arrival: when this one is over, so is the time of the one before.
    assert.match(await refusalOf(impatient.call('', rpc.getStore, { id })), /^DEADLINE_EXCEEDED: /);
  });
  impatient.close();
  await replica.stop();
  await mall.call(rpc.rebrandStore, { id, name: 'in time' });
  await mall.nextMessage(stores.storeRebranded, (it) => it.name === 'in time');
  assert.equal((await driver.versions(id)).length, 2);
});

describe('row X15: a fault of our own', () => {
  test('is told without a word of SQL, and is over when its cause is', async () => {
    const id = await driver.addProduct();
    await mall.rows('ALTER TABLE stores.products RENAME TO lost');
    try {
      const read = await mall.rest('GET', `/api/stores/products/${id}`);
      assert.match(read.told, /^500 internal error; the log tells more under [0-9a-f-]{36}$/);
      assert.doesNotMatch(JSON.stringify(read.body), /relation|SELECT|lost|stores\.products/);
      const change = mall.call(rpc.increaseProductPrice, { id, price: 20 });
      assert.match(
        await refusalOf(change),
        /^INTERNAL: internal error; the log tells more under [0-9a-f-]{36}$/,
      );
    } finally {
      await mall.rows('ALTER TABLE stores.lost RENAME TO products');
    }
    assert.equal((await driver.product(id))?.version, 1);
    assert.equal((await driver.versions(id)).length, 1);
  });
  test('row T10: a read model that has lost a row refuses changes to it instead of going on without', async () => {
    const id = await driver.openStore();
    await mall.rows('DELETE FROM stores.stores WHERE id = $1', [id]);
    assert.equal((await driver.change(`${id}/rebrand`, { name: 'Statler Toys' })).status, 409);
    assert.equal((await driver.versions(id)).length, 1);
  });
});
