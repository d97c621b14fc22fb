import { nearest } from '../terminal/nearest.ts';
import { refuse } from './errors.ts';
import { formatMetric, METRICS, type Metric, metricNamed, type Unit } from './metrics.ts';
import type { Report, ThresholdResult } from './report.ts';

type Comparison = '<' | '<=' | '>' | '>=' | '=';

/** What a figure must be for the run to count as good. */
export interface Threshold {
  /** As it was typed. */
  readonly text: string;
  readonly metric: Metric;
  readonly comparison: Comparison;
  /** In the metric's unit. */
  readonly limit: number;
}

const HOLDS: Readonly<Record<Comparison, (value: number, limit: number) => boolean>> = {
  '<': (value, limit) => value < limit,
  '<=': (value, limit) => value <= limit,
  '>': (value, limit) => value > limit,
  '>=': (value, limit) => value >= limit,
  '=': (value, limit) => value === limit,
};

/** What may follow a number for each unit, and what it multiplies it by; the blank one is what is meant without. */
const SUFFIXES: Readonly<Record<Unit, Readonly<Record<string, number>>>> = {
  ms: { '': 1, ms: 1, s: 1_000 },
  ratio: { '': 1, '%': 0.01 },
  count: { '': 1 },
  'per second': { '': 1, '/s': 1 },
};

const EXAMPLE = "--threshold='order_approved.p99<500ms'";

/** Reads `order_approved.p99<500ms`, `calls.error_rate<1%`, `orders.rejected=0`. */
export function parseThreshold(text: string): Threshold {
  const refusal = (must: string) => refuse(text, { flag: '--threshold', must, example: EXAMPLE });
  const [, name = '', typedComparison, number = '', suffix = ''] =
    /^\s*([\w.]+)\s*(<=|>=|<|>|=)\s*(\d+(?:\.\d+)?)\s*(ms|s|%|\/s)?\s*$/.exec(text) ?? [];
  const comparison = comparisons.find((each) => each === typedComparison);
  if (comparison === undefined) {
    return refusal('be a figure, one of < <= > >= =, and a number with or without ms, s, % or /s');
  }
  const metric = metricNamed(name);
  if (metric === undefined) return refusal(unknown(name));
  const factor = SUFFIXES[metric.unit][suffix];
  if (factor === undefined) {
    const fits = Object.keys(SUFFIXES[metric.unit]).map((each) => each || 'nothing');
    return refusal(
      `have ${fits.join(' or ')} after the number, since ${name} is a ${described[metric.unit]}`,
    );
  }
  return { text, metric, comparison, limit: Number(number) * factor };
}

const comparisons: readonly Comparison[] = ['<=', '>=', '<', '>', '='];

const described: Readonly<Record<Unit, string>> = {
  ms: 'time',
  ratio: 'share',
  count: 'count',
  'per second': 'rate',
};

function unknown(name: string): string {
  const names = METRICS.map((metric) => metric.name);
  const meant = nearest(name, names);
  const some = 'order_approved.p99, calls.error_rate, calls.rate, check_out.p95, orders.rejected';
  return meant === undefined
    ? `name a figure such as ${some}; "${name}" is none`
    : `name a figure that is measured; did you mean ${meant}?`;
}

export function judge(thresholds: readonly Threshold[], report: Report): ThresholdResult[] {
  return thresholds.map(({ text, metric, comparison, limit }) => {
    const value = metric.read(report);
    if (value === null) return { threshold: text, kept: false, value, measured: 'nothing to measure' };
    const kept = HOLDS[comparison](value, limit);
    return { threshold: text, kept, value, measured: formatMetric(value, metric.unit) };
  });
}
