import assert from 'node:assert/strict';
import { type DataTable, Given, Then, When } from '@cucumber/cucumber';
import { foundOrdersPage, foundOrderView } from '../world/views.ts';
import type { MallWorld } from '../world/world.ts';

const indexed = (world: MallWorld, id: string) =>
  world.readIfThere(`/api/search/orders/${id}`, foundOrderView);

async function shown(world: MallWorld, id: string, status: string): Promise<void> {
  await world.until(`search to show order ${id} as ${status}`, async () => {
    const now = (await indexed(world, id))?.order.status ?? 'not at all';
    return now === status ? { got: now } : { saw: `it shows it as ${now}` };
  });
}

/** Search hears of orders a moment later. */
Given('search knows my orders', async function (this: MallWorld) {
  for (const { id } of this.memory.orders.values()) await shown(this, id, 'Approved');
});

Then('search shows my order as {string}', async function (this: MallWorld, status: string) {
  await shown(this, this.memory.order.id, status);
});

Then('search tells of my order', async function (this: MallWorld, table: DataTable) {
  const { id, customerId } = this.memory.order;
  const found = (await indexed(this, id))?.order;
  assert.ok(found, 'search knows the order');
  const expected = table.rowsHash();
  const names = (text = '') => text.split(', ').map((name) => this.names.of(name));
  assert.deepEqual(
    {
      customer: [found.customerId, found.customerName],
      total: found.total,
      products: found.items.map(({ productName }) => productName),
      stores: found.items.map(({ storeName }) => storeName),
    },
    {
      customer: [customerId, this.names.of(expected.Customer ?? '')],
      total: Number(expected.Total),
      products: names(expected.Products),
      stores: names(expected.Stores),
    },
  );
});

/** What a row of a filter table asks for, as the request has it. */
function filter(world: MallWorld, [name = '', value = '']: readonly string[]): Record<string, unknown> {
  const { memory } = world;
  const ids = (known: ReadonlyMap<string, string>) =>
    value.split(', ').map((each) => known.get(each) ?? each);
  switch (name) {
    case 'status':
      return { status: value };
    case 'min total':
      return { minTotal: Number(value) };
    case 'max total':
      return { maxTotal: Number(value) };
    case 'stores':
      return { storeIds: ids(memory.stores) };
    case 'products':
      return { productIds: ids(memory.products) };
    case 'customer':
      return { customerId: memory.customers.get(value) ?? value };
    case 'after':
      return { after: memory.seen.get(`moment of ${value}`) ?? value };
    case 'before':
      return { before: memory.seen.get(`moment of ${value}`) ?? value };
    default:
      throw new Error(`there is no filter "${name}"`);
  }
}

async function search(world: MallWorld, filters: object, page: object = {}): Promise<void> {
  const body = { filters, ...page };
  const answer = await world.ask('search orders', 'POST', '/api/search/orders', { body });
  if (answer.status === 200) world.memory.found = foundOrdersPage.parse(answer.body).orders;
}

When('I search my orders', async function (this: MallWorld) {
  await search(this, { customerId: this.memory.customerId });
});

When('I search my orders with', async function (this: MallWorld, table: DataTable) {
  const filters = table.raw().map((row) => filter(this, row));
  await search(this, Object.assign({ customerId: this.memory.customerId }, ...filters));
});

When('I search all orders with', async function (this: MallWorld, table: DataTable) {
  await search(this, Object.assign({}, ...table.raw().map((row) => filter(this, row))));
});

When('I search my orders, {int} at most', async function (this: MallWorld, limit: number) {
  await search(this, { customerId: this.memory.customerId }, { limit });
});

When('I go on from {string}', async function (this: MallWorld, next: string) {
  await search(this, { customerId: this.memory.customerId }, { next });
});

When('I page through my orders, {int} at a time', async function (this: MallWorld, limit: number) {
  const found = [];
  for (let next = ''; ; ) {
    const body = { filters: { customerId: this.memory.customerId }, limit, next };
    const page = foundOrdersPage.parse((await this.must('POST', '/api/search/orders', body)).body);
    assert.ok(page.orders.length <= limit, `${page.orders.length} orders on a page of ${limit}`);
    found.push(...page.orders);
    if (page.next === '') break;
    next = page.next;
  }
  this.memory.found = found;
});

Then('I find {string}', function (this: MallWorld, names: string) {
  const byId = new Map([...this.memory.orders].map(([name, { id }]) => [id, name]));
  const found = this.memory.found.map(({ orderId }) => byId.get(orderId) ?? orderId);
  assert.deepEqual(found.join(', '), names);
});

Then('I find nothing', function (this: MallWorld) {
  assert.deepEqual(this.memory.found, []);
});

Given('the moment of {string} is known', async function (this: MallWorld, name: string) {
  const { id } = this.memory.orders.get(name) ?? this.memory.order;
  const moment = (await indexed(this, id))?.order.createdAt;
  assert.ok(moment, `search knows "${name}"`);
  this.memory.seen.set(`moment of ${name}`, moment);
});

When('I look for the order {string} in search', async function (this: MallWorld, id: string) {
  await this.ask('find an order', 'GET', `/api/search/orders/${encodeURIComponent(id)}`);
});
