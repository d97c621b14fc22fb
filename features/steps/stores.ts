import assert from 'node:assert/strict';
import { Given, Then, When } from '@cucumber/cucumber';
import { storesPage, storeView } from '../world/views.ts';
import type { MallWorld } from '../world/world.ts';

async function create(world: MallWorld, name: string, location = 'anywhere'): Promise<void> {
  const id = await world.make('create a store', '/api/stores', { name: world.names.of(name), location });
  if (id === undefined) return;
  world.memory.storeId = id;
  world.memory.stores.set(name, id);
}

const current = async (world: MallWorld) =>
  (await world.read(`/api/stores/${world.memory.storeId}`, storeView)).store;

/** The store of this name, looked for in the whole list, page by page. */
async function listed(
  world: MallWorld,
  name: string,
  list: '/api/stores' | '/api/stores/participating',
): Promise<boolean> {
  for (let token = ''; ; ) {
    const query = `pageSize=1000&pageToken=${encodeURIComponent(token)}`;
    const page = await world.read(`${list}?${query}`, storesPage);
    if (page.stores.some((store) => store.name === world.names.of(name))) return true;
    if (page.nextPageToken === '') return false;
    token = page.nextPageToken;
  }
}

// The original asks for one and does nothing: whoever may create stores is for the tokens to say.
Given('a valid store owner', () => undefined);

Given('the store (called ){string} already exists', async function (this: MallWorld, name: string) {
  await create(this, name);
  assert.equal(this.memory.last.answer.status, 200, this.memory.last.answer.message);
});

Given('the store (called ){string} takes part', async function (this: MallWorld, name: string) {
  await create(this, name);
  await this.must('PUT', `/api/stores/${this.memory.storeId}/participating`);
});

When('I create a/the store called {string}', async function (this: MallWorld, name: string) {
  await create(this, name);
});

When(
  'I create a/the store called {string} at {string}',
  async function (this: MallWorld, name: string, location: string) {
    await create(this, name, location);
  },
);

Then('the store was created', function (this: MallWorld) {
  const { what, answer } = this.memory.last;
  assert.deepEqual([what, answer.status, answer.message], ['create a store', 200, '']);
});

Then('a store called {string} exists', async function (this: MallWorld, name: string) {
  assert.equal(await listed(this, name, '/api/stores'), true, `a store called "${this.names.of(name)}"`);
});

Given('no store called {string} exists', async function (this: MallWorld, name: string) {
  assert.equal(await listed(this, name, '/api/stores'), false, `a store called "${this.names.of(name)}"`);
});

Then('the store is called {string}', async function (this: MallWorld, name: string) {
  assert.equal((await current(this)).name, this.names.of(name));
});

Then('the store is at {string}', async function (this: MallWorld, location: string) {
  assert.equal((await current(this)).location, location);
});

When('I rebrand the store to {string}', async function (this: MallWorld, name: string) {
  const path = `/api/stores/${this.memory.storeId}/rebrand`;
  await this.ask('rebrand a store', 'PUT', path, { body: { name: this.names.of(name) } });
});

When('I let the store take part', async function (this: MallWorld) {
  await this.ask('let a store take part', 'PUT', `/api/stores/${this.memory.storeId}/participating`);
});

When('I withdraw the store', async function (this: MallWorld) {
  await this.ask('withdraw a store', 'DELETE', `/api/stores/${this.memory.storeId}/participating`);
});

Then('the store takes part', async function (this: MallWorld) {
  assert.equal((await current(this)).participating, true);
});

Then('the store does not take part', async function (this: MallWorld) {
  assert.equal((await current(this)).participating, false);
});

Then('{string} is among the participating stores', async function (this: MallWorld, name: string) {
  assert.equal(await listed(this, name, '/api/stores/participating'), true, name);
});

Then('{string} is not among the participating stores', async function (this: MallWorld, name: string) {
  assert.equal(await listed(this, name, '/api/stores/participating'), false, name);
});

When('I look for the store {string}', async function (this: MallWorld, id: string) {
  await this.ask('get a store', 'GET', `/api/stores/${encodeURIComponent(id)}`);
});

When('I rebrand the store with the id {string}', async function (this: MallWorld, id: string) {
  const path = `/api/stores/${encodeURIComponent(id)}/rebrand`;
  await this.ask('rebrand a store', 'PUT', path, { body: { name: 'Nowhere' } });
});
