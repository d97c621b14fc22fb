import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { given, history, proveOutcomes } from '../kernel/domain/given-when-then.ts';
import { fold, id } from '../kernel/domain/index.ts';
import {
  type ShoppingListCommand,
  type ShoppingListEvent,
  type Stop,
  shoppingList,
  type WantedItem,
} from './shopping-list.ts';

const waldorf = {
  storeId: id<Stop['storeId']>('store-1'),
  storeName: 'Waldorf Books',
  storeLocation: 'East',
};
const statler = { storeId: id<Stop['storeId']>('store-2'), storeName: 'Statler Toys', storeLocation: 'West' };
const wizard = { productId: id<WantedItem['productId']>('wizard'), productName: 'Wizard', quantity: 3 };
const mug = { productId: id<WantedItem['productId']>('mug'), productName: 'Mug', quantity: 1 };

const create = (...items: readonly WantedItem[]): ShoppingListCommand => ({
  type: 'CreateShoppingList',
  orderId: id('order-1'),
  items,
});
const plan = (...stops: readonly Stop[]): ShoppingListEvent => ({
  type: 'depot.ShoppingListCreated',
  orderId: id('order-1'),
  stops,
});

const created = plan({ ...waldorf, items: [wizard] });
const initiated: ShoppingListEvent = { type: 'depot.ShoppingListInitiated' };
const assigned: ShoppingListEvent = { type: 'depot.ShoppingListAssigned', botId: id('bot-1') };
const completed: ShoppingListEvent = { type: 'depot.ShoppingListCompleted', orderId: id('order-1') };
const canceled: ShoppingListEvent = { type: 'depot.ShoppingListCanceled' };
const forgone: ShoppingListEvent = { type: 'depot.ShoppingListForgone', orderId: id('order-1') };

const situations = {
  'no list': [],
  'a pending list': [created],
  'an available list': [created, initiated],
  'an assigned list': [created, initiated, assigned],
  'a completed list': [created, initiated, assigned, completed],
  'a canceled list': [created, canceled],
  'a forgone list': [forgone],
} satisfies Record<string, readonly ShoppingListEvent[]>;

const commands = {
  CreateShoppingList: create({ ...waldorf, ...wizard }),
  InitiateShopping: { type: 'InitiateShopping' },
  AssignShoppingList: { type: 'AssignShoppingList', botId: id('bot-1') },
  'AssignShoppingList to nobody': { type: 'AssignShoppingList', botId: id(' ') },
  CompleteShoppingList: { type: 'CompleteShoppingList' },
  CancelShoppingList: { type: 'CancelShoppingList' },
  WithdrawShoppingList: { type: 'WithdrawShoppingList' },
  ForgoShoppingList: { type: 'ForgoShoppingList', orderId: id('order-1') },
} satisfies Record<string, ShoppingListCommand>;

const refused = {
  CreateShoppingList: 'AlreadyExists: shopping list with that ID already exists',
  InitiateShopping: 'BadRequest: the shopping list cannot be initiated',
  AssignShoppingList: 'BadRequest: the shopping list cannot be assigned',
  'AssignShoppingList to nobody': 'BadRequest: the shopping list cannot be assigned',
  CompleteShoppingList: 'BadRequest: the shopping list cannot be completed',
  CancelShoppingList: 'BadRequest: the shopping list cannot be canceled',
  WithdrawShoppingList: 'BadRequest: the shopping list cannot be canceled',
  ForgoShoppingList: 'nothing',
} as const;

const live = 'FailedPrecondition: the shopping list belongs to a live order';
const over = { ...refused, CancelShoppingList: 'nothing', WithdrawShoppingList: 'nothing' } as const;

describe('every command in every situation', () => {
  proveOutcomes(shoppingList, situations, commands, {
    'no list': {
      ...refused,
      CreateShoppingList: 'depot.ShoppingListCreated',
      ForgoShoppingList: 'depot.ShoppingListForgone',
    },
    'a pending list': {
      ...refused,
      InitiateShopping: 'depot.ShoppingListInitiated',
      CancelShoppingList: 'depot.ShoppingListCanceled',
      WithdrawShoppingList: 'depot.ShoppingListCanceled',
    },
    'an available list': {
      ...refused,
      InitiateShopping: 'nothing',
      AssignShoppingList: 'depot.ShoppingListAssigned',
      'AssignShoppingList to nobody': 'BadRequest: the bot id cannot be blank',
      CancelShoppingList: 'depot.ShoppingListCanceled',
      WithdrawShoppingList: live,
    },
    'an assigned list': {
      ...refused,
      InitiateShopping: 'nothing',
      CompleteShoppingList: 'depot.ShoppingListCompleted',
      CancelShoppingList: 'depot.ShoppingListCanceled',
      WithdrawShoppingList: live,
    },
    'a completed list': { ...refused, InitiateShopping: 'nothing' },
    'a canceled list': over,
    'a forgone list': over,
  });
  test('a list whose bot is under way can be canceled, and needs no initiating', () => {
    const active = { ...given(shoppingList, created).state, status: 'active' as const };
    assert.deepEqual(shoppingList.decide(commands.CancelShoppingList, active), [canceled]);
    assert.deepEqual(shoppingList.decide(commands.InitiateShopping, active), []);
    assert.throws(() => shoppingList.decide(commands.WithdrawShoppingList, active), /a live order/);
    assert.throws(() => shoppingList.decide(commands.AssignShoppingList, active), /cannot be assigned/);
    assert.throws(() => shoppingList.decide(commands.CompleteShoppingList, active), /cannot be completed/);
  });
});

describe('creating', () => {
  const { when } = given(shoppingList);

  test('plans one stop per store, in the order of the items', () => {
    const items = [
      { ...waldorf, ...wizard },
      { ...statler, ...mug },
      { ...waldorf, ...mug },
    ];
    when(create(...items)).gives(plan({ ...waldorf, items: [wizard, mug] }, { ...statler, items: [mug] }));
  });
  test('row D3: several lines of one product add up', () => {
    const items = [
      { ...waldorf, ...wizard },
      { ...waldorf, ...mug },
      { ...waldorf, ...wizard, quantity: 2 },
    ];
    when(create(...items)).gives(plan({ ...waldorf, items: [{ ...wizard, quantity: 5 }, mug] }));
  });
  test('row D6: a list needs an order, items, and pieces of each', () => {
    when({ type: 'CreateShoppingList', orderId: id(' '), items: [] }).isRefused(
      'BadRequest: the order id cannot be blank',
    );
    when(create()).isRefused('BadRequest: the shopping list has no items');
    const some = (quantity: number) =>
      when(create({ ...waldorf, ...wizard }, { ...waldorf, ...mug, quantity }));
    some(0).isRefused('BadRequest: the item quantity cannot be zero');
    some(-1).isRefused('BadRequest: the item quantity cannot be negative');
    some(0.5).isRefused('BadRequest: the item quantity must be a whole number');
  });
});

describe('what the commands leave behind', () => {
  test('a new list waits for the saga', () => {
    const stops = [{ ...waldorf, items: [wizard] }];
    given(shoppingList)
      .when(commands.CreateShoppingList)
      .leaves({ status: 'pending', orderId: id('order-1'), stops, assignedBotId: id('') });
  });
  test('row D2: initiating makes it available', () => {
    const { state, when } = given(shoppingList, created);
    when(commands.InitiateShopping).leaves({ ...state, status: 'available' });
  });
  test('row D10: any bot that has a name can be assigned', () => {
    const { state, when } = given(shoppingList, created, initiated);
    when(commands.AssignShoppingList).gives(assigned);
    when(commands.AssignShoppingList).leaves({ ...state, status: 'assigned', assignedBotId: id('bot-1') });
  });
  test('completing names the order', () => {
    const { state, when } = given(shoppingList, created, initiated, assigned);
    when(commands.CompleteShoppingList).gives(completed);
    when(commands.CompleteShoppingList).leaves({ ...state, status: 'completed' });
  });
  test('row D12: cancelling twice is no event', () => {
    const { state, when } = given(shoppingList, created, canceled);
    when(commands.CancelShoppingList).gives();
    when(commands.CancelShoppingList).leaves(state);
  });
  test('row D12: a list withdrawn while it is pending is canceled', () => {
    const { state, when } = given(shoppingList, created);
    when(commands.WithdrawShoppingList).leaves({ ...state, status: 'canceled' });
  });
  test('a forgone list is a canceled one of that order, and is never made', () => {
    const { state, when } = given(shoppingList, forgone);
    assert.deepEqual(state, { ...shoppingList.initial, status: 'canceled', orderId: id('order-1') });
    when(commands.CreateShoppingList).isRefused('AlreadyExists: shopping list with that ID already exists');
  });
});

describe('whatever is asked of a list', () => {
  test('all pieces wanted are on it, each product once per stop, each store once', () => {
    const store = fc.constantFrom(waldorf, statler);
    const item = fc.constantFrom(wizard, mug);
    const quantity = fc.integer({ min: 1, max: 9 });
    const wanted = fc
      .tuple(store, item, quantity)
      .map(([s, i, q]): WantedItem => ({ ...s, ...i, quantity: q }));
    fc.assert(
      fc.property(fc.array(wanted, { minLength: 1 }), (items) => {
        const { stops } = fold(shoppingList, history(shoppingList, [create(...items)]));
        const listed = stops.flatMap((stop) => stop.items.map((it) => `${stop.storeId}/${it.productId}`));
        assert.equal(new Set(listed).size, listed.length);
        assert.equal(new Set(stops.map((stop) => stop.storeId)).size, stops.length);
        const pieces = stops.flatMap((stop) => stop.items).reduce((sum, it) => sum + it.quantity, 0);
        assert.equal(
          pieces,
          items.reduce((sum, it) => sum + it.quantity, 0),
        );
      }),
    );
  });
  test('it never leaves completed or canceled', () => {
    const asked = fc.array(fc.constantFrom<ShoppingListCommand>(...Object.values(commands)));
    fc.assert(
      fc.property(asked, (sequence) => {
        const ends = history(shoppingList, sequence).filter(({ type }) =>
          /Completed|Canceled|Forgone/.test(type),
        );
        assert.ok(ends.length <= 1);
      }),
    );
  });
});
