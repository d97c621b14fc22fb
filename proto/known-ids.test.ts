import assert from 'node:assert/strict';
import { test } from 'node:test';
import { knownIds, knownIdsOfSaga, messages } from './catalogue.ts';
import { BasketServiceService } from './gen/baskets/api.ts';
import { PaymentsServiceService } from './gen/payments/api.ts';

test('the ids of a message are told by what its fields are called and whose message it is', () => {
  const order = { id: 'o', customerId: 'c', paymentId: 'p', shoppingId: '', items: [{ productId: 'x' }] };
  assert.deepEqual(knownIds(messages.ordering.orderCreated.name, order), {
    order: 'o',
    customer: 'c',
    payment: 'p',
  });
  const paid = { id: 'i', orderId: 'o' };
  assert.deepEqual(knownIds(messages.payments.invoicePaid.name, paid), { invoice: 'i', order: 'o' });
  assert.deepEqual(knownIds(messages.customers.authorizeCustomer.name, { id: 'c' }), { customer: 'c' });
  assert.deepEqual(knownIds(messages.am.success.name, {}), {});
});

test('a checkout is about the order it makes', () => {
  const both = { basket: 'b', order: 'b' };
  assert.deepEqual(knownIds(messages.baskets.basketCheckedOut.name, { id: 'b' }), both);
  assert.deepEqual(knownIds(BasketServiceService.checkoutBasket.path, { id: 'b' }), both);
  assert.deepEqual(knownIds(BasketServiceService.getBasket.path, { id: 'b' }), { basket: 'b' });
});

test('payments and invoices are told apart', () => {
  assert.deepEqual(knownIds(PaymentsServiceService.getPayment.path, { id: 'p' }), { payment: 'p' });
  assert.deepEqual(knownIds(PaymentsServiceService.payInvoice.path, { id: 'i' }), { invoice: 'i' });
});

test('commands and replies of the order saga are about its order, others are not', () => {
  const names = { COMMAND_SAGA_ID: 'o', COMMAND_SAGA_NAME: 'cosec.CreateOrder' };
  assert.deepEqual(knownIdsOfSaga(names), { order: 'o' });
  assert.deepEqual(knownIdsOfSaga({ REPLY_SAGA_ID: 'o', REPLY_SAGA_NAME: 'cosec.CreateOrder' }), {
    order: 'o',
  });
  assert.deepEqual(knownIdsOfSaga({ ...names, COMMAND_SAGA_NAME: 'somebody.Else' }), {});
});
