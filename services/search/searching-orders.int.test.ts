import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { CustomersServiceService } from '../../proto/gen/customers/api.ts';
import { type SearchOrdersRequest, SearchServiceService } from '../../proto/gen/search/api.ts';
import { rpcService } from '../kernel/rpc/index.ts';
import { eventually, standIn, startTestProcess, type TestProcess } from '../kernel/testing/index.ts';
import { searchModule } from './module.ts';
import { about, bread, OrderStory } from './test-orders.ts';

const asCustomers = rpcService(
  { getCustomer: CustomersServiceService.getCustomer },
  {
    getCustomer: async ({ id }) => ({
      customer: { id, name: `Name of ${id}`, smsNumber: '', enabled: true, version: 1 },
    }),
  },
);

let mall: TestProcess;
before(async () => {
  mall = await startTestProcess([searchModule, standIn('customers', asCustomers)]);
  await fill();
});
after(() => mall?.stop());

const cheese = { ...bread, productId: 'cheese', storeId: 'dairy', price: 20, quantity: 1 };
const ham = { ...bread, productId: 'ham', storeId: 'butcher', price: 5.0001, quantity: 1 };
const roll = { ...bread, productId: 'roll', price: 9.3001, quantity: 1 };

/** The orders to find, one a day from the first of January 2024, at noon. */
async function fill(): Promise<void> {
  const stories = [
    new OrderStory(mall, { id: 'a', customerId: 'ada', items: [bread] }),
    new OrderStory(mall, { id: 'b', customerId: 'ada', items: [cheese] }),
    new OrderStory(mall, { id: 'c', customerId: 'bob', items: [bread, cheese] }),
    new OrderStory(mall, { id: 'd', customerId: 'bob', items: [ham] }),
    new OrderStory(mall, { id: 'e', customerId: 'bob', items: [roll] }),
    new OrderStory(mall, { id: 'f', customerId: 'eve', items: [ham] }),
  ] as const;
  await Promise.all(stories.map((story) => story.created()));
  const [, b, c, d, e, f] = stories;
  await b.approved(about('b', 2));
  await c.completed(about('c', 4));
  await d.canceled(about('d', 2));
  await e.readied(about('e', 3));
  await f.rejected(about('f', 2));
  await Promise.all([
    ...stories.slice(0, 1).map((story) => story.shows('New')),
    b.shows('Approved'),
    c.shows('Completed'),
    d.shows('Canceled'),
    e.shows('Ready For Pickup'),
    f.shows('Rejected'),
  ]);
  await mall.rows(
    `UPDATE search.orders
     SET created_at = timestamptz '2024-01-01 12:00Z' + interval '1 day' * (ascii(order_id) - ascii('a'))`,
  );
}

/** The ids of the orders found, over REST, in the order of the answer. */
async function found(filters: Record<string, unknown>): Promise<string> {
  const answer = await mall.rest('POST', '/api/search/orders', { filters });
  assert.equal(answer.told, '200');
  return [...JSON.stringify(answer.body).matchAll(/"orderId":"(.+?)"/g)].map(([, id]) => id).join('');
}

describe('row S1: finding orders', () => {
  const cases: readonly (readonly [what: string, filters: Record<string, unknown>, ids: string])[] = [
    ['all of them, the newest first', {}, 'fedcba'],
    ['of a customer', { customerId: 'ada' }, 'ba'],
    ['of nobody', { customerId: 'nobody' }, ''],
    ['created after a moment', { after: '2024-01-04T11:59:59.999Z' }, 'fed'],
    ['created after a moment, which itself is out', { after: '2024-01-04T12:00:00Z' }, 'fe'],
    ['created before a moment', { before: '2024-01-03T12:00:00.001Z' }, 'cba'],
    ['created before a moment, which itself is out', { before: '2024-01-03T12:00:00Z' }, 'ba'],
    ['created between two', { after: '2024-01-02T00:00:00Z', before: '2024-01-04T00:00:00Z' }, 'cb'],
    ['of a store', { storeIds: ['dairy'] }, 'cb'],
    ['of any of some stores', { storeIds: ['dairy', 'butcher', 'nowhere'] }, 'fdcb'],
    ['with a product', { productIds: ['bread'] }, 'ca'],
    ['with any of some products', { productIds: ['roll', 'cheese'] }, 'ecb'],
    ['row S14: of an id that would break out of a literal', { storeIds: ['dairy","butcher'] }, ''],
    ['row S5: of a total from', { minTotal: 9.3001 }, 'ecb'],
    ['row S5: of a total up to', { maxTotal: 9.3 }, 'fda'],
    ['row S5: of a total between', { minTotal: 9.3, maxTotal: 20 }, 'eba'],
    ['row S5: a total of 0 is no filter', { minTotal: 0, maxTotal: 0 }, 'fedcba'],
    ['row S9: of a status', { status: 'Ready For Pickup' }, 'e'],
    ['row S9: of a status in ordering’s words', { status: 'pending' }, 'a'],
    ['row S9: of a status in any case', { status: 'CANCELLED' }, 'd'],
    ['row S9: rejected', { status: 'rejected' }, 'f'],
    [
      'meeting every filter given',
      {
        customerId: 'bob',
        after: '2024-01-01T00:00:00Z',
        before: '2024-01-05T00:00:00Z',
        storeIds: ['bakery'],
        productIds: ['cheese'],
        minTotal: 29.3,
        maxTotal: 29.3,
        status: 'completed',
      },
      'c',
    ],
    [
      'meeting every filter given but one',
      { customerId: 'ada', storeIds: ['bakery'], status: 'Approved' },
      '',
    ],
  ];
  for (const [what, filters, ids] of cases) {
    test(what, async () => assert.equal(await found(filters), ids));
  }
  test('shows them whole', async () => {
    const { orders } = await mall.call(SearchServiceService.searchOrders, {
      filters: undefined,
      next: '',
      limit: 1,
    });
    const item = { ...ham, quantity: 1n };
    assert.deepEqual(orders, [
      {
        orderId: 'f',
        customerId: 'eve',
        customerName: 'Name of eve',
        items: [item],
        total: 5.0001,
        status: 'Rejected',
        createdAt: new Date('2024-01-06T12:00:00Z'),
      },
    ]);
  });
  test('row X13: refuses what makes no sense, naming it', async () => {
    const refused = async (body: unknown) => (await mall.rest('POST', '/api/search/orders', body)).told;
    assert.equal(await refused({ limit: -1 }), '400 the limit cannot be negative');
    assert.equal(await refused({ next: 'x' }), '400 `next` is none of ours; leave it out for the first page');
    assert.match(await refused({ filters: { status: 'lost' } }), /^400 the status is none of New, /);
    assert.equal(await refused({ filters: { minTotal: 'NaN' } }), '400 the smallest total is not a number');
  });
});

describe('page by page', () => {
  const customerId = 'pager';
  /** All the pager's orders, in the order they are to be found. */
  let all: readonly string[];

  before(async () => {
    const stories = Array.from({ length: 45 }, () => new OrderStory(mall, { customerId }));
    await Promise.all(stories.map((story) => story.created()));
    const count = 'SELECT count(*)::int FROM search.orders WHERE customer_id = $1';
    await eventually(async () => assert.deepEqual(await mall.rows(count, [customerId]), [{ count: 45 }]));
    // Five moments within one millisecond, nine orders each.
    await mall.rows(
      `UPDATE search.orders o
       SET created_at = timestamptz '2024-03-01 00:00:00.000100Z' + interval '1 us' * (n % 5)
       FROM (SELECT order_id, row_number() OVER (ORDER BY md5(order_id)) AS n FROM search.orders) numbered
       WHERE o.order_id = numbered.order_id AND o.customer_id = $1`,
      [customerId],
    );
    const rows = await mall.rows(
      'SELECT order_id FROM search.orders WHERE customer_id = $1 ORDER BY created_at DESC, order_id',
      [customerId],
    );
    all = rows.map((row) => String(row.order_id));
  });

  const filters: SearchOrdersRequest['filters'] = {
    customerId,
    after: undefined,
    before: undefined,
    storeIds: [],
    productIds: [],
    minTotal: 0,
    maxTotal: 0,
    status: '',
  };

  /** The pages, to the end. */
  async function pages(limit: number, between?: () => Promise<void>): Promise<readonly string[][]> {
    const given: string[][] = [];
    for (let next = ''; next !== '' || given.length === 0; ) {
      const page = await mall.call(SearchServiceService.searchOrders, { filters, next, limit });
      given.push(page.orders.map(({ orderId }) => orderId));
      next = page.next;
      await between?.();
    }
    return given;
  }

  for (const [limit, sizes] of [
    [7, [7, 7, 7, 7, 7, 7, 3]],
    [15, [15, 15, 15]],
    [1, Array<number>(45).fill(1)],
    [0, [20, 20, 5]],
    [1_000, [45]],
  ] as const) {
    test(`of ${limit}: every order once, equal moments included, and a blank next at the end`, async () => {
      const given = await pages(limit);
      assert.deepEqual(given.flat(), all);
      assert.deepEqual(
        given.map((page) => page.length),
        sizes,
      );
    });
  }
  test('orders that come meanwhile change nothing in the pages that follow', async () => {
    const given = await pages(10, async () => {
      const newcomer = new OrderStory(mall, { customerId });
      await newcomer.created();
      await newcomer.shows('New');
    });
    assert.deepEqual(given.flat(), all);
  });
});
