import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { messages } from '../../../proto/catalogue.ts';
import { DepotServiceService as rpc } from '../../../proto/gen/depot/api.ts';
import { CreatedShoppingList } from '../../../proto/gen/depot/messages.ts';
import type { TestProcess } from '../../kernel/testing/index.ts';

const { depot } = messages;

/** A store with one product. */
export interface Shelf {
  readonly storeId: string;
  readonly productId: string;
}

export interface WantedPieces extends Shelf {
  readonly quantity: number;
}

export function wanted(on: Shelf, quantity = 1): WantedPieces {
  return { ...on, quantity };
}

/** Drives a depot, with the stores beside it, as saga, bots and staff do; for its integration tests. */
export class DepotDriver {
  readonly #mall: TestProcess;

  constructor(mall: TestProcess) {
    this.#mall = mall;
  }

  async shelf(name = 'Wizard'): Promise<Shelf> {
    const storeId = await this.#mall.created('/api/stores', { name: `${name} Store`, location: 'East' });
    const product = { name, description: '', sku: name, price: 9.99 };
    return { storeId, productId: await this.#mall.created(`/api/stores/${storeId}/products`, product) };
  }

  create(orderId: string, ...items: readonly WantedPieces[]) {
    return this.#mall.command(depot.createShoppingListCommand, { orderId, items: [...items] });
  }

  initiate(id: string) {
    return this.#mall.command(depot.initiateShoppingCommand, { id });
  }

  cancel(id: string, orderId = '') {
    return this.#mall.command(depot.cancelShoppingListCommand, { id, orderId });
  }

  change(id: string, what: 'assign' | 'complete', body = {}) {
    return this.#mall.rest('PUT', `/api/depot/shopping/${id}/${what}`, body);
  }

  /** A pending list, as the saga makes it; answers its id. */
  async created(orderId: string = randomUUID(), on?: Shelf): Promise<string> {
    const { told, payload } = await this.create(orderId, wanted(on ?? (await this.shelf())));
    assert.equal(told, 'SUCCESS');
    return CreatedShoppingList.decode(payload).id;
  }

  async available(orderId?: string, on?: Shelf): Promise<string> {
    const id = await this.created(orderId, on);
    assert.equal((await this.initiate(id)).told, 'SUCCESS');
    return id;
  }

  async assigned(orderId?: string): Promise<string> {
    const id = await this.available(orderId);
    assert.equal((await this.change(id, 'assign', { botId: 'bot-1' })).told, '200');
    return id;
  }

  async completed(): Promise<string> {
    const id = await this.assigned();
    assert.equal((await this.change(id, 'complete')).told, '200');
    return id;
  }

  async read(id: string) {
    return (await this.#mall.call(rpc.getShoppingList, { id })).shoppingList;
  }

  async status(id: string): Promise<string | undefined> {
    return (await this.read(id))?.status;
  }

  listsOf(orderId: string): Promise<Record<string, unknown>[]> {
    return this.#mall.rows('SELECT id, status FROM depot.shopping_lists WHERE order_id = $1', [orderId]);
  }
}
