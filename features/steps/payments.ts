import assert from 'node:assert/strict';
import { Given, Then, When } from '@cucumber/cucumber';
import { PaymentsServiceService } from '../../proto/gen/payments/api.ts';
import { authorise, basketTotal } from '../world/purchase.ts';
import { invoiceView, paymentView } from '../world/views.ts';
import type { MallWorld } from '../world/world.ts';
import { askOverGrpc } from './grpc.ts';

const payment = async (world: MallWorld) =>
  (await world.read(`/api/payments/${world.memory.paymentId}`, paymentView)).payment;

async function ask(world: MallWorld, amount: number, customerId: string): Promise<void> {
  const id = await world.make('authorise a payment', '/api/payments', { customerId, amount });
  if (id !== undefined) world.memory.paymentId = id;
}

When('I authorise a payment of {float}', async function (this: MallWorld, amount: number) {
  await ask(this, amount, this.memory.customerId);
});

When(
  'a payment of {float} is authorised for the customer {string}',
  async function (this: MallWorld, amount: number, customerId: string) {
    await ask(this, amount, customerId);
  },
);

Given('I have authorised a payment of {float}', async function (this: MallWorld, amount: number) {
  await authorise(this, amount);
});

Given('I have authorised a payment for my basket', async function (this: MallWorld) {
  await authorise(this, await basketTotal(this));
});

Given('somebody else has authorised a payment of {float}', async function (this: MallWorld, amount: number) {
  const body = { name: this.names.of('Somebody else'), smsNumber: '555-555-1212' };
  const customerId = await this.mustMake('/api/customers', body);
  this.memory.paymentId = await this.mustMake('/api/payments', { customerId, amount });
});

Then('the payment was authorised', function (this: MallWorld) {
  const { what, answer } = this.memory.last;
  assert.deepEqual([what, answer.status, answer.message], ['authorise a payment', 200, '']);
});

Then('my payment is of {float}', async function (this: MallWorld, amount: number) {
  assert.equal((await payment(this)).amount, amount);
});

Then(
  /^my payment is (authorized|confirmed|captured|released)$/,
  async function (this: MallWorld, status: string) {
    assert.equal((await payment(this)).status, status);
  },
);

Then(/^my payment becomes (confirmed|captured|released)$/, async function (this: MallWorld, status: string) {
  await this.until(`payment ${this.memory.paymentId} to be ${status}`, async () => {
    const now = (await payment(this)).status;
    return now === status ? { got: now } : { saw: `it is ${now}` };
  });
});

Then('my payment is held for my order', async function (this: MallWorld) {
  const { orderId, customerId } = await payment(this);
  assert.deepEqual([orderId, customerId], [this.memory.order.id, this.memory.customerId]);
});

When('the mall asks whether my payment is good', async function (this: MallWorld) {
  const request = { id: this.memory.paymentId };
  await askOverGrpc(this, 'confirm a payment', PaymentsServiceService.confirmPayment, request);
});

When('the mall asks whether the payment {string} is good', async function (this: MallWorld, id: string) {
  await askOverGrpc(this, 'confirm a payment', PaymentsServiceService.confirmPayment, { id });
});

When('I look for the payment {string}', async function (this: MallWorld, id: string) {
  await this.ask('get a payment', 'GET', `/api/payments/${encodeURIComponent(id)}`);
});

const invoice = (world: MallWorld) =>
  world.readIfThere(`/api/payments/invoices/${world.memory.invoiceId}`, invoiceView);

Then('my order has an invoice of {float}', async function (this: MallWorld, amount: number) {
  const { order } = this.memory;
  this.memory.invoiceId = order.id;
  await this.until(`order ${order.id} to have an invoice of ${amount}`, async () => {
    const found = (await invoice(this))?.invoice;
    if (found === undefined) return { saw: 'it has none' };
    const got = [found.orderId, found.paymentId, found.amount];
    const expected = [order.id, order.paymentId, amount];
    if (got.every((each, index) => each === expected[index])) return { got: found };
    return { saw: `it is of ${found.amount} with payment ${found.paymentId}`, hopeless: true };
  });
});

Then(/^the invoice is (pending|paid|canceled)$/, async function (this: MallWorld, status: string) {
  assert.equal((await invoice(this))?.invoice.status, status);
});

Then('the invoice is of {float}', async function (this: MallWorld, amount: number) {
  assert.equal((await invoice(this))?.invoice.amount, amount);
});

When('I pay the invoice', async function (this: MallWorld) {
  await this.ask('pay an invoice', 'PUT', `/api/payments/invoices/${this.memory.invoiceId}/pay`);
});

Given('I have paid the invoice', async function (this: MallWorld) {
  await this.must('PUT', `/api/payments/invoices/${this.memory.invoiceId}/pay`);
});

When('I pay the invoice {string}', async function (this: MallWorld, id: string) {
  await this.ask('pay an invoice', 'PUT', `/api/payments/invoices/${encodeURIComponent(id)}/pay`);
});

When(
  'an invoice of {float} is made by hand for the order {string}',
  async function (this: MallWorld, amount: number, orderId: string) {
    // Orders made up for an invoice are of this scenario alone, and a blank one stays blank.
    const request = { orderId: this.names.of(orderId), paymentId: '', amount };
    const { createInvoice } = PaymentsServiceService;
    const response = await askOverGrpc(this, 'make an invoice', createInvoice, request);
    if (response !== undefined) this.memory.invoiceId = response.id;
  },
);

When('the invoice is adjusted to {float}', async function (this: MallWorld, amount: number) {
  const request = { id: this.memory.invoiceId, amount };
  await askOverGrpc(this, 'adjust an invoice', PaymentsServiceService.adjustInvoice, request);
});

When('somebody cancels the invoice', async function (this: MallWorld) {
  const request = { id: this.memory.invoiceId };
  await askOverGrpc(this, 'cancel an invoice', PaymentsServiceService.cancelInvoice, request);
});
