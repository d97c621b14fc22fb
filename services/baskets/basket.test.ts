import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { given, history, proveOutcomes } from '../kernel/domain/given-when-then.ts';
import { fold, id, MAX_AMOUNT, MAX_QUANTITY, moneyFromNumber } from '../kernel/domain/index.ts';
import {
  type BasketCommand,
  type BasketEvent,
  type BasketItem,
  basket,
  basketTotal,
  mustBeOpen,
} from './basket.ts';

const money = (amount: number) => moneyFromNumber(amount, 'the amount');

const wizard: BasketItem = {
  storeId: id('store-1'),
  productId: id('wizard'),
  storeName: 'Waldorf Books',
  productName: 'Wizard w/ crystal',
  productPrice: money(9.99),
  quantity: 3,
};
const mug: BasketItem = { ...wizard, productId: id('mug'), productName: 'Mug', productPrice: money(5) };

const added = (item: BasketItem, quantityNow = item.quantity): BasketEvent => ({
  type: 'baskets.BasketItemAdded',
  item,
  quantityNow,
});
const removed = (productId: string, quantity: number, quantityNow: number): BasketEvent => ({
  type: 'baskets.BasketItemRemoved',
  productId: id(productId),
  quantity,
  quantityNow,
});
const add = (item: BasketItem): BasketCommand => ({ type: 'AddItem', item });
const remove = (productId: string, quantity: number): BasketCommand => ({
  type: 'RemoveItem',
  productId: id(productId),
  quantity,
});

const started: BasketEvent = { type: 'baskets.BasketStarted', customerId: id('customer-id') };
const canceled: BasketEvent = { type: 'baskets.BasketCanceled' };
const checkedOut: BasketEvent = { type: 'baskets.BasketCheckedOut', paymentId: id('payment-id') };

const situations = {
  'no basket': [],
  'an empty basket': [started],
  'a filled basket': [started, added(wizard)],
  'a canceled basket': [started, added(wizard), canceled],
  'a checked out basket': [started, added(wizard), checkedOut],
} satisfies Record<string, readonly BasketEvent[]>;

const commands = {
  StartBasket: { type: 'StartBasket', customerId: id('customer-id') },
  'StartBasket for nobody': { type: 'StartBasket', customerId: id(' ') },
  AddItem: add(mug),
  'AddItem of -1': add({ ...mug, quantity: -1 }),
  RemoveItem: remove('wizard', 1),
  'RemoveItem of -1': remove('wizard', -1),
  CancelBasket: { type: 'CancelBasket' },
  CheckoutBasket: { type: 'CheckoutBasket', paymentId: id('payment-id') },
  'CheckoutBasket without payment': { type: 'CheckoutBasket', paymentId: id('') },
} satisfies Record<string, BasketCommand>;

const fixed = 'BadRequest: the basket cannot be modified';
const negative = 'BadRequest: the item quantity cannot be negative';

const closed = {
  StartBasket: fixed,
  'StartBasket for nobody': fixed,
  AddItem: fixed,
  'AddItem of -1': fixed,
  RemoveItem: fixed,
  'RemoveItem of -1': fixed,
  CancelBasket: 'BadRequest: the basket cannot be cancelled',
  CheckoutBasket: `BadRequest: baskets checkout: the basket cannot be modified`,
  'CheckoutBasket without payment': `BadRequest: baskets checkout: the basket cannot be modified`,
} as const;

describe('every command in every situation', () => {
  proveOutcomes(basket, situations, commands, {
    'no basket': {
      ...closed,
      StartBasket: 'baskets.BasketStarted',
      'StartBasket for nobody': 'BadRequest: the customer id cannot be blank',
    },
    'an empty basket': {
      StartBasket: fixed,
      'StartBasket for nobody': fixed,
      AddItem: 'baskets.BasketItemAdded',
      'AddItem of -1': negative,
      RemoveItem: 'NotFound: the product is not in the basket',
      'RemoveItem of -1': negative,
      CancelBasket: 'baskets.BasketCanceled',
      CheckoutBasket: 'BadRequest: baskets checkout: the basket has no items',
      'CheckoutBasket without payment': 'BadRequest: baskets checkout: the basket has no items',
    },
    'a filled basket': {
      StartBasket: fixed,
      'StartBasket for nobody': fixed,
      AddItem: 'baskets.BasketItemAdded',
      'AddItem of -1': negative,
      RemoveItem: 'baskets.BasketItemRemoved',
      'RemoveItem of -1': negative,
      CancelBasket: 'baskets.BasketCanceled',
      CheckoutBasket: 'baskets.BasketCheckedOut',
      'CheckoutBasket without payment': 'BadRequest: baskets checkout: the payment id cannot be blank',
    },
    'a canceled basket': closed,
    'a checked out basket': closed,
  });
});

describe('what the events carry', () => {
  test('starting names the customer', () => {
    given(basket).when(commands.StartBasket).gives(started);
    given(basket)
      .when(commands.StartBasket)
      .leaves({ ...basket.initial, status: 'open', customerId: id('customer-id') });
  });
  test('checking out names the payment and keeps the items', () => {
    const { state, when } = given(basket, started, added(wizard));
    when(commands.CheckoutBasket).gives(checkedOut);
    when(commands.CheckoutBasket).leaves({ ...state, status: 'checked_out', paymentId: id('payment-id') });
  });
  test('cancelling empties the basket', () => {
    const { state, when } = given(basket, started, added(wizard));
    when(commands.CancelBasket).leaves({ ...state, status: 'canceled', items: [] });
  });
});

describe('removing', () => {
  const { state, when } = given(basket, started, added(mug), added(wizard));

  test('row B1: removing all but one keeps the line', () => {
    when(remove('wizard', 2)).gives(removed('wizard', 2, 1));
    when(remove('wizard', 2)).leaves({ ...state, items: [mug, { ...wizard, quantity: 1 }] });
  });
  test('row B1: removing all, or more, takes the line out', () => {
    when(remove('wizard', 3)).gives(removed('wizard', 3, 0));
    when(remove('wizard', 4)).gives(removed('wizard', 4, 0));
    when(remove('wizard', 4)).leaves({ ...state, items: [mug] });
  });
  test('row B1: a stream of the original keeps its meaning', () => {
    const old: BasketEvent = { type: 'baskets.BasketItemRemoved', productId: id('wizard'), quantity: 2 };
    assert.deepEqual(basket.evolve(state, old).items, [mug]);
    assert.deepEqual(basket.evolve(state, { ...old, quantity: 1 }).items, [mug, { ...wizard, quantity: 2 }]);
  });
  test('row B2: zero pieces cannot be removed', () => {
    when(remove('wizard', 0)).isRefused('BadRequest: the item quantity cannot be zero');
  });
  test('row B3: an absent product is not found', () => {
    when(remove('lamp', 1)).isRefused('NotFound: the product is not in the basket');
  });
});

describe('adding', () => {
  const { state, when } = given(basket, started, added(wizard), added(mug));

  test('row B2: zero, broken or too many pieces are refused', () => {
    when(add({ ...mug, quantity: 0 })).isRefused('BadRequest: the item quantity cannot be zero');
    when(add({ ...mug, quantity: 1.5 })).isRefused('BadRequest: the item quantity must be a whole number');
    const tooMany = `BadRequest: the item quantity cannot be more than ${MAX_QUANTITY}` as const;
    when(add({ ...mug, quantity: MAX_QUANTITY + 1 })).isRefused(tooMany);
  });
  test('row B2: the bound holds for all pieces of a line together', () => {
    when(add({ ...mug, quantity: MAX_QUANTITY - 3 })).gives(
      added({ ...mug, quantity: MAX_QUANTITY - 3 }, MAX_QUANTITY),
    );
    const tooMany = `BadRequest: the item quantity cannot be more than ${MAX_QUANTITY}` as const;
    when(add({ ...mug, quantity: MAX_QUANTITY - 2 })).isRefused(tooMany);
  });
  test('row B4: a later adding refreshes price and names of the whole line', () => {
    const dearer = {
      ...wizard,
      productPrice: money(12),
      productName: 'Wizard',
      storeName: 'Waldorf',
      quantity: 2,
    };
    when(add(dearer)).gives(added(dearer, 5));
    when(add(dearer)).leaves({ ...state, items: [{ ...dearer, quantity: 5 }, mug] });
  });
  test('row B4: a stream of the original keeps its first price', () => {
    const old: BasketEvent = {
      type: 'baskets.BasketItemAdded',
      item: { ...wizard, productPrice: money(12) },
    };
    assert.deepEqual(basket.evolve(state, old).items, [{ ...wizard, quantity: 6 }, mug]);
  });
  test('row B7: items stay in the order of their first adding', () => {
    const lamp = { ...mug, productId: id<typeof mug.productId>('10') };
    const { state: full } = given(basket, started, added(mug), added(wizard), added(lamp), added(mug, 6));
    assert.deepEqual(
      full.items.map(({ productId }) => productId),
      ['mug', 'wizard', '10'],
    );
  });
  test('row B10: a caller can ask first whether the basket is open', () => {
    assert.doesNotThrow(() => mustBeOpen(state));
    assert.throws(() => mustBeOpen(basket.initial), { message: 'the basket cannot be modified' });
  });
  test('row X2: the total stays payable', () => {
    const dear = {
      ...wizard,
      productId: id<typeof mug.productId>('dear'),
      productPrice: money(MAX_AMOUNT),
      quantity: 1,
    };
    given(basket, started).when(add(dear)).gives(added(dear));
    when(add(dear)).isRefused('BadRequest: the basket total cannot be more than 99999999.9999');
  });
});

const productId = fc
  .constantFrom('wizard', 'mug', '10', '9', '__proto__')
  .map((text) => id<BasketItem['productId']>(text));
const quantity = fc.integer({ min: -2, max: 12 });
const productPrice = fc.integer({ min: 0, max: 2_000_000 }).map((units) => money(units / 10_000));
const anyCommand: fc.Arbitrary<BasketCommand> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({ productId, quantity, productPrice }).map((item) => add({ ...wizard, ...item })),
  },
  { weight: 5, arbitrary: fc.record({ type: fc.constant('RemoveItem'), productId, quantity }) },
  { weight: 1, arbitrary: fc.constantFrom<BasketCommand>(commands.CancelBasket, commands.CheckoutBasket) },
);
const anyCommands = fc.array(anyCommand, { maxLength: 40 }).map((rest) => [commands.StartBasket, ...rest]);

/** What the basket holds of each product, told without looking at its lines. */
function piecesHeld(events: readonly BasketEvent[]): ReadonlyMap<string, number> {
  const held = new Map<string, number>();
  for (const event of events) {
    if (event.type === 'baskets.BasketCanceled') held.clear();
    if (event.type === 'baskets.BasketItemAdded') {
      held.set(event.item.productId, (held.get(event.item.productId) ?? 0) + event.item.quantity);
    }
    if (event.type === 'baskets.BasketItemRemoved') {
      const left = (held.get(event.productId) ?? 0) - event.quantity;
      if (left > 0) held.set(event.productId, left);
      else held.delete(event.productId);
    }
  }
  return held;
}

describe('whatever is asked of a basket', () => {
  test('its total is the sum of its lines, and no line is empty or stands twice', () => {
    fc.assert(
      fc.property(anyCommands, (sequence) => {
        const state = fold(basket, history(basket, sequence));
        let total = 0n;
        for (const line of state.items) total += line.productPrice * BigInt(line.quantity);
        assert.equal(basketTotal(state), total);
        assert.ok(state.items.every((line) => line.quantity > 0 && line.quantity <= MAX_QUANTITY));
        assert.equal(new Set(state.items.map((line) => line.productId)).size, state.items.length);
      }),
    );
  });
  test('what it holds of a product is what was added less what was removed', () => {
    fc.assert(
      fc.property(anyCommands, (sequence) => {
        const events = history(basket, sequence);
        const lines = fold(basket, events).items.map((line) => [line.productId, line.quantity]);
        assert.deepEqual(lines, [...piecesHeld(events)]);
      }),
    );
  });
});
