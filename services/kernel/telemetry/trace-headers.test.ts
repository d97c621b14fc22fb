import assert from 'node:assert/strict';
import { test } from 'node:test';
import { headersOf, isSampled, spanContextOf, traceHeaders } from './trace-headers.ts';

const [traceId, spanId] = ['0af7651916cd43dd8448eb211c80319c', 'b7ad6b7169203331'];

test('headers lead to a span and back', () => {
  for (const flags of ['00', '01']) {
    const headers = { traceparent: `00-${traceId}-${spanId}-${flags}`, tracestate: 'a=1,b=2' };
    const context = spanContextOf(headers);
    assert.ok(context);
    assert.equal(isSampled(context), flags === '01');
    assert.deepEqual(headersOf(context), headers);
  }
});

test('a later version of the header is read as far as it is known, its flags too', () => {
  const context = spanContextOf({ traceparent: `cc-${traceId}-${spanId}-03-what-may-come` });
  assert.deepEqual(context && headersOf(context), { traceparent: `00-${traceId}-${spanId}-01` });
});

for (const traceparent of [
  '',
  'hello',
  `ff-${traceId}-${spanId}-01`,
  `00-${'0'.repeat(32)}-${spanId}-01`,
  `00-${traceId}-${'0'.repeat(16)}-01`,
  `00-${traceId.toUpperCase()}-${spanId}-01`,
])
  test(`"${traceparent}" leads nowhere`, () => assert.equal(spanContextOf({ traceparent }), undefined));

test('a state without a place, or too long to pass on, is left behind', () => {
  assert.equal(traceHeaders({ tracestate: 'a=1' }), undefined);
  const traceparent = `00-${traceId}-${spanId}-01`;
  assert.deepEqual(traceHeaders({ traceparent, tracestate: `a=${'x'.repeat(600)}` }), { traceparent });
});

test('what could not be a header of the next call is left behind', () => {
  const traceparent = `00-${traceId}-${spanId}-01`;
  assert.equal(traceHeaders({ traceparent: 'wörter' }), undefined);
  assert.equal(traceHeaders({ traceparent: `01-${traceId}-${spanId}-01-\n` }), undefined);
  assert.deepEqual(traceHeaders({ traceparent, tracestate: 'a=ö' }), { traceparent });
});
