import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { freePort } from '../../../containers/embedded/index.ts';
import { contextNames } from '../../../proto/contexts.ts';
import { type ReadSpan, type ReadTrace, TraceReader } from '../../../services/kernel/http/trace-reader.ts';
import { eventually } from '../../../services/kernel/testing/index.ts';
import { mallFolders } from '../../malls/folders.ts';
import { type MallState, readState } from '../../malls/state.ts';
import { cliUnderTest } from '../../testing/cli-process.ts';

const cli = cliUnderTest({ MALL_TRACING: 'all', MALL_LOG_LEVEL: 'debug' });
const checkoutTrace = '3af7651916cd43dd8448eb211c80319c';
const callersSpan = 'b7ad6b7169203331';
/** Nothing else has these texts: where one is found, it was written. */
const personal = {
  name: 'Zebulon Quimbledore',
  smsNumber: '555-0147-9921',
  laterNumber: '555-0163-8873',
  amount: '7341.57',
};
let state: MallState;
let reader: TraceReader;
let orderId: string;

before(async () => {
  const doors = ['--port', String(await freePort()), '--grpc-port', String(await freePort())];
  const { code, stderr } = await cli.run('up', ...doors, '--fast', '--mode', 'microservices', '--detach');
  assert.equal(code, 0, stderr);
  const found = readState(mallFolders(cli.home, 'mall').state);
  assert.ok(found?.addresses?.traces);
  state = found;
  reader = new TraceReader(found.addresses.traces);
  await shop();
});

async function shop(): Promise<void> {
  const storeId = await created('/api/stores', { name: 'Waldorf Books', location: 'the mall' });
  const productId = await created(`/api/stores/${storeId}/products`, { name: 'Wizard', price: 9.99 });
  const { name, smsNumber, laterNumber, amount } = personal;
  const customerId = await created('/api/customers', { name, smsNumber });
  await rest('PUT', `/api/customers/${customerId}/change-sms`, { smsNumber: laterNumber });
  // Refusals have texts of their own, and must not repeat what they were sent.
  await rest('POST', '/api/customers', { name, smsNumber: '' });
  await rest('POST', '/api/customers', { name: [name], smsNumber });
  await rest('PUT', `/api/customers/nobody/change-sms`, { smsNumber });
  orderId = await created('/api/baskets', { customerId });
  await rest('PUT', `/api/baskets/${orderId}/addItem`, { productId, quantity: 1 });
  const paymentId = await created('/api/payments', { customerId, amount: Number(amount) });
  const traceparent = `00-${checkoutTrace}-${callersSpan}-01`;
  await rest('PUT', `/api/baskets/${orderId}/checkout`, { paymentId }, { traceparent });
  await eventually(async () => {
    assert.match(JSON.stringify(await rest('GET', `/api/ordering/${orderId}`)), /"status":"approved"/);
  });
}

async function rest(
  method: string,
  path: string,
  body?: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<unknown> {
  const response = await fetch(`${state.addresses?.rest}${path}`, {
    method,
    ...(body !== undefined && { body: JSON.stringify(body) }),
    headers,
  });
  return response.json();
}

async function created(path: string, body: unknown): Promise<string> {
  const answer = await rest('POST', path, body);
  assert.ok(typeof answer === 'object' && answer !== null && 'id' in answer, JSON.stringify(answer));
  return String(answer.id);
}

/** The trace of the checkout, once every process has handed over its part: each does so when it is its turn. */
function wholeTrace(): Promise<ReadTrace> {
  return eventually(async () => {
    const [trace] = await reader.find(checkoutTrace);
    assert.ok(trace);
    assert.ok(trace.spans.some(isLast(trace)), 'search has heard of the approval');
    for (const service of ['notifications', 'depot', 'payments', 'customers', 'baskets']) {
      const heard = trace.spans.some((span) => serviceOf(trace, span) === service);
      assert.ok(heard, `${service} has a part in the trace`);
    }
    assert.deepEqual(orphansOf(trace), []);
    assert.deepEqual(
      idsOf(trace, 'send'),
      idsOf(trace, 'create'),
      'each message that was made was sent once',
    );
    return trace;
  });
}

function isLast(trace: ReadTrace): (span: ReadSpan) => boolean {
  return (span) =>
    span.operationName === 'process ordersapi.OrderApproved' && serviceOf(trace, span) === 'search';
}

/** Ids of the messages that were made, sent or handled in a trace, one for each span. */
function idsOf({ spans }: ReadTrace, operation: string): readonly unknown[] {
  return spans
    .map(tagsOf)
    .filter((tags) => tags.get('messaging.operation.type') === operation)
    .map((tags) => tags.get('messaging.message.id'))
    .sort();
}

function serviceOf(trace: ReadTrace, { processID }: ReadSpan): string | undefined {
  return trace.processes[processID]?.serviceName;
}

function parentOf({ references }: ReadSpan): string | undefined {
  return references.find(({ refType }) => refType === 'CHILD_OF')?.spanID;
}

/** Spans whose parent nobody has told of; the first one's is the caller's own. */
function orphansOf({ spans }: ReadTrace): readonly string[] {
  const known = new Set([...spans.map(({ spanID }) => spanID), callersSpan]);
  return spans.flatMap((span) => (known.has(parentOf(span) ?? '') ? [] : [span.operationName]));
}

const tagsOf = ({ tags }: ReadSpan) => new Map(tags.map(({ key, value }) => [key, value]));

test('one trace leads through all processes, each step after the one that caused it', async () => {
  const trace = await wholeTrace();
  const byId = new Map(trace.spans.map((span) => [span.spanID, span]));
  const way: string[] = [];
  let at = trace.spans.find(isLast(trace));
  for (; at; at = byId.get(parentOf(at) ?? '')) way.unshift(`${serviceOf(trace, at)}: ${at.operationName}`);
  assert.deepEqual(way, [
    'gateway: PUT /api/baskets/{id}/checkout',
    'baskets: basketspb.BasketService/CheckoutBasket',
    'baskets: create basketsapi.BasketCheckedOut',
    'ordering: process basketsapi.BasketCheckedOut',
    'ordering: create ordersapi.OrderCreated',
    'cosec: process ordersapi.OrderCreated',
    'cosec: create customersapi.AuthorizeCustomer',
    'customers: process customersapi.AuthorizeCustomer',
    'customers: create am.Success',
    'cosec: process am.Success',
    'cosec: create depotapi.CreateShoppingListCommand',
    'depot: process depotapi.CreateShoppingListCommand',
    'depot: create depotapi.CreatedShoppingListReply',
    'cosec: process depotapi.CreatedShoppingListReply',
    'cosec: create paymentsapi.ConfirmPayment',
    'payments: process paymentsapi.ConfirmPayment',
    'payments: create am.Success',
    'cosec: process am.Success',
    'cosec: create depotapi.InitiateShoppingCommand',
    'depot: process depotapi.InitiateShoppingCommand',
    'depot: create am.Success',
    'cosec: process am.Success',
    'cosec: create ordersapi.ApproveOrder',
    'ordering: process ordersapi.ApproveOrder',
    'ordering: create ordersapi.OrderApproved',
    'search: process ordersapi.OrderApproved',
  ]);
  const answer = await fetch(`${state.addresses?.traces}/api/traces/${checkoutTrace}`);
  const instances = [...(await answer.text()).matchAll(/"service\.instance\.id"[^}]*?"value":"([^"]+)"/g)];
  const services = new Set(trace.spans.map((span) => serviceOf(trace, span)));
  assert.equal(new Set(instances.map(([, id]) => id)).size, services.size, 'each is a process of its own');
});

test('each span says by the semantic conventions what it is', async () => {
  const trace = await wholeTrace();
  const required: Readonly<Record<string, readonly string[]>> = {
    http: ['http.request.method', 'http.route', 'url.path', 'url.scheme', 'http.response.status_code'],
    rpc: ['rpc.system.name', 'rpc.method', 'rpc.response.status_code'],
    db: ['db.system.name', 'db.namespace', 'db.query.summary'],
    messaging: [
      'messaging.system',
      'messaging.operation.type',
      'messaging.operation.name',
      'messaging.destination.name',
      'messaging.message.id',
    ],
  };
  const seen = new Map<string, number>();
  for (const span of trace.spans) {
    const tags = tagsOf(span);
    assert.ok(!tags.has('error'), `${span.operationName} has not failed`);
    const area = Object.keys(required).find((name) =>
      [...tags.keys()].some((key) => key.startsWith(`${name}.`)),
    );
    assert.ok(area, `${span.operationName} says what it is`);
    seen.set(area, (seen.get(area) ?? 0) + 1);
    for (const key of required[area] ?? []) assert.ok(tags.has(key), `${span.operationName} has ${key}`);
    const kind = tags.get('span.kind');
    if (area === 'rpc' && kind === 'client') assert.ok(tags.has('server.address'), span.operationName);
    if (area === 'db') assert.equal(kind, 'client');
    const operation = tags.get('messaging.operation.type');
    if (operation === 'send') assert.ok(Number(tags.get('mall.outbox.wait_ms')) >= 0);
    if (operation === 'process') assert.ok(tags.has('messaging.consumer.group.name'));
    const kinds: Readonly<Record<string, string>> = {
      create: 'producer',
      send: 'client',
      process: 'consumer',
    };
    if (operation !== undefined) assert.equal(kind, kinds[String(operation)], span.operationName);
  }
  assert.deepEqual([...seen.keys()].sort(), Object.keys(required).sort());
  const made = idsOf(trace, 'create');
  for (const id of idsOf(trace, 'process')) assert.ok(made.includes(id), `${id} was made in this trace`);
});

test('no personal data is in a log or in a span', async () => {
  await wholeTrace();
  const services = await reader.services();
  assert.deepEqual([...services].sort(), [...contextNames, 'gateway'].sort());
  const traces = await Promise.all(services.map((service) => reader.search({ service, limit: 1_000 })));
  const told = JSON.stringify(traces);
  assert.match(told, /customerspb\.CustomersService\/RegisterCustomer/, 'the registration was recorded');
  const { folder } = mallFolders(cli.home, 'mall');
  const logs = readdirSync(folder).filter((name) => name.endsWith('.log'));
  assert.ok(logs.includes('mall.log') && logs.includes('postgres.log') && logs.includes('nats.log'));
  for (const [kind, text] of Object.entries(personal)) {
    assert.ok(!told.includes(text), `${kind} is in no span`);
    for (const log of logs) {
      const line = readFileSync(join(folder, log), 'utf8')
        .split('\n')
        .find((each) => each.includes(text));
      assert.equal(line, undefined, `${kind} is not in ${log}`);
    }
  }
});
