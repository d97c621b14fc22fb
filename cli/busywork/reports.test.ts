import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { compareReports, comparisonLines, readReport } from './compare.ts';
import { BusyworkUsageError } from './errors.ts';
import { bottleneckOf } from './generator.ts';
import { htmlReport } from './html-report.ts';
import { liveTable } from './live-table.ts';
import { createSeries } from './series.ts';
import { createStatistics } from './statistics.ts';
import { exampleReport } from './testing/example-report.ts';

const folder = mkdtempSync(join(tmpdir(), 'mall-busywork-'));
after(() => rmSync(folder, { recursive: true }));

test('the page needs nothing from anywhere and shows every part, with data as text', () => {
  const earlier = exampleReport();
  const page = htmlReport(earlier, compareReports({ earlier, now: earlier }));
  assert.doesNotMatch(page, /<script|<link|<img|https?:|url\(|@import/);
  assert.match(page, /<meta name="viewport"/);
  assert.match(page, /prefers-color-scheme: dark/);
  assert.equal(page.match(/<svg /g)?.length, 6);
  assert.match(page, /&lt;b&gt;no&lt;\/b&gt;/);
  for (const text of [
    'Checkout to approved',
    '3 × 503, 1 × timeout',
    '5 arrivals a second',
    'Compared with',
  ]) {
    assert.ok(page.includes(text), text);
  }
});

test('a chart breaks its line where nothing was measured, and shows what stands alone as a dot', () => {
  const { series } = exampleReport();
  const [moment] = series;
  assert.ok(moment);
  const more = [4_000, 5_000].map((atMs) => ({ ...moment, atMs }));
  const page = htmlReport(exampleReport({ series: [...series, ...more] }), null);
  const [, approved = ''] = page.split('aria-label="Checkout to approved, ms"');
  const [, line = ''] = /class="line c4" d="([^"]+)"/.exec(approved) ?? [];
  assert.match(line, /^M[\d. ]+L[\d. ]+L[\d. ]+$/);
  const [, dots = ''] = /class="line dot c4" d="([^"]+)"/.exec(approved) ?? [];
  assert.match(dots, /^M[\d. ]+h0$/);
});

test('a comparison gives figures of both runs with their ratio, and says how the runs differ', () => {
  const now = exampleReport({ seed: 8, orders: { ...exampleReport().orders, approved: 24 } });
  const { rows, differences } = compareReports({ earlier: exampleReport(), now });
  const row = (name: string) => rows.find(({ metric }) => metric === name);
  assert.deepEqual(row('orders.approved'), { metric: 'orders.approved', before: 48, now: 24, ratio: 0.5 });
  assert.equal(row('check_out.p99')?.ratio, 1);
  assert.equal(row('create_store.p99'), undefined);
  assert.deepEqual(differences, ['seed differs']);
  const text = comparisonLines(compareReports({ earlier: exampleReport(), now })).join('\n');
  assert.match(text, /orders\.approved +48 +24 +× 0\.50/);
});

test('only documents of earlier runs are compared with; older ones may lack figures', () => {
  const path = join(folder, 'report.json');
  const { allCallsMs, arrivals, generator, series, thresholds, load, mix, ...older } = exampleReport();
  writeFileSync(path, JSON.stringify(older));
  const { rows } = compareReports({ earlier: readReport(path), now: exampleReport() });
  assert.ok(rows.some(({ metric }) => metric === 'order_approved.p99'));
  assert.ok(!rows.some(({ metric }) => metric === 'calls.p99'));
  for (const content of ['{}', 'no JSON']) {
    writeFileSync(path, content);
    assert.throws(() => readReport(path), BusyworkUsageError);
  }
  assert.throws(() => readReport(join(folder, 'missing.json')), /--compare .*ENOENT/);
});

test('a long run has no more moments than a chart can show; counts add up', () => {
  const series = createSeries();
  for (let second = 1; second <= 2_000; second += 1) {
    series.called({ kind: 'answered', ms: second });
    series.decided('approved', 5);
    series.tick({ atMs: second * 1_000, wantedRate: null, inside: 1, busy: 0.1 });
  }
  const moments = series.moments();
  assert.ok(moments.length <= 601 && moments.length > 300, `${moments.length}`);
  assert.equal(
    moments.reduce((sum, { calls }) => sum + calls, 0),
    2_000,
  );
  assert.equal(
    moments.reduce((sum, { forMs }) => sum + forMs, 0),
    2_000_000,
  );
  assert.equal(moments.at(-1)?.callMs?.p50, 2_000);
});

test('the simulator says when it was the bottleneck itself', () => {
  const late = (p95: number) => ({ lateMs: { p50: 0, p95, p99: p95, max: p95 } });
  assert.equal(bottleneckOf(0.5, late(3)), null);
  assert.equal(bottleneckOf(0.5, { lateMs: null }), null);
  assert.match(bottleneckOf(0.95, late(3)) ?? '', /busy 95 % of the time/);
  assert.match(bottleneckOf(0.5, late(80)) ?? '', /1 arrival in 20 began more than 80 ms late/);
});

test('the live table tells rates, percentiles, orders by state and errors', () => {
  const statistics = createStatistics();
  statistics.called('add item', { kind: 'failed', failure: '503', ms: 1 });
  const { orders, series } = exampleReport();
  const facts = { forMs: 3_000, durationMs: 10_000, wantedRate: 5, inside: 3, last: series[0] };
  const text = liveTable({ ...facts, statistics, orders }, 79).join('\n');
  assert.match(text, /3 s of 10 s, 5 arrivals a second, 3 inside, simulator busy 20 %/);
  assert.match(text, /calls +20 +1 +1 +10\.0 +20\.0 +30\.0 +40\.0/);
  assert.match(text, /49 placed, 0 open, 48 approved, 1 rejected, 0 cancelled/);
  assert.match(text, /errors +add item: 1 × 503/);
});

test('the live table fits a narrow terminal without losing what matters most', () => {
  const { orders, series } = exampleReport();
  const facts = { forMs: 3_000, durationMs: 10_000, wantedRate: 5, inside: 3, last: series[0], orders };
  for (const width of [59, 79]) {
    const lines = liveTable({ ...facts, statistics: createStatistics() }, width);
    assert.deepEqual(
      lines.filter((line) => line.length > width),
      [],
    );
    const text = lines.join('\n');
    for (const told of ['per s', 'failed', 'p50 ms', 'p99 ms', '0 cancelled', 'simulator'])
      assert.ok(text.includes(told), `${width}: ${told}`);
    assert.equal(text.includes('max ms'), width === 79);
  }
});
