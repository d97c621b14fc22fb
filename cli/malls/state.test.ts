import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withoutPassword } from './state.ts';

test('an address is shown without its password', () => {
  assert.equal(
    withoutPassword('postgres://mall:s3cret@host:5432/mall'),
    'postgres://mall:***@host:5432/mall',
  );
  assert.equal(withoutPassword('nats://user:s3cret@host:4222'), 'nats://user:***@host:4222');
  assert.doesNotMatch(withoutPassword('postgres://host/mall?user=mall&password=s3cret'), /s3cret/);
});

test('an address without one stays as it is', () => {
  assert.equal(
    withoutPassword('postgres://mall@127.0.0.1:15432/mall'),
    'postgres://mall@127.0.0.1:15432/mall',
  );
  assert.equal(withoutPassword('127.0.0.1:9000'), '127.0.0.1:9000');
});
