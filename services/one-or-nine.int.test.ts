import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { onDatabase } from '../containers/database/service-databases.ts';
import { connected } from '../containers/embedded/index.ts';
import { contextNames } from '../proto/catalogue.ts';
import { BasketServiceService } from '../proto/gen/baskets/api.ts';
import { StoresServiceService } from '../proto/gen/stores/api.ts';
import { restDocuments } from '../proto/rest-documents.ts';
import { restRoutes } from '../proto/rest-routes.ts';
import { channelLimits, type RemoteMethod, RpcChannels, Tokens } from './kernel/rpc/index.ts';
import { eventually, refusalOf, startTestProcess, type TestProcess } from './kernel/testing/index.ts';
import { mallModules } from './mall.ts';
import { type MallApart, startApart } from './testing/apart.ts';

/*
 * The same requests to a mall in one process and to one in nine: what comes back is the same, byte for byte.
 * Ids are the same as well, since each request that creates something has an Idempotency-Key.
 */
const authSecret = 'the secret that both malls sign their tokens with';
const tokens = new Tokens(authSecret);
let together: TestProcess;
let apart: MallApart;
let authorization: string;
before(async () => {
  together = await startTestProcess(mallModules(), { authSecret });
  apart = await startApart({ authSecret, natsStream: together.ground.stream.replace('mall', 'nine') });
  authorization = await tokens.ownAuthorization('tests');
});
after(async () => {
  await apart?.stop();
  await together?.stop();
});

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

type Init = Omit<RequestInit, 'headers'> & { readonly headers?: Readonly<Record<string, string>> };

async function ask(base: string, path: string, init: Init = {}): Promise<Answer> {
  const headers = { authorization, ...init.headers };
  const response = await fetch(`${base}${path}`, { redirect: 'manual', ...init, headers });
  const { date: _, ...told } = Object.fromEntries(response.headers);
  return { status: response.status, headers: told, body: await response.text() };
}

/** Asks both and answers what both have said. */
async function both(path: string, init: Init = {}): Promise<Answer> {
  const [one, nine] = [await ask(together.restUrl, path, init), await ask(apart.restUrl, path, init)];
  assert.deepEqual(normalised(nine), normalised(one), `${init.method ?? 'GET'} ${path}`);
  return nine;
}

/** Moments, addresses and the streams' names are each mall's own; the latter two are of one length. */
function normalised({ status, headers, body }: Answer): Answer {
  const text = body
    .replaceAll(apart.natsStream, together.ground.stream)
    .replaceAll(apart.grpcAddress, together.grpcAddress)
    .replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, 'then');
  return { status, headers, body: text };
}

let keys = 0;

async function post(path: string, body: unknown): Promise<string> {
  const headers = { 'idempotency-key': `key-${++keys}` };
  const answer = await both(path, { method: 'POST', body: JSON.stringify(body), headers });
  assert.equal(answer.status, 200, answer.body);
  const { id } = JSON.parse(answer.body);
  assert.ok(typeof id === 'string' && id !== '');
  return id;
}

describe('one process or nine', () => {
  test('documents and pages are the same', async () => {
    const specs = Object.keys(restDocuments).map((name) => `${name}-spec`);
    const paths = [
      ...specs.flatMap((name) => [name, `${name}/`, `${name}/openapi.json`, `${name}/api.swagger.json`]),
      ...contextNames.flatMap((name) => [
        `${name}-asyncapi`,
        `${name}-asyncapi/`,
        `${name}-asyncapi/asyncapi.json`,
      ]),
      ...['', 'landing/style.css', 'swagger-ui/', 'swagger-ui/swagger-ui.css', 'asyncapi/', 'liveness'],
    ];
    const statuses = new Set<number>();
    for (const path of paths) statuses.add((await both(`/${path}`)).status);
    assert.deepEqual([...statuses].sort(), [200, 301]);
  });

  test('every route answers a request that holds nothing the same', async () => {
    for (const { verb, path } of restRoutes()) {
      await both(path.replaceAll(/\{\w+\}/g, 'nothing'), {
        method: verb,
        ...(verb !== 'GET' && { body: '{}' }),
      });
    }
  });

  test('requests that are refused before any context sees them are refused the same', async () => {
    await both('/nowhere');
    await both('/api/stores', { method: 'PATCH' });
    await both('/api/stores', { method: 'POST', body: 'no json' });
    await both('/api/stores', { method: 'POST', body: '{"name": 7}' });
    await both('/api/stores', { method: 'POST', body: `"${'x'.repeat(1_100_000)}"` });
    for (const key of ['two words', ' ', 'ä', 'x'.repeat(300)]) {
      const answer = await both('/api/stores', {
        method: 'POST',
        body: '{"name":"Waldorf","location":"here"}',
        headers: { 'idempotency-key': key },
      });
      assert.equal(answer.status, 400, answer.body);
    }
  });

  test('who may not call is told so the same', async () => {
    const customer = await tokens.mint({ id: 'somebody', role: 'customer' }, { ttlMs: 60_000 });
    const anothers = '{"customerId":"another","amount":1}';
    for (const given of ['', 'Basic me', 'Bearer ä', 'Bearer x.y.z', `Bearer ${customer}`]) {
      const answer = await both('/api/payments', {
        method: 'POST',
        body: anothers,
        headers: { authorization: given },
      });
      assert.ok([401, 403].includes(answer.status), answer.body);
    }
  });

  test('the gRPC door answers the same, with health and reflection', async () => {
    const said = async (address: string) => {
      const channels = new RpcChannels(() => address, channelLimits, {
        authorization: async () => authorization,
      });
      const list = bytesMethod('/grpc.reflection.v1.ServerReflection/ServerReflectionInfo');
      try {
        return [
          await refusalOf(channels.call('', StoresServiceService.getStore, { id: 'nothing' })),
          await refusalOf(channels.call('', BasketServiceService.getBasket, { id: '' })),
          await refusalOf(channels.call('', bytesMethod('/depotpb.DepotService/Nothing'), Buffer.of())),
          await refusalOf(
            channels.call('', bytesMethod('/orderingpb.OrderingService/GetOrder'), Buffer.of(9)),
          ),
          await channels.call('', bytesMethod('/grpc.health.v1.Health/Check'), Buffer.of()),
          await refusalOf(channels.call('', list, Buffer.of(0x3a, 0))),
        ];
      } finally {
        channels.close();
      }
    };
    assert.deepEqual(await said(apart.grpcAddress), await said(together.grpcAddress));
  });

  test('a trace goes along into the database of the context', async () => {
    const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
    const { status } = await ask(apart.restUrl, '/api/stores', {
      method: 'POST',
      body: '{"name":"Traced","location":"here"}',
      headers: { traceparent },
    });
    assert.equal(status, 200);
    const url = onDatabase(apart.adminUrl, apart.databases.stores ?? '');
    const { rows } = await connected(url, (client) =>
      client.query(
        `SELECT metadata ->> 'traceparent' AS told FROM stores.outbox ORDER BY position DESC LIMIT 1`,
      ),
    );
    assert.match(String(rows[0]?.told), /^00-4bf92f3577b34da6a3ce929d0e0e4736-/);
  });

  test('a purchase is answered the same at each step, from the first store to the paid invoice', async () => {
    const storeId = await post('/api/stores', { name: 'Waldorf Books', location: 'the mall' });
    const productId = await post(`/api/stores/${storeId}/products`, { name: 'Wizard', price: 9.99 });
    await both(`/api/stores/${storeId}/participating`, { method: 'PUT' });
    const customerId = await post('/api/customers', { name: 'Ada', smsNumber: '555-555-1212' });
    const basketId = await post('/api/baskets', { customerId });
    await both(`/api/baskets/${basketId}/addItem`, {
      method: 'PUT',
      body: JSON.stringify({ productId, quantity: 3 }),
    });
    await both(`/api/baskets/${basketId}`);
    const paymentId = await post('/api/payments', { customerId, amount: 40 });
    await both(`/api/baskets/${basketId}/checkout`, {
      method: 'PUT',
      body: JSON.stringify({ paymentId }),
    });
    await settled(`/api/ordering/${basketId}`, (body) => body.includes('approved'));
    await settled(`/api/search/orders/${basketId}`, (body) => body.includes('Approved'));
    await both(`/api/ordering/${basketId}`);
    await both(`/api/search/orders/${basketId}`);
    const found = await both('/api/search/orders', { method: 'POST', body: '{}' });
    assert.ok(found.body.includes(basketId));
  });
});

test('a role that serves reaches its own schema only, and cannot change what has happened', async () => {
  const refused = async (url: string, text: string) => {
    try {
      await connected(url, (client) => client.query(text));
      return 'done';
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  };
  const stores = apart.databaseUrl('stores');
  assert.equal(await refused(stores, `UPDATE stores.products SET name = name`), 'done');
  for (const text of [
    `UPDATE stores.events SET event_name = 'another'`,
    'DELETE FROM stores.events',
    'TRUNCATE stores.events',
    'DELETE FROM stores.migrations',
  ]) {
    assert.match(await refused(stores, text), /^permission denied for table/);
  }
  assert.match(await refused(stores, 'CREATE TABLE stores.more ()'), /^permission denied for schema stores/);
  const elsewhere = onDatabase(stores, apart.databases.payments ?? '');
  assert.match(await refused(elsewhere, 'SELECT 1'), /^permission denied for database/);
});

test('metrics come from all nine at one address, readiness names the one that is away', async () => {
  const metrics = await ask(apart.restUrl, '/metrics');
  for (const name of contextNames) {
    assert.match(metrics.body, new RegExp(`^process_cpu_user_seconds_total{service="${name}"} `, 'm'));
  }
  assert.match(metrics.body, /^baskets_started_count{service="baskets"} 1$/m);
  // What Prometheus asks of the gateway, since it asks the nine themselves.
  const own = await ask(apart.restUrl, '/metrics?service=gateway');
  assert.match(own.body, /^http_server_request_duration_seconds_count{.*service="gateway"} /m);
  assert.doesNotMatch(own.body, /service="baskets"/);
  assert.equal((await ask(apart.restUrl, '/readiness')).status, 200);
  await apart.stopContext('stores');
  const { status, body } = await ask(apart.restUrl, '/readiness');
  assert.equal(status, 503);
  assert.equal(JSON.parse(body).checks.stores, 'it does not answer');
  assert.equal(JSON.parse(body).checks.baskets, 'ok');
  const away = await ask(apart.restUrl, '/api/stores');
  assert.equal(away.status, 503);
  assert.equal(away.headers['retry-after'], '1');
  assert.equal(JSON.parse(away.body).message, 'stores does not answer at the moment');
});

/** A method whose request and response are looked at as bytes. */
function bytesMethod(path: string): RemoteMethod<Buffer, Buffer> {
  return { path, requestSerialize: (bytes) => bytes, responseDeserialize: (bytes) => bytes };
}

/** Waits until both malls answer so: what follows a request comes in its own time. */
async function settled(path: string, arrived: (body: string) => boolean): Promise<void> {
  for (const { restUrl } of [together, apart]) {
    await eventually(async () => {
      const { body } = await ask(restUrl, path);
      assert.ok(arrived(body), body);
    });
  }
}
