import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import {
  add,
  MAX_AMOUNT,
  moneyFromDecimal,
  moneyFromNumber,
  moneyToDecimal,
  moneyToNumber,
  subtract,
  sum,
  times,
  ZERO,
} from './money.ts';

const money = (amount: number) => moneyFromNumber(amount, 'the price');
const units = fc.integer({ min: -999_999_999_999, max: 999_999_999_999 });
const anyMoney = units.map((each) => money(each / 10_000));

describe('row X2: numbers from outside', () => {
  const refused: readonly (readonly [amount: number, text: string])[] = [
    [Number.NaN, 'the price is not a number'],
    [Number.POSITIVE_INFINITY, 'the price is not a number'],
    [Number.NEGATIVE_INFINITY, 'the price is not a number'],
    [100_000_000, 'the price is beyond 99999999.9999'],
    [-100_000_000, 'the price is beyond 99999999.9999'],
    [0.00001, 'the price has more than four decimals'],
    [9.99999, 'the price has more than four decimals'],
  ];
  for (const [amount, message] of refused) {
    test(`${amount} is refused: ${message}`, () => {
      assert.throws(() => money(amount), { name: 'BadRequest', message });
    });
  }
  test('what is exact is taken exactly', () => {
    assert.equal(money(9.99), 99_900n);
    assert.equal(money(-0.0001), -1n);
    assert.equal(money(-0), ZERO);
    assert.equal(money(MAX_AMOUNT), 999_999_999_999n);
    assert.equal(money(100_000), 1_000_000_000n, 'the original overflowed here');
  });
});

describe('round trips', () => {
  test('every amount comes back from a number, and from JSON', () => {
    fc.assert(
      fc.property(anyMoney, (amount) => {
        assert.equal(money(moneyToNumber(amount)), amount);
        assert.equal(money(JSON.parse(JSON.stringify(moneyToNumber(amount)))), amount);
      }),
    );
  });
  test('every amount comes back from a decimal', () => {
    fc.assert(
      fc.property(anyMoney, (amount) => {
        assert.match(moneyToDecimal(amount), /^-?\d+\.\d{4}$/);
        assert.equal(moneyFromDecimal(moneyToDecimal(amount)), amount);
      }),
    );
  });
  test('decimals of Postgres are read with as many places as they have', () => {
    assert.equal(moneyFromDecimal('12'), 120_000n);
    assert.equal(moneyFromDecimal('12.5'), 125_000n);
    assert.equal(moneyFromDecimal('-0.0500'), -500n);
    assert.equal(moneyToDecimal(money(-0.05)), '-0.0500');
    assert.equal(moneyToDecimal(ZERO), '0.0000');
  });
  test('what is no such decimal is a fault', () => {
    for (const text of ['', '1.', '.5', '1.23456', '1e3', 'NaN', ' 1']) {
      const message = `not a decimal of at most four places: ${text}`;
      assert.throws(() => moneyFromDecimal(text), { name: 'TypeError', message });
    }
  });
});

describe('sums', () => {
  test('never drift: a thousand tenths are a hundred', () => {
    assert.equal(sum(Array.from({ length: 1000 }, () => money(0.1))), money(100));
    assert.equal(add(money(0.1), money(0.2)), money(0.3));
  });
  test('do not depend on their order, and can be undone', () => {
    fc.assert(
      fc.property(fc.array(anyMoney), anyMoney, (amounts, one) => {
        assert.equal(sum(amounts), sum(amounts.toReversed()));
        assert.equal(subtract(add(sum(amounts), one), one), sum(amounts));
      }),
    );
  });
  test('a price times a quantity is that many prices', () => {
    fc.assert(
      fc.property(anyMoney, fc.integer({ min: 0, max: 50 }), (price, quantity) => {
        assert.equal(times(price, quantity), sum(Array.from({ length: quantity }, () => price)));
      }),
    );
  });
});
