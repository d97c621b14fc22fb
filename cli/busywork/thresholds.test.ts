import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exitCodeOf } from './make-report.ts';
import { METRICS } from './metrics.ts';
import type { Report } from './report.ts';
import { exampleReport } from './testing/example-report.ts';
import { judge, parseThreshold } from './thresholds.ts';

const keeps = (text: string, report: Report = exampleReport()) =>
  judge([parseThreshold(text)], report)[0]?.kept;

test('a threshold compares a figure with a number in its unit', () => {
  const cases: readonly (readonly [string, boolean])[] = [
    ['order_approved.p99<301ms', true],
    ['order_approved.p99<300ms', false],
    ['order_approved.p99 <= 0.3s', true],
    ['order_approved.p99<=300', true],
    ['calls.error_rate<=2%', true],
    ['calls.error_rate<0.02', false],
    ['calls.count=200', true],
    ['calls.rate>=20/s', true],
    ['calls.rate>20', false],
    ['orders.rejected=0', false],
    ['add_item.failed<5', true],
    ['check_out.p95<25ms', true],
    ['buy.troubled=1', true],
    ['arrivals.turned_away=0', true],
    ['generator.busy<50%', true],
  ];
  for (const [text, kept] of cases) assert.equal(keeps(text), kept, text);
});

test('a figure that was not measured keeps no threshold', () => {
  const [result] = judge([parseThreshold('create_store.p99<1s')], exampleReport());
  assert.deepEqual(result, {
    threshold: 'create_store.p99<1s',
    kept: false,
    value: null,
    measured: 'nothing to measure',
  });
});

test('a missed threshold is exit code 6; one about failures takes the place of exit code 1', () => {
  const judged = (...texts: string[]) =>
    exampleReport({ thresholds: judge(texts.map(parseThreshold), exampleReport()) });
  assert.equal(exitCodeOf(judged()), 1);
  assert.equal(exitCodeOf(judged('orders.rejected=0')), 6);
  assert.equal(exitCodeOf(judged('calls.rate>1')), 1);
  assert.equal(exitCodeOf(judged('calls.error_rate<3%')), 0);
  assert.equal(exitCodeOf(judged('calls.error_rate<1%')), 6);
});

test('every figure has a name of its own that can be typed', () => {
  const names = METRICS.map(({ name }) => name);
  assert.equal(new Set(names).size, names.length);
  for (const name of names) assert.equal(parseThreshold(`${name}<1`).metric.name, name);
});
