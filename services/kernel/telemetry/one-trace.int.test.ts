import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { SpanKind, SpanStatusCode } from '@opentelemetry/api';
import { InMemorySpanExporter, type ReadableSpan } from '@opentelemetry/sdk-trace';
import { messages } from '../../../proto/catalogue.ts';
import { mallModules } from '../../mall.ts';
import { eventually, startTestProcess, type TestProcess } from '../testing/index.ts';

const exporter = new InMemorySpanExporter();
const clientsTrace = '0af7651916cd43dd8448eb211c80319c';
const traceparent = `00-${clientsTrace}-b7ad6b7169203331-01`;
let mall: TestProcess;
let orderId: string;

before(async () => {
  mall = await startTestProcess(mallModules(), {
    tracing: { sampling: { share: 1 }, export: { exporter }, namespace: 'test' },
    limits: { redeliveryDelaysMs: [50] },
  });
  const storeId = await mall.created('/api/stores', { name: 'Waldorf Books', location: 'the mall' });
  const productId = await mall.created(`/api/stores/${storeId}/products`, { name: 'Wizard', price: 9.99 });
  const customerId = await mall.created('/api/customers', { name: 'Kermit', smsNumber: '555-555-1212' });
  orderId = await mall.created('/api/baskets', { customerId });
  await mall.rest('PUT', `/api/baskets/${orderId}/addItem`, { productId, quantity: 1 });
  const paymentId = await mall.created('/api/payments', { customerId, amount: 100 });
  await mall.rest(
    'PUT',
    `/api/baskets/${orderId}/checkout`,
    { paymentId },
    { traceparent, tracestate: 'a=1' },
  );
});
after(() => mall?.stop());

/** All spans of a trace, once the last of those named is there. */
function spansOf(traceId: string, ...awaited: readonly string[]): Promise<readonly ReadableSpan[]> {
  return eventually(() => {
    const spans = exporter.getFinishedSpans().filter((span) => span.spanContext().traceId === traceId);
    for (const name of awaited)
      assert.ok(
        spans.some((span) => span.name === name),
        `there is a span ${name}`,
      );
    return spans;
  });
}

const service = (span: ReadableSpan | undefined) => span?.resource.attributes['service.name'];
const named = (spans: readonly ReadableSpan[], name: string) => spans.filter((span) => span.name === name);

test('row P-38: one trace leads from the REST request to the approved order', async () => {
  const spans = await spansOf(clientsTrace, 'process ordersapi.OrderApproved');
  const byId = new Map(spans.map((span) => [span.spanContext().spanId, span]));
  const way: string[] = [];
  const [last] = named(spans, 'process ordersapi.OrderApproved');
  for (let span = last; span; span = byId.get(span.parentSpanContext?.spanId ?? '')) {
    way.unshift(`${service(span)}: ${span.name}`);
  }
  assert.deepEqual(way.slice(0, 5), [
    'gateway: PUT /api/baskets/{id}/checkout',
    'baskets: basketspb.BasketService/CheckoutBasket',
    'baskets: create basketsapi.BasketCheckedOut',
    'ordering: process basketsapi.BasketCheckedOut',
    'ordering: create ordersapi.OrderCreated',
  ]);
  const sagaCommands = [
    'customersapi.AuthorizeCustomer',
    'depotapi.CreateShoppingListCommand',
    'paymentsapi.ConfirmPayment',
    'depotapi.InitiateShoppingCommand',
    'ordersapi.ApproveOrder',
  ];
  const processed = way.filter((step) => sagaCommands.some((name) => step.endsWith(`process ${name}`)));
  assert.deepEqual(
    processed.map((step) => step.split(' ').at(-1)),
    sagaCommands,
  );
  for (const span of spans) {
    const parent = span.parentSpanContext?.spanId ?? '';
    assert.ok(byId.has(parent) || parent === 'b7ad6b7169203331', `${span.name} has its parent in the trace`);
    assert.notEqual(span.status.code, SpanStatusCode.ERROR, span.name);
  }
});

test('each span says what it is by the semantic conventions, and which order it is about', async () => {
  const spans = await spansOf(clientsTrace, 'process ordersapi.OrderApproved');
  const [request] = named(spans, 'PUT /api/baskets/{id}/checkout');
  assert.equal(request?.kind, SpanKind.SERVER);
  assert.deepEqual(request?.attributes, {
    'http.request.method': 'PUT',
    'http.route': '/api/baskets/{id}/checkout',
    'url.path': `/api/baskets/${orderId}/checkout`,
    'url.scheme': 'http',
    'http.response.status_code': 200,
  });
  const [call] = named(spans, 'basketspb.BasketService/CheckoutBasket');
  assert.equal(call?.attributes['rpc.response.status_code'], 'OK');
  assert.equal(call?.attributes['mall.order.id'], orderId);
  const [sent] = named(spans, 'send ordersapi.OrderCreated');
  assert.equal(sent?.kind, SpanKind.CLIENT);
  assert.equal(sent?.attributes['messaging.system'], 'nats');
  assert.ok(Number(sent?.attributes['mall.outbox.wait_ms']) >= 0);
  const [started] = named(spans, 'process ordersapi.OrderCreated').filter(
    (span) => service(span) === 'cosec',
  );
  assert.equal(started?.kind, SpanKind.CONSUMER);
  assert.equal(started?.attributes['messaging.consumer.group.name'], 'cosec-ordering');
  assert.equal(started?.attributes['mall.order.id'], orderId);
  assert.equal(started?.attributes['mall.saga.step'], 'authorize customer');
  const [commit] = named(
    spans,
    'INSERT cosec.inbox, INSERT cosec.sagas, INSERT cosec.saga_history, INSERT cosec.outbox',
  );
  assert.equal(commit?.kind, SpanKind.CLIENT);
  assert.equal(commit?.attributes['db.system.name'], 'postgresql');
});

test('messages carry the trace and its state as the original does', async () => {
  const { metadata } = await mall.nextMessage(messages.ordering.orderApproved, ({ id }) => id === orderId);
  assert.match(metadata.traceparent ?? '', new RegExp(`^00-${clientsTrace}-[\\da-f]{16}-01$`));
  assert.equal(metadata.tracestate, 'a=1');
});

test('every try at a message and its dead letter belong to its trace', async () => {
  const trace = '1af7651916cd43dd8448eb211c80319c';
  // Nobody has created such an order.
  await mall.publish(
    messages.depot.shoppingListCompleted,
    { id: 'l', orderId: 'nobodys' },
    { metadata: { traceparent: `00-${trace}-b7ad6b7169203331-01` } },
  );
  const name = 'process depotapi.ShoppingListCompleted';
  const [failed] = named(await spansOf(trace, name), name);
  assert.equal(failed?.status.code, SpanStatusCode.ERROR);
  assert.equal(failed?.attributes['mall.outcome'], 'parked');
  assert.equal(failed?.attributes['mall.order.id'], 'nobodys');
  const [letter] = await mall.rows(`SELECT metadata FROM ordering.dead_letters`);
  assert.match(JSON.stringify(letter), new RegExp(trace));
});

test('a trace that its client does not want recorded leaves no span, and goes along all the same', async () => {
  const trace = '2af7651916cd43dd8448eb211c80319c';
  const unsampled = `00-${trace}-b7ad6b7169203331-00`;
  await mall.rest('POST', '/api/stores', { name: 'Quiet', location: 'mall' }, { traceparent: unsampled });
  const { metadata } = await mall.nextMessage(messages.stores.storeCreated, ({ name }) => name === 'Quiet');
  assert.equal(metadata.traceparent, unsampled);
  assert.deepEqual(await spansOf(trace), []);
});
