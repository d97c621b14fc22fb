import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { history } from '../kernel/domain/given-when-then.ts';
import { fold, id, moneyFromNumber } from '../kernel/domain/index.ts';
import { type Order, type OrderCommand, type OrderEvent, type OrderItem, order } from './order.ts';
import { storedOrder } from './stored-order.ts';

const document = {
  ProductID: 'wizard',
  StoreID: 'store-1',
  StoreName: 'Waldorf Books',
  ProductName: 'Wizard w/ crystal',
  Price: 9.99,
  Quantity: 3,
};
const wizard: OrderItem = {
  productId: id('wizard'),
  storeId: id('store-1'),
  storeName: 'Waldorf Books',
  productName: 'Wizard w/ crystal',
  price: moneyFromNumber(9.99, 'the price'),
  quantity: 3,
};
const ids = { CustomerID: 'customer-id', PaymentID: 'payment-id' };
const customerId: Order['customerId'] = id('customer-id');
const paymentId: Order['paymentId'] = id('payment-id');

/** Documents as the original stored them, word for word. */
const originals: readonly (readonly [stored: object, event: OrderEvent])[] = [
  [
    { ...ids, ShoppingID: '', Items: [document] },
    { type: 'ordering.OrderCreated', customerId, paymentId, items: [wizard] },
  ],
  [{}, { type: 'ordering.OrderRejected', reason: '' }],
  [{ ShoppingID: 'list-1' }, { type: 'ordering.OrderApproved', shoppingId: id('list-1') }],
  [ids, { type: 'ordering.OrderCanceled', customerId, paymentId }],
  [
    { ...ids, Total: 29.97 },
    { type: 'ordering.OrderReadied', customerId, paymentId, total: moneyFromNumber(29.97, 'the total') },
  ],
  [
    { CustomerID: 'customer-id', InvoiceID: '' },
    { type: 'ordering.OrderCompleted', customerId, invoiceId: id('') },
  ],
];
const originalSnapshot = {
  ...ids,
  InvoiceID: '',
  ShoppingID: 'list-1',
  Items: [document],
  Status: 'approved',
};

/** Through text and back, as the store keeps it. */
const kept = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

describe("the original's documents", () => {
  for (const [stored, event] of originals) {
    test(`${event.type} is read, and keeps every key`, () => {
      assert.deepEqual(storedOrder.decodeEvent(event.type, stored), event);
      const written = storedOrder.encodeEvent(event);
      assert.deepEqual({ ...written, ...stored }, written);
    });
  }
  test('the snapshot is read, and written as it was', () => {
    const state = storedOrder.decodeState(originalSnapshot);
    const rest = { customerId, paymentId, invoiceId: '', shoppingId: 'list-1' };
    assert.deepEqual(state, { status: 'approved', ...rest, items: [wizard] });
    assert.deepEqual(storedOrder.encodeState(state), originalSnapshot);
  });
  test('a snapshot without items may hold null', () => {
    assert.deepEqual(storedOrder.decodeState({ ...originalSnapshot, Items: null }).items, []);
  });
  test('row X2: a total that drifted is read as the amount it meant', () => {
    const event = storedOrder.decodeEvent('ordering.OrderReadied', { ...ids, Total: 0.1 * 3 });
    assert.equal(event.type === 'ordering.OrderReadied' && event.total, 3000n);
  });
});

describe('our documents', () => {
  test('keys, names and added keys are these', () => {
    assert.deepEqual(
      [storedOrder.streamName, storedOrder.snapshotName],
      ['ordering.Order', 'ordering.OrderV1'],
    );
    const rejected: OrderEvent = { type: 'ordering.OrderRejected', reason: 'no money' };
    assert.deepEqual(storedOrder.encodeEvent(rejected), { Reason: 'no money' });
  });
  test('row O11: a created order has no shopping list yet', () => {
    const created: OrderEvent = { type: 'ordering.OrderCreated', customerId, paymentId, items: [] };
    assert.deepEqual(storedOrder.encodeEvent(created), { ...ids, ShoppingID: '', Items: [] });
  });
  test('every event and state comes back as it went', () => {
    const command: fc.Arbitrary<OrderCommand> = fc.constantFrom<OrderCommand>(
      { type: 'RejectOrder', reason: 'no money' },
      { type: 'ApproveOrder', shoppingId: id('list-1') },
      { type: 'CancelOrder' },
      { type: 'ReadyOrder' },
      { type: 'CompleteOrder', invoiceId: id('invoice-1') },
    );
    const create: OrderCommand = { type: 'CreateOrder', customerId, paymentId, items: [wizard, wizard] };
    fc.assert(
      fc.property(fc.array(command), (rest) => {
        const events = history(order, [create, ...rest]);
        for (const event of events) {
          assert.deepEqual(storedOrder.decodeEvent(event.type, kept(storedOrder.encodeEvent(event))), event);
        }
        const state = fold(order, events);
        assert.deepEqual(storedOrder.decodeState(kept(storedOrder.encodeState(state))), state);
      }),
    );
  });
});

describe('a corrupt row', () => {
  test('is told by event and field', () => {
    const read = (name: string, data: unknown) => () => storedOrder.decodeEvent(name, data);
    const items = [document, { ...document, Price: 'dear' }];
    assert.throws(read('ordering.OrderCreated', { ...ids, Items: items }), {
      name: 'UnreadableDocument',
      message: /^stored document ordering\.OrderCreated cannot be read: Items\.1\.Price: /,
    });
    assert.throws(read('ordering.OrderLost', {}), /no such event/);
  });
  test('in a snapshot is told by its field', () => {
    const broken = () => storedOrder.decodeState({ ...originalSnapshot, Status: 'canceled' });
    assert.throws(broken, /ordering\.OrderV1 cannot be read: Status: /);
  });
});
