import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { MatchersV3 } from '@pact-foundation/pact';
import { fromWire } from '../../cli/busywork/money.ts';
import { anId, HttpContracts, pathWith } from '../harness/http-consumer.ts';
import { anOrder, itsTotal } from '../harness/orders.ts';
import { calling } from '../harness/simulator.ts';

/* What the simulator asks about orders once they are placed, by its own client. */
const { eachLike } = MatchersV3;

const depot = new HttpContracts('busywork', 'depot');
const ordering = new HttpContracts('busywork', 'ordering');
const search = new HttpContracts('busywork', 'search');

describe('depot', () => {
  const list = { ...anOrder, listId: 'list-id' };

  test('list shopping lists', () =>
    depot.answers(
      'a request for the shopping lists that wait for a bot',
      {
        given: [['a shopping list is available', list]],
        request: { method: 'GET', path: '/api/depot/shopping' },
        status: 200,
        answer: { shoppingLists: eachLike({ id: anId('list-id') }) },
      },
      async (url) => {
        assert.deepEqual(await calling(url, (mall) => mall.availableShoppingLists()), ['list-id']);
      },
    ));

  test('assign shopping list', () =>
    depot.answers(
      'a request to assign a bot',
      {
        given: [['a shopping list is available', list]],
        request: {
          method: 'PUT',
          path: pathWith('/api/depot/shopping/{list-id}/assign'),
          body: { botId: 'bot-7' },
        },
        status: 200,
        answer: {},
      },
      (url) => calling(url, (mall) => mall.assignShoppingList('list-id', 'bot-7')),
    ));

  test('complete shopping list', () =>
    depot.answers(
      'a request to complete a shopping list',
      {
        given: [['a shopping list is assigned', list]],
        request: { method: 'PUT', path: pathWith('/api/depot/shopping/{list-id}/complete'), body: {} },
        status: 200,
        answer: {},
      },
      (url) => calling(url, (mall) => mall.completeShoppingList('list-id')),
    ));
});

describe('search', () => {
  const placed = ['an order was placed', anOrder] as const;

  test('find orders', () =>
    search.answers(
      'a search for the newest orders',
      {
        given: [placed],
        request: { method: 'POST', path: '/api/search/orders', body: { filters: { status: '' } } },
        status: 200,
        answer: { orders: eachLike({ orderId: anId('order-id') }) },
      },
      async (url) => {
        assert.deepEqual(await calling(url, (mall) => mall.searchOrders({ status: '' })), ['order-id']);
      },
    ));

  test('read found order', () =>
    search.answers(
      'a request for an order that is found',
      {
        given: [placed],
        request: { method: 'GET', path: pathWith('/api/search/orders/{order-id}') },
        status: 200,
        answer: { order: { customerName: 'NewCustomer', total: itsTotal, status: 'New' } },
      },
      async (url) => {
        const order = await calling(url, (mall) => mall.foundOrder('order-id'));
        assert.deepEqual(order, { customerName: 'NewCustomer', total: fromWire(itsTotal), status: 'New' });
      },
    ));
});

describe('ordering', () => {
  test('follow order', () =>
    ordering.answers(
      'a request for an order',
      {
        given: [['an order was created', anOrder]],
        request: { method: 'GET', path: pathWith('/api/ordering/{order-id}') },
        status: 200,
        answer: { order: { status: 'pending' } },
      },
      async (url) => {
        assert.equal(await calling(url, (mall) => mall.orderStatus('order-id')), 'pending');
      },
    ));

  test('follow order, before there is one', () =>
    ordering.answers(
      'a request for an order that is not there yet',
      { request: { method: 'GET', path: '/api/ordering/unknown-order' }, status: 404, answer: {} },
      async (url) => {
        assert.equal(await calling(url, (mall) => mall.orderStatus('unknown-order')), '');
      },
    ));

  test('cancel order', () =>
    ordering.answers(
      'a request to cancel an order',
      {
        given: [['an order was created', anOrder]],
        request: { method: 'DELETE', path: pathWith('/api/ordering/{order-id}') },
        status: 200,
        answer: {},
      },
      async (url) => {
        assert.equal(await calling(url, (mall) => mall.cancelOrder('order-id')), 'cancelled');
      },
    ));
});
