import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { eventually } from '../kernel/testing/index.ts';
import { wireGround } from './wire-ground.ts';

const ground = wireGround();
const { store, customer } = ground;

describe('REST bodies', () => {
  async function raw(method: string, path: string, body?: string): Promise<string> {
    const response = await fetch(`${ground.mall.restUrl}${path}`, { method, ...(body && { body }) });
    return response.text();
  }

  test('either spelling is understood, and lowerCamelCase is answered', async () => {
    for (const spelled of ['smsNumber', 'sms_number']) {
      const body = { name: 'Zoë', [spelled]: '555-555-1212', unknown: { ignored: true } };
      const id = await ground.mall.created('/api/customers', body);
      begins(
        await raw('GET', `/api/customers/${id}`),
        `{"customer":{"id":"${id}","name":"Zoë","smsNumber":"555-555-1212","enabled":true`,
      );
    }
  });

  test('numbers may be text, defaults are told, and an int64 is text', async () => {
    const storeId = await store();
    const product = { name: 'Wizard', price: '1.5' };
    const productId = await ground.mall.created(`/api/stores/${storeId}/products`, product);
    begins(
      await raw('GET', `/api/stores/products/${productId}`),
      `{"product":{"id":"${productId}","storeId":"${storeId}","name":"Wizard","description":"","sku":"","price":1.5`,
    );
    const customerId = await customer();
    const item = {
      store_id: storeId,
      productId,
      store_name: 'Store',
      productName: 'Wizard',
      price: '1.5',
      quantity: '2',
    };
    const order = { customer_id: customerId, paymentId: 'none', items: [item] };
    const id = await ground.mall.created('/api/ordering', order);
    const search = JSON.stringify({ filters: { customer_id: customerId, storeIds: [storeId] }, limit: '5' });
    await eventually(async () => {
      const found = await raw('POST', '/api/search/orders', search);
      assert.ok(found.includes(`"orderId":"${id}"`), found);
      assert.ok(found.includes('"price":1.5,"quantity":"2"}'), found);
      assert.ok(found.endsWith('"next":""}'), found);
    });
  });

  test('an error is told in the shape clients know, with numbers of its detail as text', async () => {
    const body = await raw('POST', '/api/stores', '{"name":"","location":"here"}');
    const detail =
      '{"@type":"type.googleapis.com/errors.ErrorType","TypeCode":"BAD_REQUEST","HTTPCode":"400","GRPCCode":"3"}';
    assert.equal(body, `{"code":3,"message":"the store name cannot be blank","details":[${detail}]}`);
  });

  /** Our own fields come behind the original's. */
  function begins(body: string, beginning: string): void {
    assert.equal(body.slice(0, beginning.length), beginning);
  }
});
