import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { JsonTraceSerializer, ProtobufTraceSerializer } from '@opentelemetry/otlp-transformer';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import { readJson } from './otlp-json.ts';
import { readProtobuf } from './otlp-protobuf.ts';
import { SpanStore } from './span-store.ts';
import { storeExporter } from './store-exporter.ts';

/** Spans as the SDK makes them, with one of everything. */
function recorded(): ReadableSpan[] {
  const exporter = new InMemorySpanExporter();
  const resource = resourceFromAttributes({ 'service.name': 'baskets', 'service.namespace': 'mall' });
  const provider = new TracerProvider({ resource, spanProcessors: [new SimpleSpanProcessor({ exporter })] });
  const tracer = provider.getTracer('mall');
  const startTime: [number, number] = [1_700_000_000, 123_456_789];
  const parent = tracer.startSpan('PUT /api/baskets/{id}', { kind: SpanKind.SERVER, startTime });
  const child = tracer.startSpan(
    'process ä',
    {
      kind: SpanKind.CONSUMER,
      startTime,
      attributes: { text: 'ä', count: 3, share: 0.5, negative: -7, yes: true, list: ['a', 'b'] },
      links: [{ context: parent.spanContext() }],
    },
    trace.setSpan(ROOT_CONTEXT, parent),
  );
  child.addEvent('parked', { attempt: 2 }, [1_700_000_000, 200_000_000]);
  child.setStatus({ code: SpanStatusCode.ERROR, message: 'no such order' });
  child.end([1_700_000_001, 123_456_789]);
  parent.end([1_700_000_002, 0]);
  return exporter.getFinishedSpans();
}

function storedDirectly(spans: ReadableSpan[]) {
  const store = new SpanStore();
  storeExporter(store).export(spans, () => undefined);
  return store.trace(spans[0]?.spanContext().traceId ?? '');
}

test('a span is the same whether it comes as protobuf, as JSON or from this process', () => {
  const spans = recorded();
  const [child, parent] = storedDirectly(spans) ?? [];
  assert.deepEqual(readProtobuf(ProtobufTraceSerializer.serializeRequest(spans) ?? new Uint8Array()), [
    child,
    parent,
  ]);
  const json = new TextDecoder().decode(JsonTraceSerializer.serializeRequest(spans));
  assert.deepEqual(readJson(json), [child, parent]);
  assert.deepEqual(
    { ...child, traceId: '', spanId: '', parentSpanId: '', links: [] },
    {
      traceId: '',
      spanId: '',
      parentSpanId: '',
      service: 'baskets',
      resource: { 'service.namespace': 'mall' },
      name: 'process ä',
      kind: 'consumer',
      startUs: 1_700_000_000_123_456,
      durationUs: 1_000_000,
      attributes: { text: 'ä', count: 3, share: 0.5, negative: -7, yes: true, list: '["a","b"]' },
      events: [{ timeUs: 1_700_000_000_200_000, name: 'parked', attributes: { attempt: 2 } }],
      links: [],
      status: 'error',
      statusMessage: 'no such order',
      traceState: '',
      scope: { name: 'mall', version: '' },
    },
  );
  assert.equal(child?.parentSpanId, parent?.spanId);
  assert.deepEqual(child?.links, [{ traceId: parent?.traceId, spanId: parent?.spanId }]);
});

test('what one span may hold is bounded', () => {
  const exporter = new InMemorySpanExporter();
  const provider = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] });
  const attributes = Object.fromEntries(Array.from({ length: 100 }, (_, n) => [`a${n}`, 'x'.repeat(5_000)]));
  provider.getTracer('mall').startSpan('large', { attributes }).end();
  const spans = exporter.getFinishedSpans();
  const bytes = ProtobufTraceSerializer.serializeRequest(spans) ?? new Uint8Array();
  for (const [span] of [readProtobuf(bytes), storedDirectly(spans) ?? []]) {
    assert.equal(Object.keys(span?.attributes ?? {}).length, 64);
    assert.equal(String(span?.attributes.a0).length, 1_024);
  }
});

test('bytes that are no spans are refused', () => {
  assert.throws(() => readProtobuf(Buffer.from('hello')));
  assert.throws(() => readJson('{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"x"}]}]}]}'));
});
