import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MatchersV3 } from '@pact-foundation/pact';
import { Client } from '../baskets-ui/client.ts';
import { HttpContracts } from '../harness/http-consumer.ts';
import type { Given } from '../harness/message-consumer.ts';

/*
 * The original's contract of its user interface for baskets: five interactions, under its own descriptions, states,
 * ids and matchers. Where its tests passed without a refusal (row T-11), these demand it.
 */
const { like, uuid } = MatchersV3;

const baskets = new HttpContracts('baskets-ui', 'baskets');

const store: Given = ['a store exists'];
const product: Given = ['a product exists', { id: 'product-id' }];
const basket: Given = ['a basket exists', { id: 'basket-id' }];

const started = { method: 'POST', path: '/api/baskets' } as const;
const added = { method: 'PUT', path: '/api/baskets/basket-id/addItem' } as const;

test('a request to start a basket', () =>
  baskets.answers(
    'a request to start a basket',
    {
      request: { ...started, body: { customerId: 'customer-id' } },
      status: 200,
      answer: { id: uuid('5f2c3f5a-9a0f-4d2c-8f33-6f1a6f0f7e11') },
    },
    async (url) => {
      const answer = await new Client(url).startBasket('customer-id');
      assert.ok(typeof answer === 'object' && answer !== null && 'id' in answer);
    },
  ));

test('a request to start a basket without a customerId', () =>
  baskets.answers(
    'a request to start a basket without a customerId',
    {
      request: { ...started, body: { customerId: '' } },
      status: 400,
      answer: { message: like('the customer id cannot be blank') },
    },
    (url) =>
      assert.rejects(new Client(url).startBasket(''), {
        status: 400,
        message: 'the customer id cannot be blank',
      }),
  ));

test('a request to add a product', () =>
  baskets.answers(
    'a request to add a product',
    {
      given: [store, product, basket],
      request: { ...added, body: { productId: 'product-id', quantity: 1 } },
      status: 200,
      answer: {},
    },
    async (url) => {
      assert.deepEqual(await new Client(url).addItem('basket-id', 'product-id', 1), {});
    },
  ));

test('a request to add a product with a negative quantity', () =>
  baskets.answers(
    'a request to add a product with a negative quantity',
    {
      given: [store, product, basket],
      request: { ...added, body: { productId: 'product-id', quantity: -1 } },
      status: 400,
      answer: { message: like('the item quantity cannot be negative') },
    },
    (url) =>
      assert.rejects(new Client(url).addItem('basket-id', 'product-id', -1), {
        status: 400,
        message: 'the item quantity cannot be negative',
      }),
  ));

test('a request to add a product that does not exist', () =>
  baskets.answers(
    'a request to add a product',
    {
      given: [basket],
      request: { ...added, body: { productId: 'product-id', quantity: 1 } },
      status: 404,
      answer: { message: like('product with id: `product-id` does not exist') },
    },
    (url) => assert.rejects(new Client(url).addItem('basket-id', 'product-id', 1), { status: 404 }),
  ));
