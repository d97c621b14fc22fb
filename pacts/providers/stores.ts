import assert from 'node:assert/strict';
import type { About, Provider } from '../harness/provider.ts';
import type { Stage } from '../harness/stage.ts';

/** Stores and products, by their REST door. */
export const stores: Provider = {
  context: 'stores',
  contexts: ['stores'],
  states: {
    'a store was created': async (stage, about) => {
      const store = { name: about.text('name'), location: about.text('location') };
      stage.call(about.text('id'), await stage.mall.created('/api/stores', store));
    },
    'the store was rebranded': (stage, about) =>
      change(stage, 'PUT', `/api/stores/${idIn(stage, about)}/rebrand`, { name: about.text('name') }),
    'the store began to participate': (stage, about) =>
      change(stage, 'PUT', `/api/stores/${idIn(stage, about)}/participating`, {}),
    'the store ceased to participate': (stage, about) =>
      change(stage, 'DELETE', `/api/stores/${idIn(stage, about)}/participating`),
    'a product was added': async (stage, about) => {
      const store = { name: 'NewStore', location: 'NewLocation' };
      const storeId = stage.call(about.text('storeId'), await stage.mall.created('/api/stores', store));
      const product = { name: about.text('name'), description: '', sku: '', price: about.number('price') };
      stage.call(about.text('id'), await stage.mall.created(`/api/stores/${storeId}/products`, product));
    },
    'the product was rebranded': (stage, about) =>
      change(stage, 'PUT', `/api/stores/products/${idIn(stage, about)}/rebrand`, {
        name: about.text('name'),
        description: '',
      }),
    'the product has a new price': async (stage, about) => {
      const price = about.number('price');
      const path = `/api/stores/products/${idIn(stage, about)}`;
      const { body } = await stage.mall.rest('GET', path);
      const way = priceIn(body) < price ? 'increasePrice' : 'decreasePrice';
      await change(stage, 'PUT', `${path}/${way}`, { price });
    },
    'the product was removed': (stage, about) =>
      change(stage, 'DELETE', `/api/stores/products/${idIn(stage, about)}`),
  },
};

function idIn(stage: Stage, about: About): string {
  return stage.id(about.text('id'));
}

async function change(stage: Stage, method: string, path: string, body?: unknown): Promise<void> {
  assert.equal((await stage.mall.rest(method, path, body)).told, '200', `${method} ${path}`);
}

function priceIn(body: unknown): number {
  const price =
    typeof body === 'object' && body !== null && 'product' in body && typeof body.product === 'object'
      ? Object.entries(body.product ?? {}).find(([name]) => name === 'price')?.[1]
      : undefined;
  assert.ok(typeof price === 'number', 'the product has a price');
  return price;
}
