import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newTrace, traceparent } from './trace.ts';

test('calls of one trace share its id and differ in their own', () => {
  const trace = newTrace({ sampled: true });
  const [first, second] = [traceparent(trace), traceparent(trace)];
  assert.match(first, /^00-[\da-f]{32}-[\da-f]{16}-01$/);
  assert.equal(first.slice(3, 35), second.slice(3, 35));
  assert.notEqual(first, second);
});

test('what is not worth recording says so', () => {
  assert.match(traceparent(newTrace({ sampled: false })), /-00$/);
});
