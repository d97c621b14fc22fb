import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nearest } from './nearest.ts';

const known = ['unit', 'integration', 'all'];

test('a slip of the fingers is understood', () => {
  assert.equal(nearest('uint', known), 'unit');
  assert.equal(nearest('integratoin', known), 'integration');
  assert.equal(nearest('ALL', known), 'all');
});

test('another word is not taken for a known one', () => {
  assert.equal(nearest('features', known), undefined);
  assert.equal(nearest('x', known), undefined);
});
