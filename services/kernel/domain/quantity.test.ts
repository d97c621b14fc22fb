import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { checkQuantity, MAX_QUANTITY } from './quantity.ts';

describe('row B2: quantities', () => {
  const refused: readonly (readonly [quantity: number, text: string])[] = [
    [-1, 'the item quantity cannot be negative'],
    [-0.5, 'the item quantity cannot be negative'],
    [0, 'the item quantity cannot be zero'],
    [1.5, 'the item quantity must be a whole number'],
    [Number.NaN, 'the item quantity must be a whole number'],
    [MAX_QUANTITY + 1, 'the item quantity cannot be more than 10000'],
    [2 ** 31, 'the item quantity cannot be more than 10000'],
  ];
  for (const [quantity, message] of refused) {
    test(`${quantity} is refused: ${message}`, () => {
      assert.throws(() => checkQuantity(quantity), { name: 'BadRequest', message });
    });
  }
  for (const quantity of [1, 2, MAX_QUANTITY]) {
    test(`${quantity} is fine`, () => assert.doesNotThrow(() => checkQuantity(quantity)));
  }
});
