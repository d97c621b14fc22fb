import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { type Receiver, startReceiver } from './receiver.ts';
import { SpanStore } from './span-store.ts';

const store = new SpanStore();
let receiver: Receiver;
before(async () => {
  receiver = await startReceiver({ store, port: 0 });
});
after(() => receiver.close());

async function ask(path: string): Promise<{ status: number; body: Record<string, unknown> }> {
  const response = await fetch(`${receiver.url}${path}`);
  return { status: response.status, body: JSON.parse(await response.text()) };
}

function post(body: string | Buffer, headers: Record<string, string> = {}) {
  return fetch(`${receiver.url}/v1/traces`, {
    method: 'POST',
    body: typeof body === 'string' ? body : new Uint8Array(body),
    headers: { 'content-type': 'application/json', ...headers },
  });
}

const traceId = '0af7651916cd43dd8448eb211c80319c';
const json = JSON.stringify({
  resourceSpans: [
    {
      resource: { attributes: [{ key: 'service.name', value: { stringValue: 'client' } }] },
      scopeSpans: [
        {
          spans: [
            {
              traceId,
              spanId: 'b7ad6b7169203331',
              name: 'buy',
              kind: 3,
              startTimeUnixNano: '1700000000000000000',
              endTimeUnixNano: '1700000000250000000',
              attributes: [{ key: 'mall.order.id', value: { stringValue: 'order 1' } }],
              status: { code: 2, message: 'sold out' },
            },
          ],
        },
      ],
    },
  ],
});

test("spans sent by OTLP are answered as Jaeger's query API answers them", async () => {
  assert.equal((await post(json)).status, 200);
  const { body } = await ask(`/api/traces/${traceId}`);
  const expected = {
    traceID: traceId,
    spans: [
      {
        traceID: traceId,
        spanID: 'b7ad6b7169203331',
        operationName: 'buy',
        references: [],
        startTime: 1_700_000_000_000_000,
        duration: 250_000,
        tags: [
          { key: 'error', type: 'bool', value: true },
          { key: 'mall.order.id', type: 'string', value: 'order 1' },
          { key: 'otel.status_code', type: 'string', value: 'ERROR' },
          { key: 'otel.status_description', type: 'string', value: 'sold out' },
          { key: 'span.kind', type: 'string', value: 'client' },
        ],
        logs: [],
        processID: 'p1',
        warnings: null,
      },
    ],
    processes: { p1: { serviceName: 'client', tags: [] } },
    warnings: null,
  };
  assert.deepEqual(body.data, [expected]);
  const tags = encodeURIComponent(JSON.stringify({ 'mall.order.id': 'order 1' }));
  assert.deepEqual((await ask(`/api/traces?service=client&tags=${tags}`)).body.data, [expected]);
  assert.deepEqual((await ask('/api/traces?service=client&tag=mall.order.id:nobodys')).body.data, []);
  assert.deepEqual((await ask('/api/services')).body.data, ['client']);
  assert.deepEqual((await ask('/api/services/client/operations')).body.data, ['buy']);
});

test('the exporter of the SDK is understood', async () => {
  const exporter = new OTLPTraceExporter({ url: `${receiver.url}/v1/traces` });
  const processor = new SimpleSpanProcessor({ exporter });
  const resource = resourceFromAttributes({ 'service.name': 'exporting' });
  const tracer = new TracerProvider({ resource, spanProcessors: [processor] }).getTracer('t');
  const span = tracer.startSpan('exported');
  span.end();
  await processor.shutdown();
  const [found] = store.trace(span.spanContext().traceId) ?? [];
  assert.deepEqual([found?.service, found?.name], ['exporting', 'exported']);
});

test('what cannot be taken is refused with the reason', async () => {
  const told = async (response: Response) =>
    `${response.status} ${JSON.parse(await response.text()).errors?.[0]?.msg}`;
  const noSpans = '400 the body holds no spans as OTLP has them';
  assert.equal(await told(await post('{')), noSpans);
  assert.equal(await told(await post('{"resourceSpans":1}')), noSpans);
  assert.match(await told(await post(json, { 'content-type': 'text/plain' })), /^415 /);
  assert.match(await told(await post('no gzip', { 'content-encoding': 'gzip' })), /^400 .* unpacked$/);
  const bomb = gzipSync(Buffer.alloc(20 * 1024 * 1024));
  assert.match(await told(await post(bomb, { 'content-encoding': 'gzip' })), /^400 .* unpacked$/);
  assert.match(await told(await post(Buffer.alloc(9 * 1024 * 1024, ' '))), /^413 /);
  assert.equal(await told(await fetch(`${receiver.url}/api/traces`)), "400 parameter 'service' is required");
  assert.match(await told(await fetch(`${receiver.url}/api/traces?service=a&minDuration=soon`)), /^400 /);
  assert.match(await told(await fetch(`${receiver.url}/api/traces?service=a&tags=[]`)), /^400 /);
  assert.equal(await told(await fetch(`${receiver.url}/api/traces/ffff`)), '404 trace not found');
  assert.match(await told(await fetch(`${receiver.url}/nowhere`)), /^404 /);
  assert.match(await told(await fetch(`${receiver.url}/v1/traces`)), /^405 /);
});
