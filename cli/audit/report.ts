import type { Output } from '../terminal/output.ts';
import { columns } from '../terminal/table.ts';
import type { AuditResult } from './audit.ts';
import type { RuleOutcome } from './findings.ts';

export interface Audited extends AuditResult {
  readonly name: string;
  readonly tookMs: number;
  /** Whether the mall was seen at rest; undefined where nobody waited for it. */
  readonly quiet: boolean | undefined;
}

/** Tells the outcome: a table of all rules, then the violations, then one sentence. */
export function report(audited: Audited, output: Output): void {
  if (output.json) {
    output.document('mall.audit/1', documentOf(audited));
    return;
  }
  output.result(
    columns(
      audited.outcomes.map((outcome) => line(outcome, output)),
      head,
      { width: output.resultWidth, spare: ['SKIPPED', 'MOVING'] },
    ),
  );
  for (const outcome of audited.outcomes.filter(({ violations }) => violations > 0)) {
    output.result(`\n${outcome.rule.title}: ${outcome.rule.promise}`);
    for (const { ids, says } of outcome.shown)
      output.result(`  ${says}${ids.length > 0 ? `  [${ids.join(' ')}]` : ''}`);
    const rest = outcome.violations - outcome.shown.length;
    if (rest > 0) output.result(`  and ${rest} more`);
  }
  output.result(`\n${sentence(audited)}`);
}

const head = ['RULE', 'CHECKED', 'SKIPPED', 'MOVING', 'VIOLATIONS'];

function line({ rule, checked, skipped, moving, violations }: RuleOutcome, output: Output): string[] {
  const wrong = output.paint(violations > 0 ? 'red' : 'green', String(violations));
  return [rule.title, String(checked), String(skipped || '-'), String(moving || '-'), wrong];
}

function sentence({ name, violations, moving, quiet, tookMs }: Audited): string {
  const time = `${(tookMs / 1000).toFixed(1)} s`;
  const verdict =
    violations > 0
      ? `The mall "${name}" has ${violations} ${violations === 1 ? 'violation' : 'violations'}`
      : `The mall "${name}" keeps its promises`;
  const hint = quiet === undefined ? '; `--wait 30s` waits until it rests' : '';
  const motion =
    moving > 0
      ? ` While it was read, ${moving} ${moving === 1 ? 'thing was' : 'things were'} on the way${hint}.`
      : '';
  const unrest = quiet === false ? ' It did not come to rest in time.' : '';
  return `${verdict} (read in ${time}).${motion}${unrest}`;
}

function documentOf({ name, outcomes, violations, moving, quiet, tookMs }: Audited) {
  return {
    name,
    clean: violations === 0,
    quiet: quiet ?? null,
    violations,
    moving,
    tookMs,
    rules: outcomes.map(({ rule, shown, ...counts }) => ({
      id: rule.id,
      title: rule.title,
      promise: rule.promise,
      ...counts,
      shown: shown.map(({ ids, says }) => ({ ids, says })),
    })),
  };
}
