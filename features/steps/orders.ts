import assert from 'node:assert/strict';
import { type DataTable, Given, Then, When } from '@cucumber/cucumber';
import { checkOut, ensureCustomer, fillBasket, order, orderBecomes } from '../world/purchase.ts';
import { orderView } from '../world/views.ts';
import { whyOrderWaits } from '../world/why.ts';
import type { MallWorld } from '../world/world.ts';
import { items } from './products.ts';

const current = async (world: MallWorld) =>
  (await world.read(`/api/ordering/${world.memory.order.id}`, orderView)).order;

async function askCheckout(world: MallWorld, paymentId: string): Promise<void> {
  const { memory } = world;
  const { basketId } = memory;
  const path = `/api/baskets/${basketId}/checkout`;
  const { status, sentAt } = await world.ask('check out', 'PUT', path, { body: { paymentId } });
  if (status === 200) memory.order = { id: basketId, customerId: memory.customerId, paymentId, sentAt };
}

When('I check out my basket', async function (this: MallWorld) {
  await askCheckout(this, this.memory.paymentId);
});

When('I check out with the payment {string}', async function (this: MallWorld, paymentId: string) {
  await askCheckout(this, paymentId);
});

Given('I have checked out my basket', async function (this: MallWorld) {
  await checkOut(this);
});

Given('I have ordered', async function (this: MallWorld, table: DataTable) {
  await order(this, items(table));
});

Given('I have an approved order of', async function (this: MallWorld, table: DataTable) {
  await orderBecomes(this, await order(this, items(table)), 'approved');
});

Given('I have an order {string} of', async function (this: MallWorld, name: string, table: DataTable) {
  const known = await order(this, items(table));
  this.memory.orders.set(name, known);
  await orderBecomes(this, known, 'approved');
});

When('I order by hand', async function (this: MallWorld, table: DataTable) {
  await orderByHand(this, table, this.memory.paymentId);
});

When('I order nothing by hand', async function (this: MallWorld) {
  await makeOrder(this, { items: [], customerId: this.memory.customerId, paymentId: this.memory.paymentId });
});

When(
  'somebody orders by hand for the customer {string}',
  async function (this: MallWorld, customerId: string) {
    await makeOrder(this, { items: [anyItem], customerId, paymentId: 'a payment' });
  },
);

When('I order by hand with the payment {string}', async function (this: MallWorld, paymentId: string) {
  await makeOrder(this, { items: [anyItem], customerId: this.memory.customerId, paymentId });
});

const anyItem = { storeId: 's', productId: 'p', storeName: 's', productName: 'p', price: 1, quantity: 1 };

async function orderByHand(world: MallWorld, table: DataTable, paymentId: string): Promise<void> {
  await ensureCustomer(world);
  const lines = items(table).map(({ name, price, quantity }) => ({
    storeId: world.memory.hasStore ? world.memory.storeId : 'no store',
    productId: world.memory.products.get(name) ?? world.names.of(name),
    storeName: 'a store',
    productName: world.names.of(name),
    price,
    quantity,
  }));
  await makeOrder(world, { items: lines, customerId: world.memory.customerId, paymentId });
}

async function makeOrder(
  world: MallWorld,
  body: { readonly items: readonly object[]; readonly customerId: string; readonly paymentId: string },
): Promise<void> {
  const id = await world.make('order by hand', '/api/ordering', body);
  if (id === undefined) return;
  const { customerId, paymentId } = body;
  world.memory.order = { id, customerId, paymentId, sentAt: world.memory.last.answer.sentAt };
}

Then('my order becomes {word}', async function (this: MallWorld, status: string) {
  await orderBecomes(this, this.memory.order, status);
});

Then(
  'my order becomes {word} within {int} second(s)',
  async function (this: MallWorld, status: string, seconds: number) {
    const { order: known } = this.memory;
    const left = seconds * 1_000 - (performance.now() - known.sentAt);
    await orderBecomes(this, known, status, Math.max(left, 0));
  },
);

Then('my order is {word}', async function (this: MallWorld, status: string) {
  assert.equal((await current(this)).status, status);
});

Then('my order comes to {float}', async function (this: MallWorld, total: number) {
  assert.equal((await current(this)).total, total);
});

Then('my order is mine, with my payment', async function (this: MallWorld) {
  const { customerId, paymentId } = await current(this);
  assert.deepEqual([customerId, paymentId], [this.memory.customerId, this.memory.paymentId]);
});

Then('my order names its shopping list and its invoice', async function (this: MallWorld) {
  const { shoppingId, invoiceId } = await current(this);
  assert.deepEqual([shoppingId, invoiceId], [this.memory.listId, this.memory.invoiceId]);
});

Then('my order holds', async function (this: MallWorld, table: DataTable) {
  assert.deepEqual(
    (await current(this)).items.map(({ productName, price, quantity }) => [productName, price, quantity]),
    items(table).map(({ name, price, quantity }) => [this.names.of(name), price, quantity]),
  );
});

When('I cancel my order', async function (this: MallWorld) {
  await this.ask('cancel an order', 'DELETE', `/api/ordering/${this.memory.order.id}`);
});

When('I cancel the order {string}', async function (this: MallWorld, id: string) {
  await this.ask('cancel an order', 'DELETE', `/api/ordering/${encodeURIComponent(id)}`);
});

When('I look for the order {string}', async function (this: MallWorld, id: string) {
  await this.ask('get an order', 'GET', `/api/ordering/${encodeURIComponent(id)}`);
});

Then('my order is rejected because {string}', async function (this: MallWorld, reason: string) {
  await orderBecomes(this, this.memory.order, 'rejected');
  await sagaBecomes(this, 'compensated', reason);
});

Then('all that was done for my order is undone', async function (this: MallWorld) {
  await sagaBecomes(this, 'compensated');
});

Then('the saga of my order needs attention', async function (this: MallWorld) {
  await sagaBecomes(this, 'attention');
});

async function sagaBecomes(world: MallWorld, status: string, reason?: string): Promise<void> {
  const { id } = world.memory.order;
  const wanted = reason === undefined ? status : `${status}: ${reason}`;
  await world.until(
    `the saga of order ${id} to be ${wanted}`,
    async () => {
      const row = await world.inside.row('SELECT status, reason FROM cosec.sagas WHERE id = $1', [id]);
      if (row === undefined) return { saw: 'there is none' };
      const now = reason === undefined ? `${row.status}` : `${row.status}: ${row.reason}`;
      const ended = row.status !== 'running' && row.status !== 'compensating';
      return now === wanted ? { got: now } : { saw: `it is ${row.status}: ${row.reason}`, hopeless: ended };
    },
    { explain: () => whyOrderWaits(world.doors, id) },
  );
}

Then('there is one saga for my order, and it is {word}', async function (this: MallWorld, status: string) {
  await sagaBecomes(this, status);
  const rows = await this.inside.rows('SELECT id FROM cosec.sagas WHERE id = $1', [this.memory.order.id]);
  assert.equal(rows.length, 1);
});

Given(
  'I have a basket of {int} {string} at {float}',
  async function (this: MallWorld, quantity: number, name: string, price: number) {
    await fillBasket(this, [{ name, quantity, price }]);
  },
);
