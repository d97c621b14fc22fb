import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { messages } from '../../proto/catalogue.ts';
import { startTestProcess, type TestProcess } from '../../services/kernel/testing/index.ts';
import { mallModules } from '../../services/mall.ts';
import { dashboardQueries, dashboards, ruleQueries, selectorsOf, seriesIn } from './testing/queries.ts';

/** Labels and metrics that Prometheus adds to what it scrapes. */
const ofPrometheus = { labels: new Set(['job', 'instance', 'le']), metrics: new Set(['up']) };

let mall: TestProcess;
let series: Map<string, Set<string>>;

before(async () => {
  mall = await startTestProcess(mallModules());
  const storeId = await mall.created('/api/stores', { name: 'Waldorf Books', location: 'the mall' });
  const productId = await mall.created(`/api/stores/${storeId}/products`, { name: 'Wizard', price: 9.99 });
  const customerId = await mall.created('/api/customers', { name: 'Kermit', smsNumber: '555-555-1212' });
  const orderId = await mall.created('/api/baskets', { customerId });
  await mall.rest('PUT', `/api/baskets/${orderId}/addItem`, { productId, quantity: 1 });
  const paymentId = await mall.created('/api/payments', { customerId, amount: 100 });
  await mall.rest('PUT', `/api/baskets/${orderId}/checkout`, { paymentId });
  await mall.nextMessage(messages.ordering.orderApproved, ({ id }) => id === orderId);
  const { body } = await mall.rest('GET', '/metrics');
  series = seriesIn(String(body));
});
after(() => mall?.stop());

const ours = dashboards().filter(({ title }) => title !== 'OpenTelemetry Collector');

for (const { where, expr } of [...ours.flatMap(dashboardQueries), ...ruleQueries()]) {
  test(`rows P-41, P-69: ${where} asks for what a running mall exports`, () => {
    const selectors = selectorsOf(expr);
    assert.ok(selectors.length > 0, `${expr} asks for something`);
    for (const { metric, labels } of selectors) {
      if (ofPrometheus.metrics.has(metric)) continue;
      const known = series.get(metric);
      assert.ok(known, `${metric} is exported`);
      for (const label of labels)
        assert.ok(known.has(label) || ofPrometheus.labels.has(label), `${metric} has the label ${label}`);
    }
  });
}

test('labels grouped by are labels of the metrics they group', () => {
  for (const { where, expr } of [...ours.flatMap(dashboardQueries), ...ruleQueries()]) {
    const known = new Set(selectorsOf(expr).flatMap(({ metric }) => [...(series.get(metric) ?? [])]));
    for (const [, group = ''] of expr.matchAll(/\bby\s*\(([^)]*)\)/g))
      for (const label of group.split(',').map((each) => each.trim()))
        assert.ok(known.has(label) || ofPrometheus.labels.has(label), `${where}: ${label}`);
  }
});

test('row P-40: each message is counted once, under its own name', async () => {
  const { body } = await mall.rest('GET', '/metrics');
  assert.doesNotMatch(String(body), /message="all"/);
  assert.match(String(body), /^baskets_checked_out_count 1$/m);
  assert.match(String(body), /^baskets_sent_messages_count\{message="basketsapi.BasketCheckedOut"\} 1$/m);
});

test('an order that was approved shows in the time orders take', async () => {
  const { body } = await mall.rest('GET', '/metrics');
  assert.match(String(body), /^mall_order_seconds_count\{outcome="approved"\} [01]$/m);
  assert.match(String(body), /^mall_order_seconds_count\{outcome="rejected"\} 0$/m);
  assert.match(String(body), /^mall_outbox_messages\{service="ordering"\} \d+$/m);
  assert.match(String(body), /^mall_sagas\{saga="cosec.CreateOrder",state="attention"\} 0$/m);
});
