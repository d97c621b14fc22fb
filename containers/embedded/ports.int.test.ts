import assert from 'node:assert/strict';
import { test } from 'node:test';
import { freePort } from './ports.ts';

test('ports that are drawn before anybody listens on them are all different', async () => {
  const ports = new Set<number>();
  for (let draw = 0; draw < 500; draw++) ports.add(await freePort());
  assert.equal(ports.size, 500);
});
