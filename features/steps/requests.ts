import assert from 'node:assert/strict';
import { type DataTable, Given, Then, When } from '@cucumber/cucumber';
import type { Method } from '../world/rest-door.ts';
import { created, storesPage } from '../world/views.ts';
import type { MallWorld } from '../world/world.ts';

/** Ids of the scenario in a path or a body: `<basket>`, `<product Wizard>`. */
function filled(world: MallWorld, text: string): string {
  const { memory } = world;
  return text.replaceAll(/<(\w+)(?: ([^>]+))?>/g, (_, what: string, name: string) => {
    switch (what) {
      case 'customer':
        return memory.customerId;
      case 'store':
        return memory.storeId;
      case 'basket':
        return memory.basketId;
      case 'payment':
        return memory.paymentId;
      case 'product':
        return memory.productId(name);
      case 'long':
        return 'x'.repeat(Number(name));
      default:
        throw new Error(`there is no <${what}>`);
    }
  });
}

When(
  /^a client sends (GET|POST|PUT|DELETE|PATCH) (\S+)$/,
  async function (this: MallWorld, method: Method, path: string) {
    await this.ask(`${method} ${path}`, method, filled(this, path));
  },
);

When(
  /^a client sends (POST|PUT) (\S+) with$/,
  async function (this: MallWorld, method: Method, path: string, text: string) {
    await this.ask(`${method} ${path}`, method, filled(this, path), { text: filled(this, text) });
  },
);

When(
  /^a client sends (POST|PUT) (\S+) with (\{.*\})$/,
  async function (this: MallWorld, method: Method, path: string, text: string) {
    await this.ask(`${method} ${path}`, method, filled(this, path), { text: filled(this, text) });
  },
);

/* Requests under an Idempotency-Key: a client that got no answer sends the same again. */

async function sendUnderKey(world: MallWorld, [method, path, text]: [Method, string, string], key: string) {
  const headers = { 'idempotency-key': world.names.of(key).replaceAll(' ', '-') };
  const answer = await world.ask(`${method} ${path}`, method, filled(world, path), {
    text: filled(world, text),
    headers,
  });
  world.memory.seen.set(`answer ${world.memory.seen.size}`, JSON.stringify(answer.body));
  return answer;
}

When(
  /^a client sends (POST|PUT) (\S+) under the key "([^"]*)" with (\{.*\})$/,
  async function (this: MallWorld, method: Method, path: string, key: string, text: string) {
    await sendUnderKey(this, [method, path, text], key);
  },
);

When(
  /^a client sends (POST|PUT) (\S+) (\d+) times at once under the key "([^"]*)" with (\{.*\})$/,
  async function (this: MallWorld, method: Method, path: string, times: string, key: string, text: string) {
    const answers = await Promise.all(
      Array.from({ length: Number(times) }, () => sendUnderKey(this, [method, path, text], key)),
    );
    this.memory.seen.set('statuses', [...new Set(answers.map(({ status }) => status))].join(' '));
  },
);

const answersOf = (world: MallWorld) =>
  [...world.memory.seen].filter(([key]) => key.startsWith('answer ')).map(([, answer]) => answer);

Then('all answers are the same', function (this: MallWorld) {
  const answers = answersOf(this);
  assert.ok(answers.length > 1, 'there are several answers');
  assert.equal(new Set(answers).size, 1, answers.join(' '));
});

Then('all answers differ', function (this: MallWorld) {
  const answers = answersOf(this);
  assert.ok(answers.length > 1, 'there are several answers');
  assert.equal(new Set(answers).size, answers.length, answers.join(' '));
});

Then(
  'there is one {string} in the table {word}',
  async function (this: MallWorld, name: string, table: string) {
    const rows = await this.inside.rows(`SELECT id FROM ${table} WHERE name = $1`, [this.names.of(name)]);
    assert.equal(rows.length, 1);
  },
);

Then('the answer is', function (this: MallWorld, text: string) {
  assert.deepEqual(this.memory.last.answer.body, JSON.parse(filled(this, text)));
});

Then('the answer has an id', function (this: MallWorld) {
  assert.match(created.parse(this.memory.last.answer.body).id, /^[0-9a-f-]{36}$/);
});

Then('the answer is of the type {string}', function (this: MallWorld, type: string) {
  assert.equal(this.memory.last.answer.headers.get('content-type'), type);
});

/* Pages. */

Given('stores called', async function (this: MallWorld, table: DataTable) {
  for (const [name = ''] of table.raw()) {
    const id = await this.mustMake('/api/stores', { name: this.names.of(name), location: 'anywhere' });
    this.memory.stores.set(name, id);
    this.memory.storeId = id;
  }
});

/** Walks a list to its end; answers the names met. No page may hold more than asked for, and no store be met twice. */
async function walk(world: MallWorld, size: number): Promise<string[]> {
  const names: string[] = [];
  const ids: string[] = [];
  for (let token = ''; ; ) {
    const query = `pageSize=${size}&pageToken=${encodeURIComponent(token)}`;
    const page = await world.read(`/api/stores?${query}`, storesPage);
    assert.ok(page.stores.length <= size, `${page.stores.length} stores on a page of ${size}`);
    names.push(...page.stores.map(({ name }) => name));
    ids.push(...page.stores.map(({ id }) => id));
    if (page.nextPageToken === '') break;
    token = page.nextPageToken;
  }
  assert.equal(new Set(ids).size, ids.length, 'no store is met twice');
  return names;
}

When('I page through the stores, {int} at a time', async function (this: MallWorld, size: number) {
  this.memory.seen.set('walked', JSON.stringify(await walk(this, size)));
});

Then('I meet each of mine once, in the order of their names', function (this: MallWorld) {
  const walked: unknown = JSON.parse(this.memory.seen.get('walked') ?? '[]');
  assert.ok(Array.isArray(walked));
  const mine = [...this.memory.stores.keys()].map((name) => this.names.of(name));
  assert.deepEqual(
    walked.filter((name) => mine.includes(name)),
    mine.sort(),
  );
});
