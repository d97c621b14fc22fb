import assert from 'node:assert/strict';
import { messages } from '../../proto/catalogue.ts';
import { eventually } from '../../services/kernel/testing/index.ts';
import { version } from './context.ts';
import type { About } from './provider.ts';
import type { Stage } from './stage.ts';

/** What an order in contracts is of. */
export const anItem = {
  storeId: 'store-id',
  productId: 'product-id',
  storeName: 'NewStore',
  productName: 'NewProduct',
  price: 9.99,
  quantity: 3,
} as const;

/** The order that contracts tell of; its total is 29.97. */
export const anOrder = {
  id: 'order-id',
  customerId: 'customer-id',
  paymentId: 'payment-id',
  items: [{ ...anItem }],
};

export const itsTotal = 29.97;

/** The order that a state is about, under the ids of its interaction. */
export function orderIn(stage: Stage, about: About) {
  return {
    id: stage.id(about.text('id', about.text('orderId', 'order-id'))),
    customerId: stage.id(about.text('customerId', 'customer-id')),
    paymentId: stage.id(about.text('paymentId', 'payment-id')),
    items: [
      {
        ...anItem,
        storeId: stage.id(anItem.storeId),
        productId: stage.id(anItem.productId),
      },
    ],
  };
}

/** Tells a context of the store and the product that orders are of, as the stores would. */
export async function knowsCatalogue(stage: Stage, context: 'baskets' | 'depot'): Promise<void> {
  const { mall } = stage;
  const { storeName, productName, price } = anItem;
  const [storeId, productId] = [stage.id(anItem.storeId), stage.id(anItem.productId)];
  const product = { id: productId, storeId, name: productName, description: '', sku: '', price };
  const store = { id: storeId, name: storeName, location: 'NewLocation' };
  await mall.publish(messages.stores.storeCreated, store, { metadata: version(1) });
  await mall.publish(messages.stores.productAdded, product, { metadata: version(1) });
  await eventually(async () => {
    const known = await mall.rows(
      `SELECT id FROM ${context}.stores_cache WHERE id = $1
       UNION ALL SELECT id FROM ${context}.products_cache WHERE id = $2`,
      [storeId, productId],
    );
    assert.equal(known.length, 2, `${context} knows the store and the product`);
  });
}
