import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { SearchOrdersRequest_Filters } from '../../proto/gen/search/api.ts';
import { cursorAt } from './cursor.ts';
import { readSearch } from './search-request.ts';

const noFilters: SearchOrdersRequest_Filters = {
  customerId: '',
  after: undefined,
  before: undefined,
  storeIds: [],
  productIds: [],
  minTotal: 0,
  maxTotal: 0,
  status: '',
};
const asked = { filters: undefined, next: '', limit: 0 };
const filtered = (filters: Partial<SearchOrdersRequest_Filters>) =>
  readSearch({ ...asked, filters: { ...noFilters, ...filters } }).filters;

describe('how many orders', () => {
  for (const [limit, given] of [
    [0, 20],
    [1, 1],
    [100, 100],
    [101, 100],
    [2_147_483_647, 100],
  ] as const) {
    test(`${limit} asked for is ${given}`, () => assert.equal(readSearch({ ...asked, limit }).limit, given));
  }
  test('a negative limit is refused', () =>
    assert.throws(() => readSearch({ ...asked, limit: -1 }), {
      name: 'BadRequest',
      message: 'the limit cannot be negative',
    }));
});

test('where to begin', () => {
  const from = { createdAt: '2024-01-01T00:00:00.000001Z', orderId: 'o' };
  assert.deepEqual(readSearch({ ...asked, next: cursorAt(from) }).from, from);
  assert.equal(readSearch(asked).from, undefined);
});

describe('what the orders must meet', () => {
  test('a filter at its default is none', () => {
    assert.deepEqual(readSearch(asked).filters, {});
    assert.deepEqual(new Set(Object.values(filtered({}))), new Set([undefined]));
  });
  test('each filter that is given', () => {
    const after = new Date('2024-01-01T00:00:00Z');
    const before = new Date('2024-02-01T00:00:00Z');
    const given = { customerId: 'c', after, before, storeIds: ['s'], productIds: ['p', 'q'] };
    assert.deepEqual(filtered({ ...given, minTotal: 0.01, maxTotal: 19.99, status: 'cancelled' }), {
      ...given,
      minTotal: 100n,
      maxTotal: 199_900n,
      status: 'Canceled',
    });
  });

  const refused: readonly (readonly [why: string, Partial<SearchOrdersRequest_Filters>, message: string])[] =
    [
      ['an endless id', { customerId: 'x'.repeat(129) }, 'the customer id is longer than 128 characters'],
      ['a control character', { storeIds: ['s\u0000'] }, 'a store id holds control characters'],
      ['too many products', { productIds: Array<string>(101).fill('p') }, 'more than 100 product ids'],
      ['a total that is no number', { minTotal: Number.NaN }, 'the smallest total is not a number'],
      ['an endless total', { maxTotal: Number.POSITIVE_INFINITY }, 'the largest total is not a number'],
      [
        'a moment that is none',
        { after: new Date(Number.NaN) },
        '`after` is not between the years 1 and 9999',
      ],
      ['a moment too far', { before: new Date(8.64e15) }, '`before` is not between the years 1 and 9999'],
      [
        'row S9: an unknown status',
        { status: 'lost' },
        'the status is none of New, Approved, Rejected, Canceled, Ready For Pickup, Completed',
      ],
    ];
  for (const [why, filters, message] of refused) {
    test(`row X13: ${why} is refused`, () =>
      assert.throws(() => filtered(filters), { name: 'BadRequest', message }));
  }
});
