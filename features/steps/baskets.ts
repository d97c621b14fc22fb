import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { type DataTable, Given, Then, When } from '@cucumber/cucumber';
import { basketView } from '../world/views.ts';
import type { MallWorld } from '../world/world.ts';
import { items } from './products.ts';

const basket = async (world: MallWorld) =>
  (await world.read(`/api/baskets/${world.memory.basketId}`, basketView)).basket;

async function start(world: MallWorld): Promise<void> {
  const body = { customerId: world.memory.customerId };
  const id = await world.make('start a basket', '/api/baskets', body);
  if (id !== undefined) world.memory.basketId = id;
}

/** A product nobody has made has an id nobody knows. */
const idOf = (world: MallWorld, name: string) => world.memory.products.get(name) ?? randomUUID();

function change(world: MallWorld, how: 'addItem' | 'removeItem', name: string, quantity: number) {
  const path = `/api/baskets/${world.memory.basketId}/${how}`;
  return world.ask(how, 'PUT', path, { body: { productId: idOf(world, name), quantity } });
}

async function fill(world: MallWorld, table: DataTable): Promise<void> {
  for (const { name, quantity } of items(table)) {
    const body = { productId: world.memory.productId(name), quantity };
    await world.must('PUT', `/api/baskets/${world.memory.basketId}/addItem`, body);
  }
}

When('I start a new basket', async function (this: MallWorld) {
  await start(this);
});

Given('I have started a new basket', async function (this: MallWorld) {
  await start(this);
  assert.equal(this.memory.last.answer.status, 200, this.memory.last.answer.message);
});

When('I start a basket for the customer {string}', async function (this: MallWorld, customerId: string) {
  const id = await this.make('start a basket', '/api/baskets', { customerId });
  if (id !== undefined) this.memory.basketId = id;
});

Then('the basket was started', function (this: MallWorld) {
  const { what, answer } = this.memory.last;
  assert.deepEqual([what, answer.status, answer.message], ['start a basket', 200, '']);
});

When('I add the items', async function (this: MallWorld, table: DataTable) {
  for (const { name, quantity } of items(table)) {
    const answer = await change(this, 'addItem', name, quantity);
    if (answer.status !== 200) return;
  }
});

Given('I have added the items', async function (this: MallWorld, table: DataTable) {
  await fill(this, table);
});

Given('I have a basket with', async function (this: MallWorld, table: DataTable) {
  const { customerId } = this.memory;
  this.memory.basketId = await this.mustMake('/api/baskets', { customerId });
  await fill(this, table);
});

Then('the items were added', function (this: MallWorld) {
  const { what, answer } = this.memory.last;
  assert.deepEqual([what, answer.status, answer.message], ['addItem', 200, '']);
});

When('I add {int} {string}', async function (this: MallWorld, quantity: number, name: string) {
  await change(this, 'addItem', name, quantity);
});

When('I take out {int} {string}', async function (this: MallWorld, quantity: number, name: string) {
  await change(this, 'removeItem', name, quantity);
});

Then('my basket holds', async function (this: MallWorld, table: DataTable) {
  const seen = (await basket(this)).items;
  assert.deepEqual(
    seen.map(({ productName, productPrice, quantity }) => [productName, productPrice, quantity]),
    items(table).map(({ name, price, quantity }) => [this.names.of(name), price, quantity]),
  );
});

Then('my basket is empty', async function (this: MallWorld) {
  assert.deepEqual((await basket(this)).items, []);
});

Then(/^my basket is (open|canceled|checked out)$/, async function (this: MallWorld, status: string) {
  assert.equal((await basket(this)).status, status.replace(' ', '_'));
});

Then('the basket is mine', async function (this: MallWorld) {
  assert.equal((await basket(this)).customerId, this.memory.customerId);
});

When('I cancel my basket', async function (this: MallWorld) {
  await this.ask('cancel a basket', 'DELETE', `/api/baskets/${this.memory.basketId}`);
});

Given('I have cancelled my basket', async function (this: MallWorld) {
  await this.must('DELETE', `/api/baskets/${this.memory.basketId}`);
});

When('I look for the basket {string}', async function (this: MallWorld, id: string) {
  await this.ask('get a basket', 'GET', `/api/baskets/${encodeURIComponent(id)}`);
});

/** Baskets learn of the catalogue's changes a moment later: looked at through baskets nobody needs. */
async function inNewBaskets(world: MallWorld, name: string) {
  const basketId = await world.mustMake('/api/baskets', { customerId: 'somebody who only looks' });
  const productId = world.memory.productId(name);
  await world.must('PUT', `/api/baskets/${basketId}/addItem`, { productId, quantity: 1 });
  const { items: lines } = (await world.read(`/api/baskets/${basketId}`, basketView)).basket;
  await world.must('DELETE', `/api/baskets/${basketId}`);
  const [line] = lines;
  assert.ok(line, 'what was added is in the basket');
  return line;
}

Then('new baskets sell {string} at {float}', async function (this: MallWorld, name: string, price: number) {
  await this.until(`new baskets to sell "${this.names.of(name)}" at ${price}`, async () => {
    const { productPrice } = await inNewBaskets(this, name);
    return productPrice === price ? { got: price } : { saw: `they sell it at ${productPrice}` };
  });
});

Then(
  'new baskets call {string} {string} of {string}',
  async function (this: MallWorld, name: string, brand: string, store: string) {
    const expected = `${this.names.of(brand)} of ${this.names.of(store)}`;
    await this.until(`new baskets to show ${expected}`, async () => {
      const { productName, storeName } = await inNewBaskets(this, name);
      const seen = `${productName} of ${storeName}`;
      return seen === expected ? { got: seen } : { saw: `they show ${seen}` };
    });
  },
);

Given('baskets have heard that {string} is gone', async function (this: MallWorld, name: string) {
  const id = this.memory.productId(name);
  await this.until(`baskets to hear that product ${id} is gone`, async () => {
    const row = await this.inside.row('SELECT removed FROM baskets.products_cache WHERE id = $1', [id]);
    return row?.removed === true ? { got: row } : { saw: 'they have not' };
  });
});

Given('baskets have heard that the store takes part', async function (this: MallWorld) {
  const id = this.memory.storeId;
  await this.until(`baskets to hear that store ${id} takes part`, async () => {
    const row = await this.inside.row('SELECT participating FROM baskets.stores_cache WHERE id = $1', [id]);
    return row?.participating === true ? { got: row } : { saw: 'they have not' };
  });
});
