import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { id } from '../kernel/domain/index.ts';
import type { Stop, StopItem } from './shopping-list.ts';
import { readStops, writeStops } from './stored-stops.ts';

const item = (productId: string, quantity = 1): StopItem => ({
  productId: id(productId),
  productName: `Product ${productId}`,
  quantity,
});
const stop = (storeId: string, ...items: readonly StopItem[]): Stop => ({
  storeId: id(storeId),
  storeName: `Store ${storeId}`,
  storeLocation: 'East',
  items,
});

/** Through text and back, as the store keeps it. */
const kept = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

describe('the stops of a list', () => {
  test("are stored as the original's document, with the key Position added", () => {
    assert.deepEqual(writeStops([stop('store-1', item('wizard', 3))]), {
      'store-1': {
        StoreName: 'Store store-1',
        StoreLocation: 'East',
        Items: { wizard: { ProductName: 'Product wizard', Quantity: 3, Position: 0 } },
        Position: 0,
      },
    });
  });
  test("the original's document is read", () => {
    const Items = { wizard: { ProductName: 'Product wizard', Quantity: 3 } };
    const original = { 'store-1': { StoreName: 'Store store-1', StoreLocation: 'East', Items } };
    assert.deepEqual(readStops(original), [stop('store-1', item('wizard', 3))]);
    assert.deepEqual(readStops({}), []);
    assert.deepEqual(readStops({ 'store-1': { ...original['store-1'], Items: null } }), [stop('store-1')]);
  });
  test('keep their order, whatever the store does to its keys', () => {
    const stops = [stop('b', item('10'), item('9')), stop('10', item('b')), stop('9', item('a'), item('10'))];
    assert.deepEqual(readStops(kept(writeStops(stops))), stops);
  });
  test('that cannot be read are told by field', () => {
    const broken = { 'store-1': { StoreName: 'x', StoreLocation: 'y', Items: { p: { ProductName: 'z' } } } };
    assert.throws(() => readStops(broken), {
      name: 'UnreadableDocument',
      message: /^stored document depot shopping list stops cannot be read: store-1\.Items\.p\.Quantity: /,
    });
  });
});
