import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { history } from '../kernel/domain/given-when-then.ts';
import { fold, id, moneyFromNumber } from '../kernel/domain/index.ts';
import { type ProductCommand, type ProductEvent, product } from './product.ts';
import { storedProduct } from './stored-product.ts';

const money = (amount: number) => moneyFromNumber(amount, 'the amount');

const document = { StoreID: 'store-1', Name: 'Wizard', Description: 'glows', SKU: '', Price: 9.99 };
const details = {
  storeId: id<typeof product.initial.storeId>('store-1'),
  name: 'Wizard',
  description: 'glows',
  sku: '',
  price: money(9.99),
};

/** Documents as the original stored them, word for word. */
const originals: readonly (readonly [stored: unknown, event: ProductEvent])[] = [
  [document, { type: 'stores.ProductAdded', ...details }],
  [
    { Name: 'Wizard', Description: 'glows' },
    { type: 'stores.ProductRebranded', name: 'Wizard', description: 'glows' },
  ],
  [{ Delta: 2.5 }, { type: 'stores.ProductPriceIncreased', delta: money(2.5), price: undefined }],
  [{ Delta: -2.5 }, { type: 'stores.ProductPriceDecreased', delta: money(-2.5), price: undefined }],
  [{}, { type: 'stores.ProductRemoved' }],
];

/** Through text and back, as the store keeps it. */
const kept = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

describe("the original's documents", () => {
  for (const [stored, event] of originals) {
    test(`${event.type} is read, and written as it was`, () => {
      assert.deepEqual(storedProduct.decodeEvent(event.type, stored), event);
      assert.deepEqual(storedProduct.encodeEvent(event), stored);
    });
  }
  test('the snapshot is read as not removed, and keeps every key', () => {
    const state = storedProduct.decodeState(document);
    assert.deepEqual(state, { exists: true, removed: false, ...details });
    assert.deepEqual(storedProduct.encodeState(state), { ...document, Removed: false });
  });
  test('row T14: changes that drifted as doubles add up to the price they meant', () => {
    const added = storedProduct.decodeEvent('stores.ProductAdded', { ...document, Price: 0.1 });
    const raised = storedProduct.decodeEvent('stores.ProductPriceIncreased', { Delta: 0.3 - 0.1 });
    assert.equal(fold(product, [added, raised]).price, money(0.3));
    assert.equal(storedProduct.decodeState({ ...document, Price: 0.1 + 0.2 }).price, money(0.3));
  });
});

describe('our documents', () => {
  test('keys, names and added keys are these', () => {
    assert.deepEqual(
      [storedProduct.streamName, storedProduct.snapshotName],
      ['stores.Product', 'stores.ProductV1'],
    );
    const raised: ProductEvent = {
      type: 'stores.ProductPriceIncreased',
      delta: money(2),
      price: money(11.99),
    };
    assert.deepEqual(storedProduct.encodeEvent(raised), { Delta: 2, Price: 11.99 });
  });
  test('row T4: a snapshot remembers the removal', () => {
    const state = fold(product, [
      { type: 'stores.ProductAdded', ...details },
      { type: 'stores.ProductRemoved' },
    ]);
    assert.deepEqual(storedProduct.encodeState(state), { ...document, Removed: true });
    assert.deepEqual(storedProduct.decodeState(kept(storedProduct.encodeState(state))), state);
  });
  test('every event and state comes back as it went', () => {
    const price = fc.integer({ min: 0, max: 999_999_999_999 }).map((units) => money(units / 10_000));
    const type = fc.constantFrom<'IncreaseProductPrice' | 'DecreaseProductPrice'>(
      'IncreaseProductPrice',
      'DecreaseProductPrice',
    );
    const add: ProductCommand = { type: 'AddProduct', ...details };
    fc.assert(
      fc.property(fc.array(fc.record({ type, price })), (changes) => {
        const events = history(product, [add, ...changes]);
        for (const event of events) {
          assert.deepEqual(
            storedProduct.decodeEvent(event.type, kept(storedProduct.encodeEvent(event))),
            event,
          );
        }
        const state = fold(product, events);
        assert.deepEqual(storedProduct.decodeState(kept(storedProduct.encodeState(state))), state);
      }),
    );
  });
});

describe('a corrupt row', () => {
  test('is told by event and field', () => {
    const read = (name: string, data: unknown) => () => storedProduct.decodeEvent(name, data);
    assert.throws(
      read('stores.ProductPriceIncreased', {}),
      /stores\.ProductPriceIncreased cannot be read: Delta: /,
    );
    assert.throws(read('stores.ProductAdded', { ...document, Price: 1e9 }), /stores\.ProductAdded .*Price: /);
    assert.throws(read('stores.ProductPriceChanged', {}), /no such event/);
  });
  test('in a snapshot is told by its field', () => {
    const broken = () => storedProduct.decodeState({ ...document, Price: null });
    assert.throws(broken, /stores\.ProductV1 cannot be read: Price: /);
  });
});
