import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { given, history, proveOutcomes } from '../kernel/domain/given-when-then.ts';
import { fold, id, moneyFromNumber, sum } from '../kernel/domain/index.ts';
import { type Product, type ProductCommand, type ProductEvent, product } from './product.ts';

const money = (amount: number) => moneyFromNumber(amount, 'the amount');

const details = {
  storeId: id<Product['storeId']>('store-1'),
  name: 'Wizard w/ crystal',
  description: 'glows',
  sku: '',
  price: money(10),
};
const added: ProductEvent = { type: 'stores.ProductAdded', ...details };
const removed: ProductEvent = { type: 'stores.ProductRemoved' };
const raised: ProductEvent = { type: 'stores.ProductPriceIncreased', delta: money(2), price: money(12) };
const lowered: ProductEvent = { type: 'stores.ProductPriceDecreased', delta: money(-4), price: money(6) };

const increase = (amount: number): ProductCommand => ({ type: 'IncreaseProductPrice', price: money(amount) });
const decrease = (amount: number): ProductCommand => ({ type: 'DecreaseProductPrice', price: money(amount) });

const situations = {
  'no product': [],
  'a product for 10': [added],
  'a removed product': [added, removed],
} satisfies Record<string, readonly ProductEvent[]>;

const commands = {
  AddProduct: { type: 'AddProduct', ...details },
  'AddProduct without name': { type: 'AddProduct', ...details, name: '', price: money(-1) },
  'AddProduct below zero': { type: 'AddProduct', ...details, price: money(-0.0001) },
  RebrandProduct: { type: 'RebrandProduct', name: 'Wizard', description: '' },
  'RebrandProduct to blank': { type: 'RebrandProduct', name: ' ', description: 'glows' },
  IncreaseProductPrice: increase(12),
  'IncreaseProductPrice to less': increase(9),
  'IncreaseProductPrice to the same': increase(10),
  'IncreaseProductPrice below zero': increase(-1),
  DecreaseProductPrice: decrease(6),
  'DecreaseProductPrice to more': decrease(11),
  'DecreaseProductPrice to the same': decrease(10),
  'DecreaseProductPrice below zero': decrease(-1),
  RemoveProduct: { type: 'RemoveProduct' },
} satisfies Record<string, ProductCommand>;

const exists = 'AlreadyExists: product with that ID already exists';
const gone = 'NotFound: product with that ID does not exist';
const negative = 'BadRequest: the product price cannot be negative';

const existing = {
  AddProduct: exists,
  'AddProduct without name': exists,
  'AddProduct below zero': exists,
  RebrandProduct: 'stores.ProductRebranded',
  'RebrandProduct to blank': 'BadRequest: the product name cannot be blank',
  IncreaseProductPrice: 'stores.ProductPriceIncreased',
  'IncreaseProductPrice to less': 'BadRequest: the price change would be a decrease',
  'IncreaseProductPrice to the same': 'nothing',
  'IncreaseProductPrice below zero': negative,
  DecreaseProductPrice: 'stores.ProductPriceDecreased',
  'DecreaseProductPrice to more': 'BadRequest: the price change would be an increase',
  'DecreaseProductPrice to the same': 'nothing',
  'DecreaseProductPrice below zero': negative,
  RemoveProduct: 'stores.ProductRemoved',
} as const;

describe('every command in every situation', () => {
  proveOutcomes(product, situations, commands, {
    // Row T7: that there is no product to change is found out before the rules are asked.
    'no product': {
      ...existing,
      AddProduct: 'stores.ProductAdded',
      'AddProduct without name': 'BadRequest: initializing product: the product name cannot be blank',
      'AddProduct below zero': 'BadRequest: initializing product: the product price cannot be negative',
      'IncreaseProductPrice to less': 'stores.ProductPriceIncreased',
      'IncreaseProductPrice to the same': 'stores.ProductPriceIncreased',
      DecreaseProductPrice: 'BadRequest: the price change would be an increase',
      'DecreaseProductPrice to the same': 'BadRequest: the price change would be an increase',
    },
    'a product for 10': existing,
    'a removed product': {
      AddProduct: exists,
      'AddProduct without name': exists,
      'AddProduct below zero': exists,
      RebrandProduct: gone,
      'RebrandProduct to blank': gone,
      IncreaseProductPrice: gone,
      'IncreaseProductPrice to less': gone,
      'IncreaseProductPrice to the same': gone,
      'IncreaseProductPrice below zero': gone,
      DecreaseProductPrice: gone,
      'DecreaseProductPrice to more': gone,
      'DecreaseProductPrice to the same': gone,
      'DecreaseProductPrice below zero': gone,
      RemoveProduct: gone,
    },
  });
});

describe('what the commands leave behind', () => {
  const { state, when } = given(product, added);

  test('row T5: adding keeps all details, and a blank SKU', () => {
    given(product).when(commands.AddProduct).gives(added);
    given(product)
      .when(commands.AddProduct)
      .leaves({ ...details, exists: true, removed: false });
  });
  test('rebranding changes name and description', () => {
    when(commands.RebrandProduct).leaves({ ...state, name: 'Wizard', description: '' });
  });
  test('row T6: rebranding to blank is refused as on creation', () => {
    when(commands['RebrandProduct to blank']).isRefused('BadRequest: the product name cannot be blank');
  });
  test('row T1: a price change carries the change and the new price', () => {
    when(increase(12)).gives(raised);
    when(increase(12)).leaves({ ...state, price: money(12) });
    when(decrease(6)).gives(lowered);
    when(decrease(6)).leaves({ ...state, price: money(6) });
  });
  test('row T2: a price may fall to zero, not below', () => {
    when(decrease(0)).leaves({ ...state, price: money(0) });
    when(decrease(-0.0001)).isRefused(negative);
  });
  test('row T3: the same price is no event', () => {
    when(increase(10)).gives();
    when(decrease(10)).gives();
  });
  test('row T4: a removed product is gone, and its id stays used', () => {
    when(commands.RemoveProduct).leaves({ ...state, removed: true });
    given(product, added, removed).when(commands.RemoveProduct).isRefused(gone);
    given(product, added, removed).when(commands.AddProduct).isRefused(exists);
  });
});

describe('whatever is asked of a product', () => {
  const price = fc.integer({ min: -50, max: 999_999_999_999 }).map((units) => money(units / 10_000));
  const type = fc.constantFrom<'IncreaseProductPrice' | 'DecreaseProductPrice'>(
    'IncreaseProductPrice',
    'DecreaseProductPrice',
  );
  const asked = fc.array(fc.record({ type, price })).map((rest) => [commands.AddProduct, ...rest]);

  test('its price is the last price told', () => {
    fc.assert(
      fc.property(asked, (sequence) => {
        const events = history(product, sequence);
        const prices = events.flatMap((event) =>
          'price' in event && event.price !== undefined ? [event.price] : [],
        );
        assert.equal(fold(product, events).price, prices.at(-1));
      }),
    );
  });
  test('row T14: the price is also the first price and all changes, to the ten-thousandth', () => {
    fc.assert(
      fc.property(asked, (sequence) => {
        const events = history(product, sequence);
        const deltas = events.flatMap((event) => ('delta' in event ? [event.delta] : []));
        assert.equal(fold(product, events).price, sum([details.price, ...deltas]));
        const asTheOriginalStoredThem = events.map((event) =>
          'delta' in event ? { ...event, price: undefined } : event,
        );
        assert.deepEqual(fold(product, asTheOriginalStoredThem), fold(product, events));
      }),
    );
  });
});
