import assert from 'node:assert/strict';
import { test } from 'node:test';
import { brokerAddress } from './broker-address.ts';

test('an address says where, as whom and whether encrypted', () => {
  assert.deepEqual(brokerAddress('nats://127.0.0.1:4222'), { servers: '127.0.0.1:4222' });
  assert.deepEqual(brokerAddress('nats://mall:p%40ss@nats:4222'), {
    servers: 'nats:4222',
    user: 'mall',
    pass: 'p@ss',
  });
  assert.deepEqual(brokerAddress('nats://secret@nats'), { servers: 'nats', token: 'secret' });
  assert.deepEqual(brokerAddress('tls://mall:pass@nats.example'), {
    servers: 'nats.example',
    user: 'mall',
    pass: 'pass',
    tls: {},
  });
  for (const servers of ['127.0.0.1:4222', 'localhost:4222', '[::1]:4222'])
    assert.deepEqual(brokerAddress(servers), { servers });
});
