import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { DOING } from './activities.ts';
import { mallApi } from './api.ts';
import { createClaims } from './claims.ts';
import { openDoor } from './door.ts';
import type { ActivityName } from './draw.ts';
import { madeUp } from './made-up.ts';
import type { CheckedOut } from './orders.ts';
import { type Random, randomOf } from './random.ts';
import { createSender } from './sender.ts';
import { openTestMall } from './testing/in-memory-mall.ts';
import { refusal } from './testing/routes.ts';
import type { Seen, TestMall } from './testing/types.ts';
import { newTrace } from './trace.ts';

let mall: TestMall;
beforeEach(async () => {
  mall = await openTestMall();
});
afterEach(() => mall.close());

/** Always the lowest of a range and the first of several with 0, the highest and the last with 0.999. */
function constant(fraction: number): Random {
  const below = (limit: number) => Math.floor(fraction * limit);
  const pick: Random['pick'] = (choices) => choices[below(choices.length)] ?? assert.fail('nothing to pick');
  return { next: () => fraction, below, between: (low, high) => low + below(high - low + 1), pick };
}

interface Done {
  /** Pauses, texts and requests in the order in which they came; ids left out. */
  readonly log: string[];
  readonly followed: CheckedOut[];
  /** The message of the error by which the activity ended, if one did. */
  readonly trouble: string | undefined;
}

async function perform(activity: ActivityName, random: Random = constant(0)): Promise<Done> {
  const [log, followed]: [string[], CheckedOut[]] = [[], []];
  const misbehave = mall.intercept;
  mall.intercept = (seen) => {
    log.push(`${seen.method} ${withoutIds(seen.path)}`);
    return misbehave(seen);
  };
  const door = openDoor({ host: mall.host, connections: 1, timeoutMs: 5_000 });
  const send = createSender({ door, clock: performanceClock, record: () => undefined });
  const api = mallApi(send, { trace: newTrace({ sampled: true }), signal: new AbortController().signal });
  const shopper = {
    api,
    random,
    madeUp: madeUp(randomOf([7])),
    say: (text: string) => void log.push(text),
    pause: async () => void log.push('pause'),
    wait: async (ms: number) => void log.push(`wait ${ms}`),
    claims: createClaims(),
    stores: api.listStores,
    storesChanged: () => void log.push('stores changed'),
    elapsed: () => 5,
    follow: (order: CheckedOut) => void followed.push(order),
    clearUp: async (work: (late: typeof api) => Promise<void>) => work(api),
  };
  const trouble = await DOING[activity](shopper).then(
    () => undefined,
    (error: Error) => error.message,
  );
  await door.close();
  return { log, followed, trouble };
}

const performanceClock = { elapsed: () => performance.now() };

function withoutIds(path: string): string {
  return path.replace(/[\da-f]{8}-[\da-f-]{27}/g, 'ID');
}

function addProduct(storeId: string, price: number): void {
  const id = `${mall.products.size}`.padStart(8, '0').concat('-0000-0000-0000-000000000000');
  mall.products.set(id, { id, storeId, name: 'Tasty Soft Hat', description: 'd', sku: 's', price });
}

function refuse(when: (seen: Seen) => boolean, reply = refusal(400, 'not today')): void {
  mall.intercept = (seen) => (when(seen) ? reply : undefined);
}

test('registering takes a pause and a call', async () => {
  const { log, trouble } = await perform('register');
  assert.deepEqual(log, ['pause', 'POST /api/customers']);
  assert.equal(trouble, undefined);
  assert.match(String(mall.requests[0]?.body.name), /^\w+\.\S+$/);
});

test('a store is set up with 2 to 5 products', async () => {
  const { log } = await perform('set up a store');
  assert.equal(log[0], 'pause');
  assert.match(log[1] ?? '', /^is getting "\S+ \S+" ready$/);
  assert.deepEqual(log.slice(2, 5), ['POST /api/stores', 'stores changed', 'pause']);
  assert.match(log[5] ?? '', /^is adding "\S+ \S+ \S+" for \$\d+\.\d\d$/);
  assert.equal(log[6], 'POST /api/stores/ID/products');
  assert.equal(log.length, 4 + 2 * 3 + 2);
  const [store] = mall.stores.values();
  assert.deepEqual(log.slice(-2), ['GET /api/stores/ID', `has finished setting up "${store?.name}"`]);
  await perform('set up a store', constant(0.999));
  assert.equal(mall.products.size, 2 + 5);
});

test('products are described by a business phrase and have an adjective for SKU', async () => {
  await perform('set up a store');
  for (const product of mall.products.values()) {
    assert.match(product.sku, /^[A-Z][a-z]+$/);
    assert.match(product.description, /^\S+ \S+ \S+$/);
    assert.ok(product.price >= 5 && product.price < 12);
  }
});

test('inventory is added to a store, if there is one', async () => {
  const none = await perform('add inventory');
  assert.deepEqual(none.log, ['GET /api/stores', 'has no store to work with']);
  mall.addStore('Ann Other');
  const { log } = await perform('add inventory', constant(0.999));
  assert.equal(log[0], 'GET /api/stores');
  assert.equal(log[1], 'pause');
  assert.equal(log.at(-1), 'is done adding new inventory');
  assert.equal(mall.products.size, 3);
});

test('a store is rebranded, if there is one', async () => {
  const none = await perform('rebrand a store');
  assert.deepEqual(none.log, ['pause', 'GET /api/stores', 'but has no store to work with']);
  mall.addStore('Ann Other');
  const { log } = await perform('rebrand a store');
  assert.deepEqual(log.slice(0, -1), [
    'pause',
    'GET /api/stores',
    'GET /api/stores/ID',
    'PUT /api/stores/ID/rebrand',
  ]);
  assert.match(log.at(-1) ?? '', /^has rebranded the store "Ann Other" to "\S+ \S+"$/);
});

test('a product is rebranded, if there is one', async () => {
  const none = await perform('rebrand a product');
  assert.deepEqual(none.log, ['pause', 'GET /api/stores', 'but has no store to work with']);
  const storeId = mall.addStore('Ann Other');
  const empty = await perform('rebrand a product');
  assert.deepEqual(empty.log.slice(2), [
    'pause',
    'GET /api/stores/ID/products',
    'but has no product to work with',
  ]);
  addProduct(storeId, 5);
  const { log } = await perform('rebrand a product');
  assert.deepEqual(log.slice(3, -1), [
    'GET /api/stores/ID/products',
    'GET /api/stores/products/ID',
    'PUT /api/stores/products/ID/rebrand',
  ]);
  assert.match(log.at(-1) ?? '', /^has rebranded the product "Tasty Soft Hat" to "\S+ \S+ \S+"$/);
});

test('a failed rebrand is trouble (B-05)', async () => {
  addProduct(mall.addStore('Ann Other'), 5);
  refuse((seen) => seen.path.endsWith('/rebrand'));
  for (const activity of ['rebrand a store', 'rebrand a product'] as const) {
    const { log, trouble } = await perform(activity);
    assert.equal(trouble, 'not today');
    assert.match(log.at(-1) ?? '', /rebrand$/, 'and nothing is said to have been rebranded');
  }
});

test('whoever finds too few stores registers nobody, takes no basket (B-09), and looks again a little later', async () => {
  for (const activity of ['browse', 'buy'] as const) {
    const { log } = await perform(activity);
    assert.deepEqual(log, ['GET /api/stores', 'but has no stores to shop at', 'wait 250']);
  }
  mall.addStore('Ann Other');
  const browsing = await perform('browse', constant(0.999));
  assert.deepEqual(browsing.log, ['GET /api/stores', 'but not enough stores are available', 'wait 250']);
  const buying = await perform('buy', constant(0.999));
  assert.deepEqual(buying.log, ['GET /api/stores', 'but not enough store are available', 'wait 250']);
  assert.equal(mall.baskets.size, 0);
});

const ROUND = ['GET /api/stores', 'pause', 'POST /api/customers', 'pause', 'POST /api/baskets'];
const VISIT = [
  'GET /api/stores/ID',
  'is browsing the items from "Ann Other"',
  'pause',
  'GET /api/stores/ID/products',
];

test('browsing fills a basket, finds it too dear and puts it back', async () => {
  addProduct(mall.addStore('Ann Other'), 5.05);
  const { log, followed } = await perform('browse');
  assert.deepEqual(log, [
    ...ROUND,
    ...VISIT,
    'GET /api/stores/products/ID',
    'might buy 1 "Tasty Soft Hat" for $5.05 each',
    'pause',
    'PUT /api/baskets/ID/addItem',
    'thinks $5.05 is too much',
    'DELETE /api/baskets/ID',
  ]);
  assert.deepEqual(followed, []);
  assert.deepEqual(
    [...mall.baskets.values()].map((basket) => basket.state),
    ['cancelled'],
  );
});

test('buying pays the exact total and checks out', async () => {
  for (let store = 0; store < 3; store += 1) addProduct(mall.addStore('Ann Other'), 5.05);
  const { log, followed, trouble } = await perform('buy', constant(0.999));
  assert.equal(trouble, undefined);
  assert.equal(log.filter((line) => line.startsWith('might buy 4 ')).length, 3);
  assert.deepEqual(log.slice(-4), [
    'is OK with $60.60',
    'pause',
    'POST /api/payments',
    'PUT /api/baskets/ID/checkout',
  ]);
  const payment = mall.requests.find((seen) => seen.path === '/api/payments');
  assert.equal(payment?.body.amount, 60.6);
  const [basketId] = mall.baskets.keys();
  assert.deepEqual(followed, [{ orderId: basketId, total: 606_000, sentAt: 5, confirmed: true }]);
});

test('a store with nothing to sell is passed by (B-03)', async () => {
  mall.addStore('Ann Other');
  for (const activity of ['browse', 'buy'] as const) {
    const { log, trouble } = await perform(activity);
    assert.equal(trouble, undefined);
    assert.deepEqual(log, [
      ...ROUND,
      ...VISIT,
      'but "Ann Other" has nothing to sell',
      'but found nothing to buy',
      'DELETE /api/baskets/ID',
    ]);
  }
});

test('an unreadable product ends the activity, and the basket is put back (B-04, B-09)', async () => {
  addProduct(mall.addStore('Ann Other'), 5);
  refuse((seen) => seen.path.startsWith('/api/stores/products/'));
  const { log, trouble } = await perform('buy');
  assert.equal(trouble, 'not today');
  assert.deepEqual(log.slice(-2), ['GET /api/stores/products/ID', 'DELETE /api/baskets/ID']);
});

test('a basket that cannot be put back is not put back twice', async () => {
  addProduct(mall.addStore('Ann Other'), 5);
  refuse((seen) => seen.method === 'DELETE');
  const { log, trouble } = await perform('browse');
  assert.equal(trouble, 'not today');
  assert.equal(log.filter((line) => line.startsWith('DELETE')).length, 1);
});

test('a refused checkout leaves no order and no open basket', async () => {
  addProduct(mall.addStore('Ann Other'), 5);
  refuse((seen) => seen.path.endsWith('/checkout'));
  const { log, followed, trouble } = await perform('buy');
  assert.equal(trouble, 'not today');
  assert.equal(log.at(-1), 'DELETE /api/baskets/ID');
  assert.deepEqual(followed, []);
});

test('after a checkout without a clear answer the order is followed, the basket let alone', async () => {
  addProduct(mall.addStore('Ann Other'), 5);
  refuse((seen) => seen.path.endsWith('/checkout'), refusal(503, 'restarting'));
  const { log, followed, trouble } = await perform('buy');
  assert.equal(trouble, 'restarting');
  assert.equal(log.at(-1), 'PUT /api/baskets/ID/checkout');
  assert.deepEqual(
    followed.map((order) => order.confirmed),
    [false],
  );
});
