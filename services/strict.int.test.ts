import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { CustomersServiceService } from '../proto/gen/customers/api.ts';
import { strictRules } from './kernel/lifecycle/index.ts';
import { eventually, startTestProcess, type TestProcess } from './kernel/testing/index.ts';
import { mallModules } from './mall.ts';

/*
 * What the original's own clients do must work; the corrections that would refuse it are rules, each off by default.
 * Every request here is made to a mall without rules and to one with all of them.
 */
const UNKNOWN = '00000000-0000-4000-8000-000000000000';

for (const { mode, strict } of [
  { mode: 'by default', strict: new Set<never>() },
  { mode: 'with every strict rule', strict: new Set(strictRules) },
]) {
  const on = strict.size > 0;

  describe(mode, () => {
    let mall: TestProcess;
    let storeId: string;
    let productId: string;

    before(async () => {
      mall = await startTestProcess(mallModules(), { strict });
      storeId = await mall.created('/api/stores', { name: 'Waldorf Books', location: 'here' });
      const product = { name: 'Wizard', sku: 'wizard', price: 9.99 };
      productId = await mall.created(`/api/stores/${storeId}/products`, product);
    });
    after(() => mall?.stop());

    async function customer(): Promise<string> {
      return mall.created('/api/customers', { name: 'Customer', smsNumber: '555-555-1212' });
    }

    async function addItem(): Promise<string> {
      const basketId = await mall.created('/api/baskets', { customerId: await customer() });
      const item = { productId, quantity: 1 };
      return (await mall.rest('PUT', `/api/baskets/${basketId}/addItem`, item)).told;
    }

    test('row B5: products of a store that does not take part', async () => {
      assert.equal(await addItem(), on ? '400 the store "Waldorf Books" does not take part' : '200');
    });

    test('row B5: they can be bought once it does, and not checked out when it has left', async () => {
      await mall.rest('PUT', `/api/stores/${storeId}/participating`, {});
      await eventually(async () => assert.equal(await addItem(), '200'));
      const customerId = await customer();
      const basketId = await mall.created('/api/baskets', { customerId });
      await mall.rest('PUT', `/api/baskets/${basketId}/addItem`, { productId, quantity: 1 });
      const paymentId = await mall.created('/api/payments', { customerId, amount: 9.99 });
      await mall.rest('DELETE', `/api/stores/${storeId}/participating`);
      await eventually(async () => {
        const [row] = await mall.rows('SELECT participating FROM baskets.stores_cache WHERE id = $1', [
          storeId,
        ]);
        assert.equal(row?.participating, false);
      });
      const { told } = await mall.rest('PUT', `/api/baskets/${basketId}/checkout`, { paymentId });
      const refusal = '400 baskets checkout: the store "Waldorf Books" does not take part';
      assert.equal(told, on ? refusal : '200');
    });

    test('row B6: a basket for an unknown customer', async () => {
      const { told } = await mall.rest('POST', '/api/baskets', { customerId: UNKNOWN });
      assert.equal(told, on ? '404 customer with that ID does not exist' : '200');
    });

    test('rows B6, C6: a basket for a disabled customer', async () => {
      const customerId = await customer();
      await mall.call(CustomersServiceService.disableCustomer, { id: customerId });
      await eventually(async () => {
        const [row] = await mall.rows('SELECT enabled FROM baskets.customers_cache WHERE id = $1', [
          customerId,
        ]);
        assert.equal(row?.enabled, false);
      });
      const { told } = await mall.rest('POST', '/api/baskets', { customerId });
      assert.equal(told, on ? '400 the customer is not enabled' : '200');
    });

    test('row T5: a product without an SKU', async () => {
      const { told } = await mall.rest('POST', `/api/stores/${storeId}/products`, {
        name: 'Witch',
        price: 1,
      });
      assert.equal(told, on ? '400 the product SKU cannot be blank' : '200');
    });

    test('row T5: an SKU that the store uses already, and again once its product is removed', async () => {
      const product = { name: 'Other', sku: 'other', price: 1 };
      const path = `/api/stores/${storeId}/products`;
      const first = await mall.created(path, product);
      const second = await mall.rest('POST', path, product);
      assert.equal(second.told, on ? '409 the store has a product with that SKU' : '200');
      await mall.rest('DELETE', `/api/stores/products/${first}`);
      assert.equal((await mall.rest('POST', path, product)).told, '200');
    });

    test('row X13: an id that is no UUID', async () => {
      const basket = await mall.rest('GET', '/api/baskets/basket-id');
      assert.equal(basket.told, on ? '400 id is no UUID' : '404 basket with that ID does not exist');
      const started = await mall.rest('POST', '/api/baskets', { customerId: 'customer-id' });
      assert.equal(started.told, on ? '400 customerId is no UUID' : '200');
    });
  });
}
