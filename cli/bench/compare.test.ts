import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareReports, readReport } from './compare.ts';
import { markdownOf } from './markdown.ts';
import { type BenchReport, figureReports, reportShape, schemaName } from './report.ts';

function reportOf(values: { latency: number; rate: number; polled?: number }): BenchReport {
  const measured = (value: number) => ({ value, least: value, most: value });
  return {
    schema: schemaName,
    version: '0.0.0',
    startedAt: '2026-11-27T00:00:00.000Z',
    tookSeconds: 1,
    quick: false,
    flatPercent: 100,
    machine: {
      processor: 'p',
      cores: 2,
      memoryGb: 1,
      system: 's',
      node: 'v24',
      diskSyncMs: 1,
      loadBefore: 0,
    },
    durability: { postgres: 'synced', nats: 'synced' },
    figures: figureReports({
      woken: new Map([
        ['append.rate', measured(values.rate)],
        ['checkout.rate10.p50', measured(values.latency)],
      ]),
      polled: new Map(values.polled ? [['checkout.rate10.p50', measured(values.polled)]] : []),
      runs: new Map([['append.rate', 3]]),
    }),
  };
}

const before = reportOf({ latency: 20, rate: 1_000 });

test('a slower time and a lower rate are both worse, beyond what is allowed', () => {
  const slower = compareReports(reportOf({ latency: 30, rate: 700 }), before, { worseByPercent: 25 });
  assert.deepEqual(
    slower.map(({ id, worse }) => [id, worse]),
    [
      ['checkout.rate10.p50', true],
      ['append.rate', true],
    ],
  );
  const allowed = compareReports(reportOf({ latency: 24, rate: 850 }), before, { worseByPercent: 25 });
  assert.ok(allowed.every(({ worse, ratio }) => !worse && ratio < 1));
});

test('figures that only one of both reports has are not compared', () => {
  const other = { ...before, figures: before.figures.filter(({ id }) => id === 'append.rate') };
  assert.deepEqual(
    compareReports(before, other, { worseByPercent: 25 }).map(({ id }) => id),
    ['append.rate'],
  );
});

test("the gain is how many times the original's relay is slower", () => {
  const [latency] = reportOf({ latency: 20, rate: 1, polled: 2_000 }).figures;
  assert.equal(latency?.gain, 100);
});

test('a report is read back as it was written; any other file is refused', () => {
  assert.deepEqual(reportShape.parse(JSON.parse(JSON.stringify(before))), before);
  assert.throws(() => readReport('/dev/null'), /no report of `mall bench`/);
});

test('the page has a row per figure, the gain, and what it was compared with', () => {
  const report = reportOf({ latency: 30, rate: 1_000, polled: 3_000 });
  const page = markdownOf(report, compareReports(report, before, { worseByPercent: 25 }));
  assert.match(page, /checkout to approved, 10 orders\/s, p50 \| 30\.0 ms .*×100 .*20\.0 ms \| ×0\.67 ✖/);
  assert.match(page, /Postgres: synced/);
});
