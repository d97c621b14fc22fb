import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isClearRefusal } from './witness.ts';

const [reading, changing] = [{ reading: true }, { reading: false }];

test('503 has to tell when to come again', () => {
  for (const request of [reading, changing]) {
    assert.ok(isClearRefusal({ status: 503, retryAfter: true }, request));
    assert.ok(!isClearRefusal({ status: 503, retryAfter: false }, request));
  }
});

test('504 invites to read again, and not to change again', () => {
  assert.ok(isClearRefusal({ status: 504, retryAfter: true }, reading));
  assert.ok(!isClearRefusal({ status: 504, retryAfter: false }, reading));
  assert.ok(isClearRefusal({ status: 504, retryAfter: false }, changing));
  assert.ok(!isClearRefusal({ status: 504, retryAfter: true }, changing));
});

test('nothing else is a clear refusal', () => {
  for (const status of [200, 429, 500, 502])
    assert.ok(!isClearRefusal({ status, retryAfter: true }, reading));
});
