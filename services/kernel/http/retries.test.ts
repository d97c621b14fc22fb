import assert from 'node:assert/strict';
import { test } from 'node:test';
import { retryAfter } from './retries.ts';

const register = { method: { name: 'RegisterCustomer' }, idempotencyKey: undefined };
const keyed = { ...register, idempotencyKey: 'k-1' };
const search = { method: { name: 'SearchOrders' }, idempotencyKey: undefined };

test('503 always says when to come again', () => {
  for (const request of [register, keyed, search]) assert.equal(retryAfter(503, request), '1');
});

test('504 says so only where a repeat does no harm', () => {
  assert.equal(retryAfter(504, register), undefined);
  assert.equal(retryAfter(504, keyed), '1');
  assert.equal(retryAfter(504, search), '1');
});

test('no other status does', () => {
  for (const status of [400, 409, 429, 500]) assert.equal(retryAfter(status, keyed), undefined);
});
