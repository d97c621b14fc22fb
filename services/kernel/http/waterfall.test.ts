import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ReadSpan } from './trace-reader.ts';
import { waterfallOf } from './waterfall.ts';

interface Shape {
  readonly id: string;
  readonly parent?: string;
  readonly kind?: string;
  readonly at: number;
  readonly took: number;
  readonly service?: string;
  readonly tags?: Readonly<Record<string, string | number | boolean>>;
}

/** A span at so many microseconds after the beginning. */
function span({ id, parent, kind, at, took, service = 'p1', tags = {} }: Shape): ReadSpan {
  const all = { ...(kind && { 'span.kind': kind }), ...tags };
  return {
    traceID: 't',
    spanID: id,
    operationName: `span ${id}`,
    references: parent ? [{ refType: 'CHILD_OF', spanID: parent }] : [],
    startTime: 1_700_000_000_000_000 + at,
    duration: took,
    tags: Object.entries(all).map(([key, value]) => ({ key, value })),
    logs: [],
    processID: service,
  };
}

function waterfall(...shapes: readonly Shape[]) {
  const processes = { p1: { serviceName: 'baskets' }, p2: { serviceName: 'ordering' } };
  return waterfallOf({ traceID: 't', spans: shapes.map(span), processes });
}

const sending = { 'messaging.operation.type': 'send' };

test('each request, call and handled message is a hop with what happened within it', () => {
  const { hops, durationMs, services, title, orders } = waterfall(
    { id: 'statement', parent: 'call', kind: 'client', at: 300, took: 100 },
    { id: 'request', kind: 'server', at: 0, took: 1_000, tags: { 'mall.order.id': 'o' } },
    { id: 'call', parent: 'request', kind: 'server', at: 100, took: 800 },
    { id: 'create', parent: 'call', kind: 'producer', at: 500, took: 100 },
    { id: 'send', parent: 'create', kind: 'client', at: 2_000, took: 500, tags: sending },
    { id: 'process', parent: 'create', kind: 'consumer', at: 3_000, took: 2_000, service: 'p2' },
  );
  assert.deepEqual(
    hops.map(({ spanId, depth, startMs, service }) => [spanId, depth, startMs, service]),
    [
      ['request', 0, 0, 'baskets'],
      ['call', 1, 0.1, 'baskets'],
      ['process', 0, 3, 'ordering'],
    ],
  );
  assert.deepEqual(
    hops.map(({ steps }) => steps.map(({ name }) => name)),
    [[], ['span statement', 'span create', 'span send'], []],
  );
  assert.deepEqual(hops[2]?.journey, { createdMs: 0.5, sentMs: 2, acknowledgedMs: 2.5 });
  assert.deepEqual(
    [title, durationMs, services, orders],
    ['span request', 5, ['baskets', 'ordering'], ['o']],
  );
});

test('what failed says why', () => {
  const failure = { error: true, 'otel.status_description': 'no such order' };
  const { failed, hops } = waterfall({ id: 'a', kind: 'server', at: 0, took: 1, tags: failure });
  assert.deepEqual([failed, hops[0]?.error], [true, 'no such order']);
  assert.equal(waterfall({ id: 'a', at: 0, took: 1 }).failed, false);
});

test('a saga tells where it goes', () => {
  const sagaOf = (status: string, step: string) =>
    waterfall({ id: 'a', at: 0, took: 1, tags: { 'mall.saga.status': status, 'mall.saga.step': step } })
      .hops[0]?.saga;
  assert.equal(sagaOf('running', 'confirm payment'), 'confirm payment');
  assert.equal(sagaOf('compensating', 'create order'), 'undo create order');
  assert.equal(sagaOf('completed', 'approve order'), 'completed');
});

test('spans whose parent is not kept, or that are their own, stand alone', () => {
  const { hops } = waterfall(
    { id: 'lost', parent: 'gone', kind: 'client', at: 10, took: 1 },
    { id: 'self', parent: 'self', at: 20, took: 1 },
    { id: 'one', parent: 'other', at: 30, took: 1 },
    { id: 'other', parent: 'one', at: 40, took: 1 },
  );
  assert.deepEqual(
    hops.map(({ spanId }) => spanId),
    ['lost', 'self', 'one'],
  );
});
