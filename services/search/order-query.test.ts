import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { id, moneyFromNumber } from '../kernel/domain/index.ts';
import { conditionsOf, type OrderFilters } from './order-query.ts';

const money = (amount: number) => moneyFromNumber(amount, 'the amount');
const conditions = (filters: OrderFilters) => conditionsOf({ filters, from: undefined, limit: 20 });
const after = new Date('2024-01-01T00:00:00Z');
const before = new Date('2024-02-01T00:00:00Z');

describe('row S1: what a query asks of an order', () => {
  test('nothing, when no filter is given', () => {
    assert.deepEqual(conditions({}), { text: 'true', values: [] });
    assert.deepEqual(conditions({ customerId: undefined, minTotal: undefined }), {
      text: 'true',
      values: [],
    });
  });
  for (const [name, filters, text, value] of [
    ['customer', { customerId: id('c') }, 'customer_id = $1', 'c'],
    ['status', { status: 'Ready For Pickup' }, 'status = $1', 'Ready For Pickup'],
    ['after', { after }, 'created_at > $1::timestamptz', after],
    ['before', { before }, 'created_at < $1::timestamptz', before],
    ['stores', { storeIds: [id('s'), id('t')] }, 'store_ids && $1::text[]', ['s', 't']],
    ['products', { productIds: [id('p')] }, 'product_ids && $1::text[]', ['p']],
    ['smallest total', { minTotal: money(0.1) }, 'total >= $1::numeric', '0.1000'],
    ['largest total', { maxTotal: money(99.99) }, 'total <= $1::numeric', '99.9900'],
  ] satisfies readonly (readonly [string, OrderFilters, string, unknown])[]) {
    test(`the ${name}, as a parameter (row S14)`, () =>
      assert.deepEqual(conditions(filters), { text, values: [value] }));
  }
  test('all of it, joined with AND, parameters in order', () => {
    const all: OrderFilters = {
      customerId: id('c'),
      after,
      before,
      storeIds: [id('s')],
      productIds: [id('p')],
      minTotal: money(1),
      maxTotal: money(2),
      status: 'New',
    };
    const { text, values } = conditions(all);
    assert.equal(text.split(' AND ').length, 8);
    assert.deepEqual(text.match(/\$\d/g), ['$1', '$2', '$3', '$4', '$5', '$6', '$7', '$8']);
    assert.deepEqual(values, ['c', 'New', after, before, ['s'], ['p'], '1.0000', '2.0000']);
  });
  test('to come after the page before, beside the filters', () => {
    const from = { createdAt: '2024-01-01T00:00:00.000001Z', orderId: 'o' };
    assert.deepEqual(conditionsOf({ filters: { customerId: id('c') }, from, limit: 20 }), {
      text:
        'customer_id = $1 AND ' +
        'created_at <= $2::timestamptz AND (created_at < $2::timestamptz OR order_id > $3)',
      values: ['c', from.createdAt, 'o'],
    });
  });
});
