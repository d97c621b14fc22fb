import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { orderStatuses, statusNamed, versionOf } from './order-status.ts';

describe('row S9: what a status may be called', () => {
  for (const [name, shown] of [
    ['pending', 'New'],
    ['approved', 'Approved'],
    ['in-progress', 'Approved'],
    ['rejected', 'Rejected'],
    ['ready', 'Ready For Pickup'],
    ['completed', 'Completed'],
    ['cancelled', 'Canceled'],
    ['canceled', 'Canceled'],
    ['new', 'New'],
    ['READY FOR PICKUP', 'Ready For Pickup'],
  ] as const) {
    test(`${name} is ${shown}`, () => assert.equal(statusNamed(name), shown));
  }
  test('itself', () => {
    for (const status of orderStatuses) assert.equal(statusNamed(status), status);
  });
  test('and nothing else', () => {
    for (const name of ['', ' ', 'New ', 'constructor', 'open']) assert.equal(statusNamed(name), undefined);
  });
});

test('row X10: along an order’s life the versions rise', () => {
  for (const life of [
    ['New', 'Approved', 'Ready For Pickup', 'Completed'],
    ['New', 'Rejected'],
    ['New', 'Canceled'],
  ] as const) {
    assert.deepEqual(
      life.map(versionOf),
      life.map((_, index) => index + 1),
    );
  }
});
