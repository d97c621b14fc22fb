import assert from 'node:assert/strict';
import { test } from 'node:test';
import { VersionCache } from './version-cache.ts';

test('a state is there until it is taken', () => {
  const cache = new VersionCache<{ version: number }>();
  cache.put('a', { version: 1 });
  assert.deepEqual(cache.take('a'), { version: 1 });
  assert.equal(cache.take('a'), undefined);
});

test('an older state does not take the place of a newer one', () => {
  const cache = new VersionCache<{ version: number }>();
  cache.put('a', { version: 2 });
  cache.put('a', { version: 1 });
  assert.deepEqual(cache.take('a'), { version: 2 });
});

test('beyond its bound the one written longest ago goes', () => {
  const cache = new VersionCache<{ version: number }>(2);
  for (const id of ['a', 'b', 'a', 'c']) cache.put(id, { version: 1 });
  assert.equal(cache.take('b'), undefined);
  assert.ok(cache.take('a') && cache.take('c'));
});
