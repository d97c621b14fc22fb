import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { columns } from '../terminal/table.ts';
import { refuse } from './errors.ts';
import { reasonOf } from './failures.ts';
import { formatMetric, METRICS, type Metric } from './metrics.ts';
import { REPORT_SCHEMA, type Report } from './report.ts';

export interface ComparisonRow {
  readonly metric: string;
  readonly before: number;
  readonly now: number;
  /** Now by before; null where before was 0. */
  readonly ratio: number | null;
}

/** What an earlier run measured beside what this one did. */
export interface Comparison {
  /** When the earlier run started. */
  readonly with: string;
  /** In what the two runs were not the same, so that their figures differ for that alone. */
  readonly differences: readonly string[];
  readonly rows: readonly ComparisonRow[];
}

const percentiles = z
  .object({ p50: z.number(), p95: z.number(), p99: z.number(), max: z.number() })
  .nullable();

/** What a comparison reads of an earlier document, which may be of a version that measured less. */
const comparable = z.object({
  schema: z.literal(REPORT_SCHEMA),
  startedAt: z.string(),
  durationMs: z.number(),
  calls: z.array(z.object({ call: z.string(), calls: z.number(), latencyMs: percentiles })),
  orders: z.object({ approved: z.number(), checkoutToApprovedMs: percentiles }),
});

/** Reads the document of an earlier run. @throws BusyworkUsageError where it is none */
export function readReport(path: string): Report {
  const refusal = { flag: '--compare', example: '--json=before.json, then --compare=before.json' };
  let document: unknown;
  try {
    document = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    return refuse(path, {
      ...refusal,
      must: `be a document that --json has written, but it cannot be read (${reasonOf(error)})`,
    });
  }
  if (isReport(document)) return document;
  return refuse(path, {
    ...refusal,
    must: `be a document of the shape ${REPORT_SCHEMA}, as --json writes it`,
  });
}

function isReport(document: unknown): document is Report {
  return comparable.safeParse(document).success;
}

/** Figures both runs have measured, those of the most used calls and of orders. */
export function compareReports({ earlier, now }: { earlier: Report; now: Report }): Comparison {
  const rows = METRICS.filter(isCompared).flatMap((metric): ComparisonRow[] => {
    const before = figureOf(metric, earlier);
    const value = figureOf(metric, now);
    if (before === null || value === null || (before === 0 && value === 0)) return [];
    return [{ metric: metric.name, before, now: value, ratio: before === 0 ? null : value / before }];
  });
  return { with: earlier.startedAt, differences: differencesOf(earlier, now), rows };
}

/** Of single calls and activities the middle and the tail, of everything together what there is but extremes. */
function isCompared({ name, unit }: Metric): boolean {
  const [subject = '', figure = ''] = name.split('.');
  if (['calls', 'orders', 'order_approved'].includes(subject)) {
    return unit !== 'count' ? figure !== 'max' : ['count', 'approved', 'rejected'].includes(figure);
  }
  return subject !== 'arrivals' && ['p50', 'p99'].includes(figure);
}

/** An older document may lack what a metric reads. */
function figureOf(metric: Metric, report: Report): number | null {
  try {
    return metric.read(report) ?? null;
  } catch {
    return null;
  }
}

function differencesOf(earlier: Report, now: Report): string[] {
  const settings = ['pace', 'clients', 'load', 'mix', 'seed'] as const;
  return settings
    .filter((name) => JSON.stringify(earlier[name] ?? null) !== JSON.stringify(now[name] ?? null))
    .map((name) => `${name} differs`);
}

export function comparisonLines(comparison: Comparison): string[] {
  const unitOf = (name: string) => METRICS.find((metric) => metric.name === name)?.unit ?? 'count';
  const rows = comparison.rows.map(({ metric, before, now, ratio }) => [
    metric,
    formatMetric(before, unitOf(metric)).padStart(12),
    formatMetric(now, unitOf(metric)).padStart(12),
    (ratio === null ? '-' : `× ${ratio.toFixed(2)}`).padStart(8),
  ]);
  const head = [
    `compared with ${comparison.with}`,
    'before'.padStart(12),
    'now'.padStart(12),
    'ratio'.padStart(8),
  ];
  return ['', ...columns(rows, head).split('\n'), ...comparison.differences.map((each) => `note: ${each}`)];
}
