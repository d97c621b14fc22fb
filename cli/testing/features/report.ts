import { relative } from 'node:path';
import type { Output } from '../../terminal/output.ts';
import type { AuditedMall } from './audits.ts';
import type { ScenarioOutcome } from './job.ts';

/** All that is to be told of a run. */
export interface FeatureRun {
  readonly mall: string;
  readonly infra: string;
  readonly mode: string;
  readonly outcomes: readonly ScenarioOutcome[];
  readonly planned: number;
  readonly broken: string | undefined;
  /** Scenarios that were left out, and what they need. */
  readonly leftOut: { readonly scenarios: number; readonly need: string };
  readonly audits: readonly AuditedMall[];
  readonly folder: string;
  readonly tookMs: number;
}

/** Failures that are told in full; the reports have all of them. */
const shownFailures = 10;

export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly violations: number;
}

export function countsOf({ outcomes, audits }: FeatureRun): Counts {
  const count = (status: ScenarioOutcome['status']) =>
    outcomes.filter((outcome) => outcome.status === status).length;
  return {
    passed: count('passed'),
    failed: count('failed'),
    skipped: count('skipped'),
    violations: audits.reduce((sum, { violations }) => sum + violations, 0),
  };
}

/** Tells what became of the run: the first failures with their places, then one line that counts. */
export function reportRun(run: FeatureRun, output: Output): void {
  const counts = countsOf(run);
  if (output.json) {
    output.document('mall.test-features/1', documentOf(run, counts));
    return;
  }
  const failures = run.outcomes.filter(({ status }) => status === 'failed');
  for (const { place, scenario, reason } of failures.slice(0, shownFailures)) {
    output.result(`\n${output.paint('red', '✖')} ${scenario}\n  ${place}\n  ${indented(reason)}`);
  }
  if (failures.length > shownFailures) output.result(`\nand ${failures.length - shownFailures} more`);
  if (run.planned === 0 && run.broken === undefined)
    output.result(`\nNone of the scenarios that were asked for can be run: they need ${run.leftOut.need}.`);
  if (run.broken !== undefined) output.result(`\nThe run came to no proper end: ${run.broken}.`);
  for (const audited of run.audits) tellAudit(audited, output);
  output.result(`\n${sentence(run, counts)}`);
  // Nothing was run, and nothing written.
  if (run.planned === 0) return;
  output.result(
    `reports: ${relative(process.cwd(), run.folder) || '.'} (report.html, junit.xml, report.json, messages.ndjson)`,
  );
}

function tellAudit({ name, violations, quiet, says }: AuditedMall, output: Output): void {
  if (!quiet) output.result(`\nThe mall "${name}" did not come to rest.`);
  if (violations === 0) return;
  output.result(`\nThe audit of the mall "${name}" found ${violations} ${plural(violations, 'violation')}:`);
  for (const each of says.slice(0, shownFailures)) output.result(`  ${each}`);
}

function sentence(run: FeatureRun, { passed, failed, skipped, violations }: Counts): string {
  const { leftOut, audits, tookMs } = run;
  const parts = [`${passed} passed`, `${failed} failed`];
  if (skipped > 0) parts.push(`${skipped} skipped`);
  if (leftOut.scenarios > 0) parts.push(`${leftOut.scenarios} left out (they need ${leftOut.need})`);
  const audit =
    audits.length === 0 ? 'not audited' : `audit: ${violations} ${plural(violations, 'violation')}`;
  return `features: ${parts.join(', ')} in ${(tookMs / 1000).toFixed(1)} s; ${audit}; ${placeOf(run)}`;
}

/** Of a mall elsewhere nobody knows how it was started. */
function placeOf({ mall, infra, mode, audits }: FeatureRun): string {
  return audits.length === 0 ? mall : `${infra}, ${mode}`;
}

function documentOf(run: FeatureRun, counts: Counts): Readonly<Record<string, unknown>> {
  const { mall, infra, mode, planned, broken, leftOut, audits, folder, tookMs, outcomes } = run;
  return {
    success: counts.failed === 0 && counts.violations === 0 && broken === undefined,
    mall,
    infra,
    mode,
    ...counts,
    planned,
    leftOut,
    broken: broken ?? null,
    tookMs,
    folder,
    audits,
    failures: outcomes.filter(({ status }) => status === 'failed'),
  };
}

function plural(count: number, word: string): string {
  return count === 1 ? word : `${word}s`;
}

function indented(text: string): string {
  return text.split('\n').join('\n  ');
}
