import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dashboardQueries, dashboards, selectorsOf } from './testing/queries.ts';

/** The collector's own metrics (0.150), as its documentation of internal telemetry lists them. */
const ofTheCollector = new Set([
  'otelcol_receiver_accepted_spans',
  'otelcol_receiver_refused_spans',
  'otelcol_receiver_accepted_metric_points',
  'otelcol_receiver_refused_metric_points',
  'otelcol_exporter_sent_spans',
  'otelcol_exporter_send_failed_spans',
  'otelcol_exporter_sent_metric_points',
  'otelcol_exporter_send_failed_metric_points',
  'otelcol_exporter_queue_size',
  'otelcol_exporter_queue_capacity',
  'otelcol_exporter_enqueue_failed_spans',
  'otelcol_processor_incoming_items',
  'otelcol_processor_outgoing_items',
  'otelcol_processor_batch_batch_send_size_sum',
  'otelcol_processor_batch_batch_send_size_count',
  'otelcol_processor_batch_batch_size_trigger_send',
  'otelcol_processor_batch_timeout_trigger_send',
]);

test("row P-42: the collector's dashboard asks for metrics that its version has", () => {
  const collector = dashboards().find(({ title }) => title === 'OpenTelemetry Collector');
  assert.ok(collector);
  for (const { where, expr } of dashboardQueries(collector))
    for (const { metric } of selectorsOf(expr)) assert.ok(ofTheCollector.has(metric), `${where}: ${metric}`);
});

test('dashboards keep the addresses they had in the original', () => {
  const known = Object.fromEntries(dashboards().map(({ title, uid }) => [title, uid]));
  assert.deepEqual(known, {
    Application: 'Pc9ixd4Vk',
    'OpenTelemetry Collector': 'BKf2sowmj',
    Orders: 'mall-orders',
  });
});

test('the metrics of a query are told apart from all else in it', () => {
  const query =
    'histogram_quantile(0.99, sum by (le, service) (rate(a_bucket{outcome="x y", state=~"a|b"}[5m]))) > 2 and b == 0';
  assert.deepEqual(selectorsOf(query), [
    { metric: 'a_bucket', labels: ['outcome', 'state'] },
    { metric: 'b', labels: [] },
  ]);
});
