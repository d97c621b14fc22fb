import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mergedMetrics } from './merged-metrics.ts';

test('each metric is told once, with the samples of all processes under their names', () => {
  const stores = [
    '# HELP up_seconds Uptime',
    '# TYPE up_seconds gauge',
    'up_seconds 12',
    '',
    '# HELP stores_sent_messages_count Sent',
    '# TYPE stores_sent_messages_count counter',
    'stores_sent_messages_count{message="stores.StoreCreated"} 3 1700000000',
    '',
  ];
  const search = [
    '# HELP latency_seconds Time to handle',
    '# TYPE latency_seconds histogram',
    'latency_seconds_bucket{le="+Inf"} 2',
    'latency_seconds_sum 0.5',
    '# HELP up_seconds Uptime',
    '# TYPE up_seconds gauge',
    'up_seconds{service="search-2",text="a } b"} 7',
    '',
  ];
  const merged = mergedMetrics([
    { service: 'stores', text: stores.join('\n') },
    { service: 'search', text: search.join('\n') },
    { service: 'away', text: '' },
  ]);
  assert.deepEqual(merged.split('\n'), [
    '# HELP up_seconds Uptime',
    '# TYPE up_seconds gauge',
    'up_seconds{service="stores"} 12',
    'up_seconds{service="search-2",text="a } b"} 7',
    '',
    '# HELP stores_sent_messages_count Sent',
    '# TYPE stores_sent_messages_count counter',
    'stores_sent_messages_count{message="stores.StoreCreated",service="stores"} 3 1700000000',
    '',
    '# HELP latency_seconds Time to handle',
    '# TYPE latency_seconds histogram',
    'latency_seconds_bucket{le="+Inf",service="search"} 2',
    'latency_seconds_sum{service="search"} 0.5',
    '',
    '',
  ]);
});
