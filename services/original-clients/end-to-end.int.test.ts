import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { beforeEach, describe, test } from 'node:test';
import { type Answered, OriginalGround, textIn } from './original-ground.ts';

const ground = new OriginalGround();

describe('the end-to-end suite', () => {
  /** What the suite remembers between the steps of a scenario. */
  class Scenario {
    #last: Answered | undefined;
    #customerId = '';
    #basketId = '';
    #storeId = '';
    readonly #products = new Map<string, string>();

    async iRegisterAs(name: string): Promise<void> {
      const { status, body } = await this.#send('POST', '/api/customers', {
        name,
        smsNumber: '555-555-1212',
      });
      if (status === 200) this.#customerId = textIn(body, 'id');
    }

    async iStartABasket(): Promise<void> {
      assert.notEqual(this.#customerId, '', 'a customer is registered');
      const { status, body } = await this.#send('POST', '/api/baskets', { customerId: this.#customerId });
      if (status === 200) this.#basketId = textIn(body, 'id');
    }

    async iCreateTheStore(name: string): Promise<void> {
      const { status, body } = await this.#send('POST', '/api/stores', { name, location: 'anywhere' });
      if (status === 200) this.#storeId = textIn(body, 'id');
    }

    async iCreateTheProduct(name: string, price: number): Promise<void> {
      assert.notEqual(this.#storeId, '', 'a store is created');
      const path = `/api/stores/${this.#storeId}/products`;
      const { status, body } = await this.#send('POST', path, { name, price });
      if (status === 200) this.#products.set(name, textIn(body, 'id'));
    }

    /** A product that the scenario did not create goes by an id that nobody has. */
    async iAddTheItems(items: readonly { name: string; quantity: number }[]): Promise<void> {
      assert.notEqual(this.#basketId, '', 'a basket is started');
      for (const { name, quantity } of items) {
        const productId = this.#products.get(name) ?? randomUUID();
        const path = `/api/baskets/${this.#basketId}/addItem`;
        const { status } = await this.#send('PUT', path, { productId, quantity });
        if (status !== 200) return;
      }
    }

    async aStoreHas(items: readonly { name: string; price: number }[]): Promise<void> {
      await this.iCreateTheStore('AnyStore');
      this.answeredWithAnId();
      for (const { name, price } of items) await this.iCreateTheProduct(name, price);
    }

    /** Registered, started, created: the kinds of answer that carry an id. */
    answeredWithAnId(): void {
      assert.equal(this.#last?.status, 200, JSON.stringify(this.#last?.body));
      assert.deepEqual(Object.keys(this.#last.body), ['id']);
    }

    answeredWithNothing(): void {
      assert.equal(this.#last?.status, 200, JSON.stringify(this.#last?.body));
      assert.deepEqual(this.#last.body, {});
    }

    /** The suite's clients print an error's fields, and it looks for `Message:` followed by the text. */
    iReceiveTheError(message: string): void {
      assert.ok(this.#last && this.#last.status !== 200, 'there was an error');
      const received = textIn(this.#last.body, 'message');
      assert.ok(received.startsWith(message), `${received} begins with ${message}`);
    }

    async #send(method: string, path: string, body: unknown): Promise<Answered> {
      this.#last = await ground.request(method, path, body);
      return this.#last;
    }
  }

  let scenario: Scenario;
  beforeEach(async () => {
    const shared = (context: string) =>
      ['events', 'snapshots', 'inbox', 'outbox'].map((table) => `${context}.${table}`);
    await ground.empty(...shared('baskets'), 'baskets.products_cache', 'baskets.stores_cache');
    await ground.empty('customers.customers', 'customers.inbox', 'customers.outbox');
    await ground.empty(...shared('stores'), 'stores.stores', 'stores.products');
    scenario = new Scenario();
  });

  async function rowsNamed(table: string, name: string): Promise<number> {
    return (await ground.mall.rows(`SELECT name FROM ${table} WHERE name = $1`, [name])).length;
  }

  async function aCustomerWithABasket(): Promise<void> {
    await scenario.iRegisterAs('RegisteredCustomer');
    scenario.answeredWithAnId();
    await scenario.iStartABasket();
    scenario.answeredWithAnId();
  }

  test('Adding items', async () => {
    await aCustomerWithABasket();
    await scenario.aStoreHas([{ name: 'Wizard w/ crystal', price: 9.99 }]);
    await scenario.iAddTheItems([{ name: 'Wizard w/ crystal', quantity: 10 }]);
    scenario.answeredWithNothing();
  });

  test('Cannot add items that do not exist', async () => {
    await aCustomerWithABasket();
    await scenario.iAddTheItems([{ name: 'Wizard w/ crystal', quantity: 10 }]);
    scenario.iReceiveTheError('product fallback failed: product was not located');
  });

  test('Create a basket', async () => {
    await scenario.iRegisterAs('RegisteredCustomer');
    await scenario.iStartABasket();
    scenario.answeredWithAnId();
  });

  test('Registering a new customer', async () => {
    assert.equal(await rowsNamed('customers.customers', 'John Smith'), 0);
    await scenario.iRegisterAs('John Smith');
    scenario.answeredWithAnId();
    assert.equal(await rowsNamed('customers.customers', 'John Smith'), 1);
  });

  test('Creating a product called "Wizard w/ crystal"', async () => {
    await scenario.iCreateTheStore('Nic & Naks');
    assert.equal(await rowsNamed('stores.stores', 'Nic & Naks'), 1);
    assert.equal(await rowsNamed('stores.products', 'Wizard w/ crystal'), 0);
    await scenario.iCreateTheProduct('Wizard w/ crystal', 9.98);
    scenario.answeredWithAnId();
    assert.equal(await rowsNamed('stores.products', 'Wizard w/ crystal'), 1);
  });

  test('Creating a store called "Waldorf Books"', async () => {
    assert.equal(await rowsNamed('stores.stores', 'Waldorf Books'), 0);
    await scenario.iCreateTheStore('Waldorf Books');
    scenario.answeredWithAnId();
    assert.equal(await rowsNamed('stores.stores', 'Waldorf Books'), 1);
  });

  test('Cannot create stores without a name', async () => {
    await scenario.iCreateTheStore('');
    scenario.iReceiveTheError('the store name cannot be blank');
    assert.equal(await rowsNamed('stores.stores', ''), 0);
  });
});
