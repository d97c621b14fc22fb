import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HeldMessages } from './held-messages.ts';

test('while a failed message waits, later ones of its aggregate wait behind it, others do not', () => {
  const held = new HeldMessages();
  held.hold('order 1', 5, 1_000, 1);
  assert.equal(held.blockedUntil('order 1', 6, 500), 1_000);
  assert.equal(held.blockedUntil('order 1', 5, 500), undefined);
  assert.equal(held.blockedUntil('order 1', 4, 500), undefined);
  assert.equal(held.blockedUntil('order 2', 6, 500), undefined);
  held.release('order 1', 5);
  assert.equal(held.blockedUntil('order 1', 6, 500), undefined);
});

test('attempts are remembered with the message', () => {
  const held = new HeldMessages();
  assert.equal(held.attempts('k', 1), 0);
  held.hold('k', 1, 10, 3);
  assert.equal(held.attempts('k', 1), 3);
});

test('a message long overdue went to another replica and holds nobody up', () => {
  const held = new HeldMessages();
  held.hold('k', 1, 0, 1);
  assert.equal(held.blockedUntil('k', 2, 29_999), 0);
  assert.equal(held.blockedUntil('k', 2, 30_001), undefined);
  assert.equal(held.attempts('k', 1), 0);
});
