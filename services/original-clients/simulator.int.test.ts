import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { asObject, listIn, numberIn, OriginalGround, objectIn, textIn } from './original-ground.ts';

const ground = new OriginalGround();

describe('the simulator', () => {
  const register = () => ground.created('/api/customers', { name: 'Nic.Naks', smsNumber: '555-555-1212' });

  /** A store that does not take part, with products of the given prices. */
  async function setUpAStore(name: string, ...prices: readonly number[]): Promise<string> {
    const storeId = await ground.created('/api/stores', { name, location: 'Books' });
    for (const price of prices) {
      await ground.created(`/api/stores/${storeId}/products`, {
        name: 'Refined Wooden Computer',
        description: 'streamline robust markets',
        sku: 'Refined',
        price,
      });
    }
    const { store } = await ground.done('GET', `/api/stores/${storeId}`);
    assert.deepEqual(store, {
      ...asObject(store),
      id: storeId,
      name,
      location: 'Books',
      participating: false,
    });
    return storeId;
  }

  async function storesOfTheMall(): Promise<string[]> {
    return listIn(await ground.done('GET', '/api/stores'), 'stores').map((store) => textIn(store, 'id'));
  }

  async function productsOf(storeId: string): Promise<string[]> {
    const products = listIn(await ground.done('GET', `/api/stores/${storeId}/products`), 'products');
    return products.map((product) => textIn(product, 'id'));
  }

  /** Fills a basket with some of all that a store has; the total is added up in doubles. */
  async function browse(storeId: string): Promise<{ customerId: string; basketId: string; total: number }> {
    const customerId = await register();
    const basketId = await ground.created('/api/baskets', { customerId });
    assert.ok((await storesOfTheMall()).includes(storeId));
    textIn(objectIn(await ground.done('GET', `/api/stores/${storeId}`), 'store'), 'name');
    let total = 0;
    for (const productId of await productsOf(storeId)) {
      const product = objectIn(await ground.done('GET', `/api/stores/products/${productId}`), 'product');
      textIn(product, 'name');
      const quantity = 1;
      total += numberIn(product, 'price') * quantity;
      assert.deepEqual(
        await ground.done('PUT', `/api/baskets/${basketId}/addItem`, { productId, quantity }),
        {},
      );
    }
    return { customerId, basketId, total };
  }

  test('sets up a store and adds inventory; products of one SKU are no trouble', async () => {
    const storeId = await setUpAStore('William Connelly', 5, 11.99);
    assert.ok((await storesOfTheMall()).includes(storeId));
    await ground.created(`/api/stores/${storeId}/products`, {
      name: 'Sleek Cotton Chair',
      description: 'embrace viral portals',
      sku: 'Refined',
      price: 7.5,
    });
    assert.equal((await productsOf(storeId)).length, 3);
  });

  test('rebrands a store and a product', async () => {
    const storeId = await setUpAStore('Rebranded Soon', 6);
    const [productId] = await productsOf(storeId);
    assert.deepEqual(await ground.done('PUT', `/api/stores/${storeId}/rebrand`, { name: 'Otha Kuhn' }), {});
    const brand = { name: 'Soft Metal Hat', description: 'grow sexy niches' };
    assert.deepEqual(await ground.done('PUT', `/api/stores/products/${productId}/rebrand`, brand), {});
    const store = objectIn(await ground.done('GET', `/api/stores/${storeId}`), 'store');
    const product = objectIn(await ground.done('GET', `/api/stores/products/${productId}`), 'product');
    assert.deepEqual([store.name, product.name, product.description], ['Otha Kuhn', ...Object.values(brand)]);
  });

  test('browses, and cancels the basket', async () => {
    const { basketId } = await browse(await setUpAStore('Too Much', 11.99, 8.01));
    assert.deepEqual(await ground.done('DELETE', `/api/baskets/${basketId}`), {});
    assert.equal(objectIn(await ground.done('GET', `/api/baskets/${basketId}`), 'basket').status, 'canceled');
  });

  for (const { prices, sum, doubles } of [
    { prices: [0.1, 0.2], sum: '0.3000', doubles: 0.30000000000000004 },
    { prices: [0.1, 0.7], sum: '0.8000', doubles: 0.7999999999999999 },
    { prices: [5.05, 11.99], sum: '17.0400', doubles: 17.04 },
  ]) {
    test(`buys for ${prices.join(' + ')}, of which doubles make ${doubles}`, async () => {
      const { customerId, basketId, total } = await browse(await setUpAStore('Kaylin Rath', ...prices));
      assert.equal(total, doubles);
      const paymentId = await ground.created('/api/payments', { customerId, amount: total });
      assert.deepEqual(await ground.done('PUT', `/api/baskets/${basketId}/checkout`, { paymentId }), {});
      await ground.orderBecomes(basketId, 'approved');
      const [payment] = await ground.mall.rows('SELECT amount, status FROM payments.payments WHERE id = $1', [
        paymentId,
      ]);
      assert.deepEqual(payment, { amount: sum, status: 'confirmed' });
    });
  }
});

test('the request script, from a new store to an approved order', async () => {
  const storeId = await ground.created('/api/stores', { name: 'Store ABC', location: 'The mall' });
  const product = { name: 'Product ABC', sku: 'productABC', price: 9.99 };
  const productId = await ground.created(`/api/stores/${storeId}/products`, product);
  const customerId = await ground.created('/api/customers', {
    name: 'Customer ABC',
    smsNumber: '555-555-1212',
  });
  const basketId = await ground.created('/api/baskets', { customerId });
  await ground.done('PUT', `/api/baskets/${basketId}/addItem`, { productId, quantity: 5 });
  const paymentId = await ground.created('/api/payments', { customerId, amount: 200.0 });
  await ground.done('PUT', `/api/baskets/${basketId}/checkout`, { paymentId });
  await ground.orderBecomes(basketId, 'approved');
});
