import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { BinaryWriter } from '@bufbuild/protobuf/wire';
import { BasketServiceService } from '../../../proto/gen/baskets/api.ts';
import { storesModule } from '../../stores/module.ts';
import type { RemoteMethod } from '../rpc/index.ts';
import { refusalOf, startTestProcess, type TestProcess } from '../testing/index.ts';

let mall: TestProcess;
before(async () => {
  mall = await startTestProcess([storesModule]);
});
after(() => mall?.stop());

/** gRPC's own health check, on its wire: the answer's only byte of content, 1 for SERVING. */
const healthCheck: RemoteMethod<string, number | undefined> = {
  path: '/grpc.health.v1.Health/Check',
  requestSerialize: (service) => Buffer.from(new BinaryWriter().tag(1, 2).string(service).finish()),
  responseDeserialize: (bytes) => bytes.at(1),
};

test('a process that has started is healthy by every standard', async () => {
  assert.equal(await mall.call(healthCheck, ''), 1);
  assert.equal((await mall.rest('GET', '/liveness')).status, 200);
  assert.equal((await mall.rest('GET', '/readiness')).status, 200);
  const { body } = await mall.rest('GET', '/metrics');
  assert.match(String(body), /^# TYPE stores_sent_messages_count counter$/m);
});

test('a process has the doors of the contexts that run in it, and no others', async () => {
  assert.equal((await mall.rest('GET', '/api/stores')).status, 200);
  assert.equal((await mall.rest('GET', '/stores-spec/')).status, 200);
  assert.equal((await mall.rest('POST', '/api/baskets', { customerId: 'c' })).told, '404 Not Found');
  assert.equal((await mall.rest('GET', '/baskets-spec/')).told, '404 Not Found');
  const elsewhere = mall.call(BasketServiceService.getBasket, { id: 'b' });
  assert.match(await refusalOf(elsewhere), /^UNIMPLEMENTED: /);
});
