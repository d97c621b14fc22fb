import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { after, test } from 'node:test';
import { SpanKind } from '@opentelemetry/api';
import { pino } from 'pino';
import { freePort } from '../../../containers/embedded/index.ts';
import { messages } from '../../../proto/catalogue.ts';
import { mallModules } from '../../mall.ts';
import { eventually, startTestProcess } from '../testing/index.ts';
import { Metrics } from './metrics.ts';
import { startTracing } from './tracing.ts';

/** The queue, and what is under way at once. */
const heldAtMost = 8_192 + 512;

/** A collector that takes every batch and answers none until it is told to. */
async function hangingCollector() {
  const held: ServerResponse[] = [];
  let answers = false;
  const server = createServer((request, response) => {
    request.resume().once('end', () => (answers ? response.end() : held.push(response)));
  });
  const port = await freePort();
  await once(server.listen(port, '127.0.0.1'), 'listening');
  return {
    url: `http://127.0.0.1:${port}`,
    held,
    answer: () => {
      answers = true;
      for (const response of held.splice(0)) response.end();
    },
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

async function tracingTo(endpoint: string) {
  const lines: { msg: string; lost?: number }[] = [];
  const logger = pino({ level: 'info' }, { write: (line: string) => void lines.push(JSON.parse(line)) });
  const metrics = new Metrics();
  const settings = { sampling: { share: 1 }, export: { endpoint }, namespace: 'test' };
  const tracing = await startTracing(settings, { logger, metrics });
  const tracer = tracing.of('baskets');
  return {
    lines,
    stop: () => tracing.stop(),
    record: (spans: number) => {
      for (let n = 0; n < spans; n++)
        tracer.start(undefined, () => ({ name: 'work', kind: SpanKind.INTERNAL, attributes: {} }))?.end();
    },
    counted: async (name: string) =>
      Number(new RegExp(`^mall_spans_${name}_count (\\d+)`, 'm').exec(await metrics.text())?.[1]),
  };
}

test('spans that nobody takes are bounded and counted, told of once, and told of when somebody does', async () => {
  const collector = await hangingCollector();
  after(() => collector.close());
  const { lines, record, counted, stop } = await tracingTo(collector.url);
  record(20_000);
  assert.equal(await counted('recorded'), 20_000);
  await eventually(() => assert.equal(lines.length, 1));
  assert.match(lines[0]?.msg ?? '', /spans cannot be exported and are lost; the mall itself goes on/);
  // A second failure is no second line.
  await eventually(() => assert.ok(collector.held.length > 1));
  assert.equal(await counted('exported'), 0);
  collector.answer();
  await eventually(() => assert.equal(lines.length, 2));
  assert.match(lines[1]?.msg ?? '', /spans can be exported again/);
  assert.ok(Number(lines[1]?.lost) >= 512);
  await stop();
  const exported = await counted('exported');
  assert.ok(exported > 0 && exported <= heldAtMost, `${exported} of 20,000 were kept`);
  assert.equal(lines.length, 2);
});

test('a stop hands over all that is still held', async () => {
  const collector = await hangingCollector();
  after(() => collector.close());
  collector.answer();
  const { record, counted, stop } = await tracingTo(collector.url);
  record(8_000);
  await stop();
  assert.equal(await counted('exported'), 8_000);
});

test('a stop does not wait for a collector that hangs', async () => {
  const collector = await hangingCollector();
  after(() => collector.close());
  const { record, stop } = await tracingTo(collector.url);
  record(5_000);
  const begun = performance.now();
  await stop().catch(() => undefined);
  assert.ok(performance.now() - begun < 5_000);
});

test('a mall whose collector is away sells as if it were there', async () => {
  const mall = await startTestProcess(mallModules(), {
    tracing: {
      sampling: { share: 1 },
      export: { endpoint: `http://127.0.0.1:${await freePort()}` },
      namespace: 'test',
    },
  });
  after(() => mall.stop());
  const storeId = await mall.created('/api/stores', { name: 'Waldorf Books', location: 'the mall' });
  const productId = await mall.created(`/api/stores/${storeId}/products`, { name: 'Wizard', price: 1 });
  const item = { storeId, productId, storeName: 's', productName: 'p', price: 1, quantity: 1 };
  const customerId = await mall.created('/api/customers', { name: 'Kermit', smsNumber: '555-555-1212' });
  const paymentId = await mall.created('/api/payments', { customerId, amount: 100 });
  const orderId = await mall.created('/api/ordering', { customerId, paymentId, items: [item] });
  await mall.nextMessage(messages.ordering.orderApproved, ({ id }) => id === orderId);
  const { body } = await mall.rest('GET', '/metrics');
  assert.match(String(body), /^mall_spans_exported_count 0$/m);
  assert.match(String(body), /^mall_spans_recorded_count [1-9]/m);
});
