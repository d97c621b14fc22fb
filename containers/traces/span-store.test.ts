import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StoredSpan } from './span.ts';
import { SpanStore } from './span-store.ts';

function span(traceId: string, more: Partial<StoredSpan> = {}): StoredSpan {
  return {
    traceId,
    spanId: 's',
    parentSpanId: '',
    service: 'baskets',
    resource: {},
    name: 'checkout',
    kind: 'server',
    startUs: 1_000,
    durationUs: 10,
    attributes: {},
    events: [],
    links: [],
    status: 'unset',
    traceState: '',
    scope: { name: '', version: '' },
    statusMessage: '',
    ...more,
  };
}

test('the oldest traces make room for new ones, and one trace cannot take all of it', () => {
  const store = new SpanStore({ spans: 5, spansOfTrace: 3 });
  store.add([span('a'), span('a'), span('a'), span('a')]);
  assert.equal(store.trace('a')?.length, 3);
  store.add([span('b'), span('b')]);
  assert.equal(store.size, 5);
  store.add([span('c')]);
  assert.equal(store.trace('a'), undefined);
  assert.deepEqual([store.trace('b')?.length, store.trace('c')?.length, store.size], [2, 1, 3]);
});

test('a trace is found by what one of its spans has, the newest first', () => {
  const store = new SpanStore();
  store.add([
    span('a', { service: 'cosec', attributes: { 'mall.order.id': 'o' }, startUs: 1 }),
    span('a', { service: 'depot', attributes: { 'mall.attempt': 2 }, startUs: 50, status: 'error' }),
    span('b', { service: 'cosec', attributes: { 'mall.order.id': 'o' }, startUs: 200, durationUs: 900 }),
    span('c', { service: 'cosec', name: 'other', resource: { 'host.name': 'h' } }),
  ]);
  const found = (query: Partial<Parameters<SpanStore['find']>[0]>) =>
    store.find({ limit: 10, ...query }).map((trace) => trace[0]?.traceId);
  assert.deepEqual(found({ service: 'cosec' }), ['c', 'b', 'a']);
  assert.deepEqual(found({ service: 'cosec', limit: 1 }), ['c']);
  assert.deepEqual(found({ tags: { 'mall.order.id': 'o' } }), ['b', 'a']);
  assert.deepEqual(found({ service: 'depot', tags: { 'mall.order.id': 'o' } }), []);
  assert.deepEqual(found({ tags: { 'mall.attempt': '2', error: 'true' } }), ['a']);
  assert.deepEqual(found({ tags: { 'host.name': 'h' } }), ['c']);
  assert.deepEqual(found({ operation: 'other' }), ['c']);
  assert.deepEqual(found({ startUs: 100, endUs: 300 }), ['b']);
  assert.deepEqual(found({ minDurationUs: 500 }), ['b']);
  assert.deepEqual(store.services(), ['cosec', 'depot']);
  assert.deepEqual(store.operations('cosec'), [
    { name: 'checkout', kind: 'server' },
    { name: 'other', kind: 'server' },
  ]);
});
