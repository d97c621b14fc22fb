import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { add, formatMoney, fromCents, fromWire, type Money, NOTHING, times, toWire } from './money.ts';

test('money is shown with two decimals', () => {
  const shown = [0, 5, 50, 500, 1_199, 123_456, -5].map((cents) => formatMoney(fromCents(cents)));
  assert.deepEqual(shown, ['0.00', '0.05', '0.50', '5.00', '11.99', '1234.56', '-0.05']);
  assert.equal(formatMoney(fromWire(1.005)), '1.01', 'halves go up');
  assert.equal(formatMoney(fromWire(-0.004)), '0.00', 'there is no negative nothing');
});

test('sums are exact where doubles are not', () => {
  const total = Array.from({ length: 10 }, () => fromWire(0.1)).reduce(add, NOTHING);
  assert.equal(toWire(total), 1);
  assert.equal(formatMoney(add(fromWire(0.1), fromWire(0.2))), '0.30');
});

test('what comes over the wire goes back unchanged, and totals are what cents would make them', () => {
  const cents = fc.integer({ min: 0, max: 100_000_00 });
  fc.assert(
    fc.property(fc.array(fc.tuple(cents, fc.integer({ min: 1, max: 4 })), { maxLength: 9 }), (lines) => {
      let total: Money = NOTHING;
      let expected = 0;
      for (const [price, quantity] of lines) {
        assert.equal(toWire(fromWire(price / 100)), price / 100);
        total = add(total, times(fromWire(price / 100), quantity));
        expected += price * quantity;
      }
      assert.equal(toWire(total), expected / 100);
    }),
  );
});

test('an amount that cannot be kept exactly is refused', () => {
  assert.throws(() => fromWire(1e18), RangeError);
  assert.throws(() => fromWire(Number.NaN), RangeError);
});
