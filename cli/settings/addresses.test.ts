import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addressesByService, isHostAndPort, isHttpUrl } from './addresses.ts';

const grpc = addressesByService({ example: 'STORES=stores:9000', isAddress: isHostAndPort });

test('addresses are read as the original reads them', () => {
  assert.deepEqual(grpc.parse(' STORES=stores:9000 , customers = 10.0.0.7:9000,,'), {
    STORES: 'stores:9000',
    CUSTOMERS: '10.0.0.7:9000',
  });
  assert.deepEqual(grpc.parse('SEARCH=[::1]:9000'), { SEARCH: '[::1]:9000' });
});

for (const { text, says } of [
  { text: 'STORES', says: '"STORES" must read like STORES=stores:9000' },
  { text: 'STORES=a=b', says: '"STORES=a=b" must read like STORES=stores:9000' },
  { text: 'STORE=stores:9000', says: '"STORE" is no context; did you mean STORES?' },
  { text: 'STORES=stores', says: '"stores" is no address: it must read like STORES=stores:9000' },
  { text: 'STORES=stores:99999', says: '"stores:99999" is no address: it must read like STORES=stores:9000' },
]) {
  test(`"${text}" is refused`, () => {
    assert.equal(grpc.safeParse(text).error?.issues[0]?.message, says);
  });
}

test('a REST door is an address of HTTP', () => {
  assert.deepEqual(['http://stores:8080', 'https://stores', 'stores:8080', 'ftp://s'].map(isHttpUrl), [
    true,
    true,
    false,
    false,
  ]);
});
