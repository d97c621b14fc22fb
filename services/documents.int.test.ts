import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import pg from 'pg';
import { type ContextName, contextNames, messages, metadataKeys } from '../proto/catalogue.ts';
import {
  type AsyncApiDocument,
  asyncApiDocument,
  openApiDocument,
  type RestContext,
  restContexts,
} from './kernel/http/index.ts';
import { newId } from './kernel/messaging/index.ts';
import { DocumentedMessages } from './kernel/testing/documented-messages.ts';
import { DocumentedRest } from './kernel/testing/documented-rest.ts';
import { eventually, startTestProcess, type TestProcess } from './kernel/testing/index.ts';
import { StreamRecorder } from './kernel/testing/stream-recorder.ts';
import { mallModules } from './mall.ts';

/*
 * The documents against the running mall: every operation is called by nothing but its document, to each end
 * an order can have, and every message that follows is held against the document of its sender.
 */

let mall: TestProcess;
let recorder: StreamRecorder;
let asyncApi: ReadonlyMap<ContextName, AsyncApiDocument>;
let rest: Readonly<Record<RestContext, DocumentedRest>>;
let storeId: string;
let productId: string;

before(async () => {
  mall = await startTestProcess(mallModules());
  const { natsUrl, stream } = mall.ground;
  recorder = await StreamRecorder.open(natsUrl, stream);
  const options = { stream, server: natsUrl };
  asyncApi = new Map(contextNames.map((context) => [context, asyncApiDocument(context, options)]));
  const client = (context: RestContext) => new DocumentedRest(mall, openApiDocument(context));
  rest = {
    baskets: client('baskets'),
    customers: client('customers'),
    depot: client('depot'),
    ordering: client('ordering'),
    payments: client('payments'),
    search: client('search'),
    stores: client('stores'),
  };
  storeId = await rest.stores.created('createStore', { name: 'Waldorf Books', location: 'the mall' });
  productId = await rest.stores.created('addProduct', { storeId, name: 'Wizard', price: 9.99 });
});
after(async () => {
  await recorder?.close({ deleteStream: false });
  await mall?.stop();
});

test('every document is served as it is judged here', async () => {
  for (const context of contextNames) {
    const { body } = await mall.rest('GET', `/${context}-asyncapi/asyncapi.json`);
    assert.deepEqual(body, asyncApi.get(context));
  }
  for (const context of restContexts) {
    const { body } = await mall.rest('GET', `/${context}-spec/openapi.json`);
    assert.deepEqual(body, openApiDocument(context));
  }
});

test('the broker has the consumers that the documents name', async () => {
  const connection = await connect({ servers: mall.ground.natsUrl });
  const manager = await jetstreamManager(connection);
  const found: unknown[] = [];
  for await (const { stream_name: stream, config } of manager.consumers.list(mall.ground.stream)) {
    const { durable_name: durable, filter_subject: filterSubject } = config;
    if (durable) found.push({ stream, durable, filterSubject });
  }
  await connection.close();
  const documented = [...asyncApi.values()].flatMap(({ operations }) =>
    Object.values(operations).flatMap((operation) => operation['x-jetstream-consumer'] ?? []),
  );
  assert.deepEqual(new Set(found), new Set(documented));
});

describe('the catalogue, customers and baskets', () => {
  test('a store takes part, is renamed, and leaves', async () => {
    const { stores } = rest;
    await stores.ask('rebrandStore', { id: storeId, name: 'Waldorf' });
    await stores.ask('enableParticipation', { id: storeId });
    await stores.ask('getParticipatingStores', { pageSize: 10 });
    await stores.ask('disableParticipation', { id: storeId });
    await stores.ask('getStore', { id: storeId });
    await stores.ask('getStores');
    assert.match(await stores.refusal('getStore', { id: 'nowhere' }), /^404 /);
  });

  test('a product is renamed, changes its price, and goes', async () => {
    const { stores } = rest;
    const id = await stores.created('addProduct', {
      storeId,
      name: 'Witch',
      description: 'd',
      sku: 's',
      price: 5,
    });
    await stores.ask('rebrandProduct', { id, name: 'Sorceress', description: 'of glass' });
    await stores.ask('increaseProductPrice', { id, price: 7.5 });
    await stores.ask('decreaseProductPrice', { id, price: 6 });
    await stores.ask('getProduct', { id });
    await stores.ask('getStoreProducts', { storeId, pageSize: 10 });
    await stores.ask('removeProduct', { id });
  });

  test('a customer changes the number and is kept from ordering for a while', async () => {
    const { customers } = rest;
    const id = await newCustomer();
    await customers.ask('changeSmsNumber', { id, smsNumber: '555-555-1313' });
    await customers.ask('DisableCustomer', { id });
    await customers.ask('enableCustomer', { id });
    await customers.ask('getCustomer', { id });
    assert.match(await customers.refusal('getCustomer', { id: 'nobody' }), /^404 /);
  });

  test('a basket is filled, emptied and given up', async () => {
    const { baskets } = rest;
    const id = await baskets.created('startBasket', { customerId: await newCustomer() });
    await baskets.ask('addItem', { id, productId, quantity: 2 });
    await baskets.ask('removeItem', { id, productId, quantity: 1 });
    await baskets.ask('getBasket', { id });
    await baskets.ask('cancelBasket', { id });
    assert.match(await baskets.refusal('addItem', { id, productId, quantity: 1 }), /^400 /);
  });

  test('the depot makes lists by hand and drops them on both routes', async () => {
    const { depot } = rest;
    for (const drop of ['cancelShoppingList', 'deleteShoppingList']) {
      const items = [{ productId, storeId, quantity: 1 }];
      const id = await depot.created('createShoppingList', { orderId: newId(), items });
      await depot.ask(drop, { id });
    }
    assert.match(await depot.refusal('getShoppingList', { id: 'nothing' }), /^404 /);
  });
});

const newCustomer = () =>
  rest.customers.created('registerCustomer', { name: 'C', smsNumber: '555-555-1212' });

interface Purchase {
  readonly customerId: string;
  readonly paymentId: string;
  readonly orderId: string;
}

/** A customer fills a basket with five wizards, authorises a payment and checks out. */
async function checkOut({ amount = 49.95, disabled = false } = {}): Promise<Purchase> {
  const customerId = await newCustomer();
  const orderId = await rest.baskets.created('startBasket', { customerId });
  await rest.baskets.ask('addItem', { id: orderId, productId, quantity: 5 });
  const paymentId = await rest.payments.created('authorizePayment', { customerId, amount });
  if (disabled) await rest.customers.ask('DisableCustomer', { id: customerId });
  await rest.baskets.ask('checkoutBasket', { id: orderId, paymentId });
  return { customerId, paymentId, orderId };
}

/** Waits for an order's status and answers the order. */
function orderBecomes(id: string, status: string): Promise<unknown> {
  return eventually(async () => {
    const order = at(await rest.ordering.ask('getOrder', { id }), 'order');
    assert.equal(at(order, 'status'), status);
    return order;
  });
}

async function sagaBecomes(orderId: string, expected: Readonly<Record<string, unknown>>): Promise<void> {
  await eventually(async () => {
    const [row] = await mall.rows('SELECT status, reason FROM cosec.sagas WHERE id = $1', [orderId]);
    assert.partialDeepStrictEqual(row, expected);
  });
}

function at(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null
    ? Object.entries(value).find(([name]) => name === key)?.[1]
    : undefined;
}

describe('purchases', () => {
  test('one that runs to its end', async () => {
    const { depot, payments, search } = rest;
    const { orderId, paymentId, customerId } = await checkOut();
    const id = at(await orderBecomes(orderId, 'approved'), 'shoppingId');
    await depot.ask('listAvailableShoppingLists', { pageSize: 10 });
    await depot.ask('assignShoppingList', { id, botId: 'bot' });
    await depot.ask('getShoppingList', { id });
    await depot.ask('completeShoppingList', { id });
    await orderBecomes(orderId, 'ready');
    await eventually(() => payments.ask('getInvoice', { id: orderId }));
    await payments.ask('payInvoice', { id: orderId });
    await payments.ask('getPayment', { id: paymentId });
    await orderBecomes(orderId, 'completed');
    await eventually(async () => {
      const found = at(await search.ask('getOrder', { id: orderId }), 'order');
      assert.equal(at(found, 'status'), 'Completed');
    });
    const filters = { customerId, storeIds: [storeId], minTotal: 1, after: '2020-01-01T00:00:00Z' };
    const page = await search.ask('searchOrders', { filters, limit: 10 });
    assert.deepEqual(
      [at(page, 'orders')].flat().map((order) => at(order, 'orderId')),
      [orderId],
    );
    assert.match(await payments.refusal('payInvoice', { id: orderId }), /^400 /);
    assert.match(await search.refusal('getOrder', { id: 'no order' }), /^404 /);
  });

  test('one of a disabled customer and one paid too little, both rejected', async () => {
    const purchases = [await checkOut({ disabled: true }), await checkOut({ amount: 49.94 })];
    for (const { orderId } of purchases) {
      await orderBecomes(orderId, 'rejected');
      await sagaBecomes(orderId, { status: 'compensated' });
    }
  });

  test('one cancelled once its payment is confirmed, all of it taken back', async () => {
    const customerId = await newCustomer();
    const paymentId = await rest.payments.created('authorizePayment', { customerId, amount: 10 });
    const item = {
      storeId,
      productId,
      storeName: 'Waldorf',
      productName: 'Wizard',
      price: 9.99,
      quantity: 1,
    };
    const payment = await hold('payments.payments', paymentId);
    const id = await rest.ordering.created('createOrder', { customerId, paymentId, items: [item] });
    await payment.isMet();
    // Payments hear of a cancelled order as well and refuse to confirm it then: it must be confirmed before.
    const [list] = await mall.rows('SELECT id FROM depot.shopping_lists WHERE order_id = $1', [id]);
    const shopping = await hold('depot.shopping_lists', String(list?.id));
    await payment.end();
    await shopping.isMet();
    await rest.ordering.ask('cancelOrder', { id });
    await sagaBecomes(id, { status: 'running', reason: 'the order was cancelled' });
    await shopping.end();
    await sagaBecomes(id, { status: 'compensated' });
    assert.match(await rest.ordering.refusal('cancelOrder', { id }), /^400 /);
  });

  test('commands that cannot be carried out, each answered with why', async () => {
    const items = [{ storeId, productId: 'none', quantity: 1 }];
    const list = await mall.command(messages.depot.createShoppingListCommand, { orderId: newId(), items });
    assert.match(list.told, /^FAILURE NOT_FOUND: /);
    const approval = { id: 'no order', shoppingId: 'no list' };
    const { told } = await mall.command(messages.ordering.approveOrder, approval);
    assert.match(told, /^FAILURE NOT_FOUND: /);
  });
});

/** Keeps a row from being changed until told otherwise. */
async function hold(table: string, id: string) {
  const client = new pg.Client({ connectionString: mall.ground.databaseUrl });
  await client.connect();
  await client.query('BEGIN');
  await client.query(`SELECT FROM ${table} WHERE id = $1 FOR UPDATE`, [id]);
  return {
    /** Somebody wants to change it. */
    isMet: () =>
      eventually(async () => {
        const waiting = await mall.rows(
          `SELECT pid FROM pg_stat_activity
           WHERE datname = current_database() AND wait_event_type = 'Lock'
             AND query LIKE $1`,
          [`%${table}%`],
        );
        assert.equal(waiting.length, 1);
      }),
    end: () => client.end(),
  };
}

describe('afterwards', () => {
  test('every operation of every document has succeeded, and some were refused', () => {
    for (const context of restContexts) {
      assert.deepEqual(rest[context].uncalled, [], context);
      assert.ok(rest[context].refusals > 0, context);
    }
  });

  test('every message that is documented as sent was seen, and all were as documented', async () => {
    const documented = new DocumentedMessages(asyncApi);
    await eventually(() => assert.deepEqual(documented.unseen(recorder.messages), []));
    const ours = recorder.messages.filter(
      ({ metadata }) => metadata[metadataKeys.commandSagaName] !== 'cosec.Test',
    );
    for (const message of ours) documented.fits(message, recorder.messages);
  });
});
