import type { VerificationOutcome } from '../../pacts/run-verification.ts';
import { interactionName } from '../../pacts/verified-interaction.ts';
import { formatDuration } from '../../terminal/duration.ts';
import type { Output } from '../../terminal/output.ts';
import type { TestReport } from '../test-report.ts';
import type { KeptPacts } from './keep-pacts.ts';

export interface ContractsRun {
  /** The consumers' tests have told their failures themselves where there is no report. */
  readonly consumers: { readonly failed: boolean; readonly report: TestReport | undefined };
  readonly kept: KeptPacts;
  readonly outcomes: readonly VerificationOutcome[];
  readonly overdue: boolean;
  readonly tookMs: number;
}

/** Failures beyond these are counted only. */
const shownFailures = 10;

/** Every failure with its reason, for people. */
function failures(run: ContractsRun): string[] {
  const { kept, outcomes } = run;
  return [
    ...(run.overdue ? ['the run was not done by its deadline'] : []),
    ...consumerFailures(run.consumers),
    ...kept.missing.map((contract) => `owed and missing: ${contract}`),
    ...(kept.frozen ? kept.changed.map((name) => `pacts/files/${name} is not what its test makes`) : []),
    ...outcomes.flatMap(failuresIn),
  ];
}

function consumerFailures({ failed, report }: ContractsRun['consumers']): string[] {
  if (!failed) return [];
  if (report === undefined) return ["consumers' tests failed; their failures are told above"];
  if (report.failures.length === 0) return ["consumers' tests came to no end"];
  return report.failures.map(({ name, file, message }) => `${name}: ${message}${file ? ` (${file})` : ''}`);
}

function failuresIn(outcome: VerificationOutcome): string[] {
  if ('broken' in outcome) return [`${outcome.context}: ${outcome.broken}`];
  return outcome.interactions
    .filter(({ ok }) => !ok)
    .map((each) => {
      const reasons = each.reasons.map((reason) => `\n      ${reason}`).join('');
      return `${each.consumer} of ${each.provider}: ${interactionName(each)}${reasons}`;
    });
}

export function failuresOf(run: ContractsRun): number {
  return failures(run).length;
}

export function reportContracts(run: ContractsRun, output: Output): void {
  const interactions = run.outcomes.flatMap((each) => ('interactions' in each ? each.interactions : []));
  const found = failures(run);
  const { pacts, changed, missing } = run.kept;
  if (output.json) {
    const counts = { pacts: pacts.length, interactions: interactions.length, failures: found.length };
    const { tookMs } = run;
    const consumers = run.consumers.report;
    const success = found.length === 0;
    const rest = { tookMs, changed, missing, consumers, interactions, found };
    output.document('mall.test.contracts/1', { success, ...counts, ...rest });
    return;
  }
  const shown = found.slice(0, shownFailures).map((text) => `  ${output.paint('red', '✖')} ${text}`);
  if (shown.length > 0) output.result(shown.join('\n'));
  if (found.length > shownFailures) output.result(`  and ${found.length - shownFailures} more`);
  if (changed.length > 0 && !run.kept.frozen)
    output.warn(`pact files changed, to be committed: ${changed.join(', ')}`);
  const counts = `${interactions.length} interactions in ${pacts.length} pacts`;
  const verdict = found.length === 0 ? 'all kept' : `${found.length} failed`;
  output.result(`Contracts: ${counts}, ${verdict} (${formatDuration(run.tookMs)}).`);
}
