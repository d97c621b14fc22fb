import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { MatchersV3 } from '@pact-foundation/pact';
import { newTrace } from '../../cli/busywork/trace.ts';
import { RestDoor } from '../../features/world/rest-door.ts';
import { anId, HttpContracts, idOf, pathWith } from '../harness/http-consumer.ts';
import { anItem, anOrder, itsTotal } from '../harness/orders.ts';

/* Bots at the depot and people who search: the simulator is neither, the features' steps are, by their own door. */
const { eachLike, equal } = MatchersV3;

const depot = new HttpContracts('features', 'depot');
const search = new HttpContracts('features', 'search');

type Asked = [method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, body?: object];

/** What the features' door is answered. */
async function answerOf(url: string, ...[method, path, body]: Asked): Promise<unknown> {
  const trace = newTrace({ sampled: false });
  const answer = await new RestDoor(url).send(method, path, { trace, ...(body && { body }) });
  assert.equal(answer.status, 200);
  return answer.body;
}

describe('the depot', () => {
  const list = { ...anOrder, listId: 'list-id' };

  test('a shopping list is looked at', () =>
    depot.answers(
      'a request for a shopping list',
      {
        given: [['a shopping list was created', list]],
        request: { method: 'GET', path: pathWith('/api/depot/shopping/{list-id}') },
        status: 200,
        answer: { shoppingList: { orderId: anId('order-id'), status: 'pending', assignedBotId: '' } },
      },
      async (url) => {
        const body = await answerOf(url, 'GET', '/api/depot/shopping/list-id');
        const shoppingList = { orderId: 'order-id', status: 'pending', assignedBotId: '' };
        assert.deepEqual(body, { shoppingList });
      },
    ));

  test('a bot looks for work', () =>
    depot.answers(
      'a request for the shopping lists that wait for a bot',
      {
        given: [['a shopping list is available', list]],
        request: { method: 'GET', path: '/api/depot/shopping' },
        status: 200,
        answer: { shoppingLists: eachLike({ id: anId('list-id'), status: equal('available') }) },
      },
      async (url) => {
        const body = await answerOf(url, 'GET', '/api/depot/shopping');
        assert.deepEqual(body, { shoppingLists: [{ id: 'list-id', status: 'available' }] });
      },
    ));

  test('a bot takes a list', () =>
    depot.answers(
      'a request to assign a bot',
      {
        given: [['a shopping list is available', list]],
        request: {
          method: 'PUT',
          path: pathWith('/api/depot/shopping/{list-id}/assign'),
          body: { botId: 'bot-id' },
        },
        status: 200,
        answer: {},
      },
      async (url) => {
        await answerOf(url, 'PUT', '/api/depot/shopping/list-id/assign', { botId: 'bot-id' });
      },
    ));

  test('a bot is done', () =>
    depot.answers(
      'a request to complete a shopping list',
      {
        given: [['a shopping list is assigned', list]],
        request: { method: 'PUT', path: pathWith('/api/depot/shopping/{list-id}/complete'), body: {} },
        status: 200,
        answer: {},
      },
      async (url) => {
        await answerOf(url, 'PUT', '/api/depot/shopping/list-id/complete', {});
      },
    ));
});

describe('search', () => {
  const order = {
    orderId: anId('order-id'),
    customerId: anId('customer-id'),
    customerName: equal('NewCustomer'),
    items: eachLike({
      productName: equal(anItem.productName),
      storeName: equal(anItem.storeName),
      price: equal(anItem.price),
      quantity: equal('3'),
    }),
    total: equal(itsTotal),
    status: equal('New'),
  };
  const read = {
    orderId: 'order-id',
    customerId: 'customer-id',
    customerName: 'NewCustomer',
    items: [
      { productName: anItem.productName, storeName: anItem.storeName, price: anItem.price, quantity: '3' },
    ],
    total: itsTotal,
    status: 'New',
  };

  test('an order is looked at', () =>
    search.answers(
      'a request for an order that is found',
      {
        given: [['an order was placed', anOrder]],
        request: { method: 'GET', path: pathWith('/api/search/orders/{order-id}') },
        status: 200,
        answer: { order },
      },
      async (url) => {
        assert.deepEqual(await answerOf(url, 'GET', '/api/search/orders/order-id'), { order: read });
      },
    ));

  test("a customer's orders are searched for", () =>
    search.answers(
      'a search for the orders of a customer',
      {
        given: [['an order was placed', anOrder]],
        request: {
          method: 'POST',
          path: '/api/search/orders',
          body: { filters: { customerId: idOf('customer-id') } },
        },
        status: 200,
        answer: { orders: eachLike(order), next: '' },
      },
      async (url) => {
        const filters = { customerId: 'customer-id' };
        const body = await answerOf(url, 'POST', '/api/search/orders', { filters });
        assert.deepEqual(body, { orders: [read], next: '' });
      },
    ));
});
