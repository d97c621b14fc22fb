import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';

const approvedWithinMs = 30_000;
const answer = z.record(z.string(), z.unknown());

/** Buys something in a mall that may be empty, by REST, and waits until the order is approved. */
export async function purchase(restUrl: string): Promise<void> {
  const { id: storeId } = await call('POST', '/api/stores', { name: 'Waldorf Books', location: 'the mall' });
  const product = { name: 'Wizard', sku: 'wizard', price: 9.99 };
  const { id: productId } = await call('POST', `/api/stores/${storeId}/products`, product);
  const customer = { name: 'Kermit', smsNumber: '555-555-1212' };
  const { id: customerId } = await call('POST', '/api/customers', customer);
  const { id: orderId } = await call('POST', '/api/baskets', { customerId });
  await call('PUT', `/api/baskets/${orderId}/addItem`, { productId, quantity: 2 });
  const { id: paymentId } = await call('POST', '/api/payments', { customerId, amount: 100 });
  await call('PUT', `/api/baskets/${orderId}/checkout`, { paymentId });
  const deadline = performance.now() + approvedWithinMs;
  for (;;) {
    // Its context hears of the checkout by a message: until then there is no such order.
    const response = await fetch(`${restUrl}/api/ordering/${orderId}`);
    const told = await response.text();
    if (/"status":"(approved|in-progress|ready|completed)"/i.test(told)) return;
    assert.ok(performance.now() < deadline, `the order is not approved: ${told}`);
    await pause(50);
  }

  async function call(method: string, path: string, body?: unknown): Promise<z.output<typeof answer>> {
    const response = await fetch(`${restUrl}${path}`, {
      method,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    assert.equal(response.status, 200, `${method} ${path}: ${await response.clone().text()}`);
    return answer.parse(await response.json());
  }
}
