import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { messages } from '../../proto/catalogue.ts';
import { eventually } from '../../services/kernel/testing/index.ts';
import { forgetAll, version } from '../harness/context.ts';
import { knowsCatalogue, orderIn } from '../harness/orders.ts';
import type { About, Provider } from '../harness/provider.ts';
import type { Stage } from '../harness/stage.ts';

/** Baskets, with the stores and customers they ask. */
export const baskets: Provider = {
  context: 'baskets',
  contexts: ['baskets', 'customers', 'stores'],
  // The original's contract names ids of its own choice, the same in each interaction.
  forget: (mall) => forgetAll(mall, 'baskets'),
  states: {
    'a store exists': (stage, about) => storeExists(stage, about.text('id', 'store-id')),
    'a product exists': (stage, about) => productExists(stage, about.text('id', 'product-id')),
    'a basket exists': (stage, about) => basketExists(stage, about.text('id', 'basket-id')),
    'a basket was started': (stage, about) => started(stage, about.text('id'), about),
    'a product is known': (stage) => knowsCatalogue(stage, 'baskets'),
    'an item is in the basket': (stage, about) =>
      add(stage, stage.id(about.text('id')), stage.id('product-id'), 1),
    'a basket was checked out': async (stage, about) => {
      const { items } = orderIn(stage, about);
      await knowsCatalogue(stage, 'baskets');
      const basketId = await started(stage, about.text('id'), about);
      for (const { productId, quantity } of items) await add(stage, basketId, productId, quantity);
      const paymentId = stage.id(about.text('paymentId'));
      const answer = await stage.mall.rest('PUT', `/api/baskets/${basketId}/checkout`, { paymentId });
      assert.equal(answer.told, '200');
    },
  },
};

async function started(stage: Stage, name: string, about: About): Promise<string> {
  const customerId = stage.id(about.text('customerId', 'customer-id'));
  return stage.call(name, await stage.mall.created('/api/baskets', { customerId }));
}

async function add(stage: Stage, basketId: string, productId: string, quantity: number): Promise<void> {
  const answer = await stage.mall.rest('PUT', `/api/baskets/${basketId}/addItem`, { productId, quantity });
  assert.equal(answer.told, '200');
}

const { stores } = messages;

async function storeExists({ mall }: Stage, id: string): Promise<void> {
  await mall.publish(stores.storeCreated, { id, name: 'TheStore', location: '' }, { metadata: version(1) });
  await cached({ mall }, 'stores_cache', id);
}

async function productExists({ mall }: Stage, id: string): Promise<void> {
  const product = { id, storeId: 'store-id', name: 'TheProduct', description: '', sku: '', price: 10 };
  await mall.publish(stores.productAdded, product, { metadata: version(1) });
  await cached({ mall }, 'products_cache', id);
}

async function cached({ mall }: Pick<Stage, 'mall'>, table: string, id: string): Promise<void> {
  await eventually(async () =>
    assert.equal((await mall.rows(`SELECT 1 FROM baskets.${table} WHERE id = $1`, [id])).length, 1),
  );
}

/** No door makes a basket under an id of the caller's choice, so its first event is written as it would be. */
async function basketExists({ mall }: Stage, id: string): Promise<void> {
  await mall.rows(
    `INSERT INTO baskets.events (stream_id, stream_name, stream_version, event_id, event_name, event_data,
                                 occurred_at, metadata, schema_version)
     VALUES ($1, 'baskets.Basket', 1, $2, 'baskets.BasketStarted', $3, now(), '{}', 0)`,
    [id, randomUUID(), JSON.stringify({ CustomerID: 'customer-id' })],
  );
}
