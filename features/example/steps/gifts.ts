import assert from 'node:assert/strict';
import { basketTotal, checkOut, fillBasket, Given, type MallWorld, Then, When } from 'mall/features';

Given(
  'a gift of {int} {string} at {float}',
  async function (this: MallWorld, quantity: number, name: string, price: number) {
    await fillBasket(this, [{ name, quantity, price }]);
  },
);

When('I pay for the gift', async function (this: MallWorld) {
  const body = { customerId: this.memory.customerId, amount: await basketTotal(this) };
  this.memory.paymentId = await this.mustMake('/api/payments', body);
  await checkOut(this);
});

Then('the gift has come to {float}', async function (this: MallWorld, total: number) {
  assert.equal(await basketTotal(this), total);
});
