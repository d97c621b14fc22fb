import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type CustomerId, id, moneyFromNumber } from '../kernel/domain/index.ts';
import { type DeclineRules, localProvider } from './payment-provider.ts';

const answer = (rules: DeclineRules, customerId: string, amount: number) =>
  localProvider(rules).authorize(id<CustomerId>(customerId), moneyFromNumber(amount, 'the amount'));

test('row P4: the local provider approves everything it has no rule against', async () => {
  assert.equal(await answer({}, 'anybody', 99_999_999), 'approved');
  assert.equal(await answer({ amountsAbove: 100, customers: ['poor'] }, 'anybody', 100), 'approved');
});
test('row P4: it declines above an amount, to the ten-thousandth', async () => {
  const declined = { declined: 'the amount is above 100' };
  assert.deepEqual(await answer({ amountsAbove: 100 }, 'anybody', 100.0001), declined);
});
test('row P4: it declines customers', async () => {
  assert.deepEqual(await answer({ customers: ['poor'] }, 'poor', 1), {
    declined: 'the customer is not trusted',
  });
});
test('a limit that is no amount is told at once', () => {
  assert.throws(() => localProvider({ amountsAbove: Number.NaN }), /the declined amount is not a number/);
});
