import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HeldMessages } from './held-messages.ts';

const at = (sequence: number, id = `message ${sequence}`) => ({ id, sequence });
const sending = (sequence: number, command: string) => ({ ...at(sequence), command });

test('while a failed message waits, later ones of its aggregate wait behind it, others do not', () => {
  const held = new HeldMessages();
  held.hold('order 1', at(5), { dueAt: 1_000, attempts: 1 });
  assert.equal(held.blockedUntil('order 1', at(6), 500), 1_000);
  assert.equal(held.blockedUntil('order 1', at(5), 500), undefined);
  assert.equal(held.blockedUntil('order 1', at(4), 500), undefined);
  assert.equal(held.blockedUntil('order 2', at(6), 500), undefined);
  held.release('order 1', 'message 5');
  assert.equal(held.blockedUntil('order 1', at(6), 500), undefined);
});

test('attempts are remembered with the message', () => {
  const held = new HeldMessages();
  assert.equal(held.attempts('k', 'm'), 0);
  held.hold('k', at(1, 'm'), { dueAt: 10, attempts: 3 });
  assert.equal(held.attempts('k', 'm'), 3);
});

test('a message that comes again at another place does not wait for itself, nor do those before it there', () => {
  const held = new HeldMessages();
  held.hold('k', at(1, 'lost'), { dueAt: 1_000, attempts: 2 });
  assert.equal(held.attempts('k', 'other at its place'), 0);
  assert.equal(held.blockedUntil('k', at(7, 'lost'), 500), undefined);
  held.hold('k', at(7, 'lost'), { dueAt: 2_000, attempts: 3 });
  assert.equal(held.blockedUntil('k', at(6), 500), undefined);
  assert.equal(held.blockedUntil('k', at(8), 500), 2_000);
});

test('a command that is sent again does not wait for its earlier sending, but for what else is before it', () => {
  const held = new HeldMessages();
  held.hold('order 1', sending(5, 'authorize'), { dueAt: 1_000, attempts: 1 });
  assert.equal(held.blockedUntil('order 1', sending(8, 'authorize'), 500), undefined);
  assert.equal(held.blockedUntil('order 1', sending(8, 'undo'), 500), 1_000);
  held.hold('order 1', sending(6, 'another'), { dueAt: 2_000, attempts: 1 });
  assert.equal(held.blockedUntil('order 1', sending(8, 'authorize'), 500), 2_000);
  assert.equal(held.blockedUntil('order 1', at(9), 500), 2_000);
});

test('a message long overdue went to another replica and holds nobody up', () => {
  const held = new HeldMessages();
  held.hold('k', at(1), { dueAt: 0, attempts: 1 });
  assert.equal(held.blockedUntil('k', at(2), 29_999), 0);
  assert.equal(held.blockedUntil('k', at(2), 30_001), undefined);
  assert.equal(held.attempts('k', 'message 1'), 0);
});
