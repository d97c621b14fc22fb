import assert from 'node:assert/strict';
import { test } from 'node:test';
import { environmentOf, withoutSettings } from './environment.ts';
import { resolveSettings } from './resolve.ts';

test('settings that go through the environment arrive as they were', () => {
  const flags = {
    name: 'second',
    port: '8090',
    fast: true,
    strict: 'skus,uuids',
    declineAbove: '100.5',
    declineCustomers: 'one,another',
    services: 'STORES=stores:9000,CUSTOMERS=customers:9000',
    startTimeout: '2m',
  };
  const { settings } = resolveSettings({ flags, environment: {}, file: undefined });
  const environment = environmentOf(settings);
  assert.equal(environment.MALL_SERVICES, 'STORES=stores:9000,CUSTOMERS=customers:9000');
  assert.deepEqual(resolveSettings({ flags: {}, environment, file: undefined }).settings, settings);
});

test('what is no setting stays in the environment', () => {
  const environment = { PATH: '/bin', MALL_PORT: '1', RPC_SERVICES: 'STORES=a:1', MALL_HOME: '/tmp' };
  assert.deepEqual(withoutSettings(environment), { PATH: '/bin', MALL_HOME: '/tmp' });
});
