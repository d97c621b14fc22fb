import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { history } from '../kernel/domain/given-when-then.ts';
import { fold, id, moneyFromNumber } from '../kernel/domain/index.ts';
import { UnreadableDocument } from '../kernel/eventstore/stream-codec.ts';
import { type Basket, type BasketCommand, type BasketEvent, type BasketItem, basket } from './basket.ts';
import { storedBasket } from './stored-basket.ts';

const document = {
  StoreID: 'store-1',
  ProductID: 'wizard',
  StoreName: 'Waldorf Books',
  ProductName: 'Wizard w/ crystal',
  ProductPrice: 9.99,
  Quantity: 3,
};
const wizard: BasketItem = {
  storeId: id('store-1'),
  productId: id('wizard'),
  storeName: 'Waldorf Books',
  productName: 'Wizard w/ crystal',
  productPrice: moneyFromNumber(9.99, 'the price'),
  quantity: 3,
};

/** Documents as the original stored them, word for word. */
const originals: readonly (readonly [stored: unknown, event: BasketEvent])[] = [
  [{ CustomerID: 'customer-id' }, { type: 'baskets.BasketStarted', customerId: id('customer-id') }],
  [{ Item: document }, { type: 'baskets.BasketItemAdded', item: wizard, quantityNow: undefined }],
  [
    { ProductID: 'wizard', Quantity: 2 },
    { type: 'baskets.BasketItemRemoved', productId: id('wizard'), quantity: 2, quantityNow: undefined },
  ],
  [{}, { type: 'baskets.BasketCanceled' }],
  [{ PaymentID: 'payment-id' }, { type: 'baskets.BasketCheckedOut', paymentId: id('payment-id') }],
];
const originalSnapshot = {
  CustomerID: 'customer-id',
  PaymentID: '',
  Items: { wizard: document, '9': { ...document, ProductID: '9' } },
  Status: 'open',
};

/** Through text and back, as the store keeps it. */
const kept = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

describe("the original's documents", () => {
  for (const [stored, event] of originals) {
    test(`${event.type} is read, and written as it was`, () => {
      assert.deepEqual(storedBasket.decodeEvent(event.type, stored), event);
      assert.deepEqual(storedBasket.encodeEvent(event), stored);
    });
  }
  test('the snapshot is read, and keeps every key', () => {
    const state = storedBasket.decodeState(originalSnapshot);
    assert.deepEqual(state.items, [{ ...wizard, productId: '9' }, wizard]);
    assert.deepEqual([state.status, state.customerId, state.paymentId], ['open', 'customer-id', '']);
    assert.deepEqual(storedBasket.encodeState(state), { ...originalSnapshot, ItemOrder: ['9', 'wizard'] });
  });
  test('a snapshot without items may hold null', () => {
    assert.deepEqual(storedBasket.decodeState({ ...originalSnapshot, Items: null }).items, []);
  });
  test('row X2: a price that drifted is read as the amount it meant', () => {
    const drifted = { Item: { ...document, ProductPrice: 0.1 + 0.2 } };
    const event = storedBasket.decodeEvent('baskets.BasketItemAdded', drifted);
    assert.equal(event.type === 'baskets.BasketItemAdded' && event.item.productPrice, 3000n);
  });
});

describe('our documents', () => {
  test('keys, names and added keys are these', () => {
    assert.deepEqual(
      [storedBasket.streamName, storedBasket.snapshotName],
      ['baskets.Basket', 'baskets.BasketV1'],
    );
    const addition: BasketEvent = { type: 'baskets.BasketItemAdded', item: wizard, quantityNow: 5 };
    assert.deepEqual(storedBasket.encodeEvent(addition), { Item: document, QuantityNow: 5 });
  });
  test('row B7: a snapshot keeps the order of the items, whatever the store does to its keys', () => {
    const items = ['b', '10', '9', 'a'].map((text) => ({
      ...wizard,
      productId: id<BasketItem['productId']>(text),
    }));
    const state: Basket = { ...basket.initial, status: 'open', items };
    assert.deepEqual(storedBasket.decodeState(kept(storedBasket.encodeState(state))), state);
  });
  test('every event and state comes back as it went', () => {
    const productId = fc.constantFrom('wizard', '10', '9').map((text) => id<BasketItem['productId']>(text));
    const quantity = fc.integer({ min: 1, max: 5 });
    const command: fc.Arbitrary<BasketCommand> = fc.oneof(
      fc
        .record({ productId, quantity })
        .map((item): BasketCommand => ({ type: 'AddItem', item: { ...wizard, ...item } })),
      fc.record({ type: fc.constant('RemoveItem'), productId, quantity }),
    );
    const start: BasketCommand = { type: 'StartBasket', customerId: id('customer-id') };
    fc.assert(
      fc.property(fc.array(command), (rest) => {
        const events = history(basket, [start, ...rest]);
        for (const event of events) {
          assert.deepEqual(
            storedBasket.decodeEvent(event.type, kept(storedBasket.encodeEvent(event))),
            event,
          );
        }
        const state = fold(basket, events);
        assert.deepEqual(storedBasket.decodeState(kept(storedBasket.encodeState(state))), state);
      }),
    );
  });
});

describe('a corrupt row', () => {
  const read = (name: string, data: unknown) => () => storedBasket.decodeEvent(name, data);

  test('is told by event and field', () => {
    assert.throws(read('baskets.BasketItemAdded', { Item: { ...document, Quantity: '3' } }), {
      name: 'UnreadableDocument',
      message: /^stored document baskets\.BasketItemAdded cannot be read: Item\.Quantity: /,
    });
    assert.throws(read('baskets.BasketStarted', null), /baskets\.BasketStarted cannot be read: all of it: /);
  });
  test('with an unknown name is told by that name', () => {
    assert.throws(read('baskets.BasketBurnt', {}), /baskets\.BasketBurnt cannot be read: .* no such event/);
    assert.throws(read('toString', {}), UnreadableDocument);
  });
  test('in a snapshot is told by its field', () => {
    const broken = () => storedBasket.decodeState({ ...originalSnapshot, Status: 'lost' });
    assert.throws(broken, /baskets\.BasketV1 cannot be read: Status: /);
  });
});
