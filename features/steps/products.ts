import assert from 'node:assert/strict';
import { type DataTable, Given, Then, When } from '@cucumber/cucumber';
import { catalogPage, productView } from '../world/views.ts';
import type { MallWorld } from '../world/world.ts';

interface NewProduct {
  readonly name: string;
  readonly price: number;
  readonly description?: string;
  readonly sku?: string;
}

async function create(world: MallWorld, { name, ...rest }: NewProduct): Promise<void> {
  const path = `/api/stores/${world.memory.storeId}/products`;
  const id = await world.make('create a product', path, { name: world.names.of(name), ...rest });
  if (id !== undefined) world.memory.products.set(name, id);
}

async function stock(world: MallWorld, items: readonly NewProduct[]): Promise<void> {
  for (const { name, price } of items) {
    const sku = world.names.of(`sku of ${name}`);
    const body = { name: world.names.of(name), price, sku };
    world.memory.products.set(
      name,
      await world.mustMake(`/api/stores/${world.memory.storeId}/products`, body),
    );
  }
}

const pathOf = (world: MallWorld, name: string) => `/api/stores/products/${world.memory.productId(name)}`;
const product = async (world: MallWorld, name: string) =>
  (await world.read(pathOf(world, name), productView)).product;

/** Prices of tables are decimal numbers. */
export function items(table: DataTable): { name: string; price: number; quantity: number }[] {
  return table.hashes().map(({ Name = '', Price = '0', Quantity = '1' }) => ({
    name: Name,
    price: Number(Price),
    quantity: Number(Quantity),
  }));
}

Given('a store has the following items', async function (this: MallWorld, table: DataTable) {
  this.memory.storeId = await this.mustMake('/api/stores', { name: 'AnyStore', location: 'anywhere' });
  await stock(this, items(table));
});

Given('the store sells', async function (this: MallWorld, table: DataTable) {
  await stock(this, items(table));
});

When('I create a/the product called {string}', async function (this: MallWorld, name: string) {
  await create(this, { name, price: 9.99 });
});

When(
  'I create a/the product called {string} with price {string}',
  async function (this: MallWorld, name: string, price: string) {
    await create(this, { name, price: Number(price) });
  },
);

When('I create a/the product with', async function (this: MallWorld, table: DataTable) {
  const { Name = '', Price = '0', Description = '', SKU = '' } = table.rowsHash();
  await create(this, { name: Name, price: Number(Price), description: Description, sku: SKU });
});

When(
  'I create a product called {string} in the store with the id {string}',
  async function (this: MallWorld, name: string, storeId: string) {
    const path = `/api/stores/${encodeURIComponent(storeId)}/products`;
    await this.make('create a product', path, { name: this.names.of(name), price: 9.99 });
  },
);

Then('the product was created', function (this: MallWorld) {
  const { what, answer } = this.memory.last;
  assert.deepEqual([what, answer.status, answer.message], ['create a product', 200, '']);
});

async function listed(world: MallWorld, name: string): Promise<boolean> {
  const page = await world.read(`/api/stores/${world.memory.storeId}/products?pageSize=1000`, catalogPage);
  return page.products.some((each) => each.name === world.names.of(name));
}

Then('a product called {string} exists', async function (this: MallWorld, name: string) {
  assert.equal(await listed(this, name), true, `a product called "${this.names.of(name)}"`);
});

Then('no product called {string} exists', async function (this: MallWorld, name: string) {
  assert.equal(await listed(this, name), false, `a product called "${this.names.of(name)}"`);
});

Then('the price of {string} is {float}', async function (this: MallWorld, name: string, price: number) {
  assert.equal((await product(this, name)).price, price);
});

Then(
  'the product {string} is described as',
  async function (this: MallWorld, name: string, table: DataTable) {
    const { description, sku, price } = await product(this, name);
    const expected = table.rowsHash();
    assert.deepEqual(
      { description, sku, price },
      { description: expected.Description, sku: expected.SKU, price: Number(expected.Price) },
    );
  },
);

When(
  /^I (increase|decrease) the price of "([^"]*)" to (-?[\d.]+)$/,
  async function (this: MallWorld, change: string, name: string, price: string) {
    const path = `${pathOf(this, name)}/${change}Price`;
    await this.ask(`${change} a price`, 'PUT', path, { body: { price: Number(price) } });
  },
);

Given(
  /^the price of "([^"]*)" has been (increase|decrease)d to (-?[\d.]+)$/,
  async function (this: MallWorld, name: string, change: string, price: string) {
    await this.must('PUT', `${pathOf(this, name)}/${change}Price`, { price: Number(price) });
  },
);

When(
  'I rebrand the product {string} to {string}, {string}',
  async function (this: MallWorld, name: string, brand: string, description: string) {
    const body = { name: this.names.of(brand), description };
    await this.ask('rebrand a product', 'PUT', `${pathOf(this, name)}/rebrand`, { body });
  },
);

Then(
  'the product {string} is now {string}, {string}',
  async function (this: MallWorld, name: string, brand: string, description: string) {
    const seen = await product(this, name);
    assert.deepEqual([seen.name, seen.description], [this.names.of(brand), description]);
  },
);

When('I remove the product {string}', async function (this: MallWorld, name: string) {
  await this.ask('remove a product', 'DELETE', pathOf(this, name));
});

Given('the product {string} has been removed', async function (this: MallWorld, name: string) {
  await this.must('DELETE', pathOf(this, name));
});

When('I look at the product {string}', async function (this: MallWorld, name: string) {
  await this.ask('get a product', 'GET', pathOf(this, name));
});

Then('the catalogue of the store lists', async function (this: MallWorld, table: DataTable) {
  const page = await this.read(`/api/stores/${this.memory.storeId}/products`, catalogPage);
  assert.deepEqual(
    page.products.map(({ name, price }) => [name, price]),
    items(table).map(({ name, price }) => [this.names.of(name), price]),
  );
});
