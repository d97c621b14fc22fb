import assert from 'node:assert/strict';
import { type DataTable, Given, Then, When } from '@cucumber/cucumber';
import { orderBecomes } from '../world/purchase.ts';
import { orderView, shoppingListsPage, shoppingListView } from '../world/views.ts';
import type { MallWorld } from '../world/world.ts';

/** The list of the scenario's order, which an approved order names. */
async function findList(world: MallWorld): Promise<string> {
  const { order } = await world.read(`/api/ordering/${world.memory.order.id}`, orderView);
  assert.notEqual(order.shoppingId, '', `order ${order.id}, ${order.status}, names its shopping list`);
  world.memory.listId = order.shoppingId;
  return order.shoppingId;
}

const list = async (world: MallWorld, id: string) =>
  (await world.read(`/api/depot/shopping/${id}`, shoppingListView)).shoppingList;

Then(/^the shopping list of my order is (\w+)$/, async function (this: MallWorld, status: string) {
  const { orderId, status: now } = await list(this, await findList(this));
  assert.deepEqual([orderId, now], [this.memory.order.id, status]);
});

Then('the shopping list is assigned to the bot {string}', async function (this: MallWorld, bot: string) {
  const { status, assignedBotId } = await list(this, this.memory.listId);
  assert.deepEqual([status, assignedBotId], ['assigned', bot]);
});

Then(
  /^the shopping list is (pending|available|completed|canceled)$/,
  async function (this: MallWorld, status: string) {
    assert.equal((await list(this, this.memory.listId)).status, status);
  },
);

Then(
  'the depot has made a shopping list for my order, which is {word}',
  async function (this: MallWorld, status: string) {
    const { id } = this.memory.order;
    await this.until(`the shopping list of order ${id} to be ${status}`, async () => {
      const rows = await this.inside.rows('SELECT status FROM depot.shopping_lists WHERE order_id = $1', [
        id,
      ]);
      const seen = rows.map((row) => row.status);
      return seen.length === 1 && seen[0] === status
        ? { got: status }
        : { saw: `there are: ${seen.join(', ')}` };
    });
  },
);

Then('the depot has made no shopping list for my order', async function (this: MallWorld) {
  const rows = await this.inside.rows('SELECT status FROM depot.shopping_lists WHERE order_id = $1', [
    this.memory.order.id,
  ]);
  assert.deepEqual(rows, []);
});

When('the depot assigns my order to the bot {string}', async function (this: MallWorld, botId: string) {
  const path = `/api/depot/shopping/${await findList(this)}/assign`;
  await this.ask('assign a list', 'PUT', path, { body: { botId } });
});

When('the depot completes my order', async function (this: MallWorld) {
  await this.ask('complete a list', 'PUT', `/api/depot/shopping/${await findList(this)}/complete`);
});

When(
  /^the depot cancels the shopping list of my order by (POST|DELETE)$/,
  async function (this: MallWorld, method: 'POST' | 'DELETE') {
    await this.ask('cancel a list', method, `/api/depot/shopping/${await findList(this)}`);
  },
);

When('the depot cancels the shopping list', async function (this: MallWorld) {
  await this.ask('cancel a list', 'POST', `/api/depot/shopping/${this.memory.listId}`);
});

Given('the depot has assigned my order to the bot {string}', async function (this: MallWorld, botId: string) {
  await this.must('PUT', `/api/depot/shopping/${await findList(this)}/assign`, { botId });
});

Given('the depot has collected my order', async function (this: MallWorld) {
  const id = await findList(this);
  await this.must('PUT', `/api/depot/shopping/${id}/assign`, { botId: 'bot' });
  await this.must('PUT', `/api/depot/shopping/${id}/complete`);
  await orderBecomes(this, this.memory.order, 'ready');
});

When('two bots want my order at the same time', async function (this: MallWorld) {
  const path = `/api/depot/shopping/${await findList(this)}/assign`;
  const answers = await Promise.all(
    ['bot one', 'bot two'].map((botId) => this.ask('assign a list', 'PUT', path, { body: { botId } })),
  );
  this.memory.seen.set(
    'statuses',
    answers
      .map(({ status }) => status)
      .sort()
      .join(' '),
  );
});

Then('one of them gets it', function (this: MallWorld) {
  assert.match(this.memory.seen.get('statuses') ?? '', /^200 (400|409)$/);
});

async function available(world: MallWorld): Promise<string[]> {
  const ids: string[] = [];
  for (let token = ''; ; ) {
    const query = `pageSize=200&pageToken=${encodeURIComponent(token)}`;
    const page = await world.read(`/api/depot/shopping?${query}`, shoppingListsPage);
    ids.push(...page.shoppingLists.map(({ id }) => id));
    if (page.nextPageToken === '') return ids;
    token = page.nextPageToken;
  }
}

Then('my order is among those that wait for a bot', async function (this: MallWorld) {
  assert.ok((await available(this)).includes(await findList(this)));
});

Then('my order is not among those that wait for a bot', async function (this: MallWorld) {
  assert.ok(!(await available(this)).includes(await findList(this)));
});

Then('the shopping list has the stops', async function (this: MallWorld, table: DataTable) {
  const { stops } = await list(this, await findList(this));
  const seen = Object.values(stops).flatMap(({ storeName, items }) =>
    Object.values(items).map(({ name, quantity }) => [storeName, name, String(quantity)]),
  );
  const expected = table
    .hashes()
    .map(({ Store = '', Name = '', Quantity = '' }) => [this.names.of(Store), this.names.of(Name), Quantity]);
  assert.deepEqual(seen.sort(), expected.sort());
});

When(
  'I make a shopping list by hand for the order {string} of {int} {string}',
  async function (this: MallWorld, orderId: string, quantity: number, name: string) {
    const productId = this.memory.products.get(name) ?? this.names.of(name);
    const items = [{ productId, storeId: this.memory.storeId, quantity }];
    await makeList(this, { orderId: this.names.of(orderId), items });
  },
);

When(
  'I make an empty shopping list by hand for the order {string}',
  async function (this: MallWorld, orderId: string) {
    await makeList(this, { orderId: this.names.of(orderId), items: [] });
  },
);

async function makeList(world: MallWorld, body: object): Promise<void> {
  const id = await world.make('make a list', '/api/depot/shopping', body);
  if (id === undefined) return;
  world.memory.seen.set('list before', world.memory.seen.get('list') ?? '');
  world.memory.seen.set('list', id);
  world.memory.listId = id;
}

Then('it is the same shopping list', function (this: MallWorld) {
  assert.equal(this.memory.seen.get('list'), this.memory.seen.get('list before'));
});

Then('it is another shopping list', function (this: MallWorld) {
  assert.notEqual(this.memory.seen.get('list'), this.memory.seen.get('list before'));
});

When('the depot assigns the shopping list {string}', async function (this: MallWorld, id: string) {
  const path = `/api/depot/shopping/${encodeURIComponent(id)}/assign`;
  await this.ask('assign a list', 'PUT', path, { body: { botId: 'bot' } });
});

When(
  'the depot assigns the shopping list to the bot {string}',
  async function (this: MallWorld, botId: string) {
    const path = `/api/depot/shopping/${this.memory.listId}/assign`;
    await this.ask('assign a list', 'PUT', path, { body: { botId } });
  },
);
