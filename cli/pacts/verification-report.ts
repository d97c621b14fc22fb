import type { Output } from '../terminal/output.ts';
import type { VerificationOutcome } from './run-verification.ts';
import { interactionName } from './verified-interaction.ts';

/** Tells how a verification went. @returns how many failures count */
export function reportVerification(outcomes: readonly VerificationOutcome[], output: Output): number {
  const interactions = outcomes.flatMap((each) => ('interactions' in each ? each.interactions : []));
  const broken = outcomes.flatMap((each) => ('broken' in each ? [`${each.context}: ${each.broken}`] : []));
  if (interactions.length === 0 && broken.length === 0) broken.push('there was nothing to verify');
  const failed = interactions.filter(({ ok, pending }) => !ok && !pending);
  const count = failed.length + broken.length;
  if (output.json) {
    output.document('mall.pacts.verify/1', { interactions, broken, failures: count });
    return count;
  }
  for (const each of interactions.filter(({ ok }) => !ok)) {
    const mark = each.pending ? output.paint('yellow', 'pending') : output.paint('red', '✖');
    output.result(`${mark} ${each.consumer} of ${each.provider}: ${interactionName(each)}`);
    for (const reason of each.reasons) output.result(`    ${reason}`);
  }
  for (const each of broken) output.result(`${output.paint('red', '✖')} ${each}`);
  const verdict = count === 0 ? 'all kept' : `${count} not kept`;
  output.result(`${interactions.length} interactions verified, ${verdict}.`);
  return count;
}
