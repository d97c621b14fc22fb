import { ordersFor } from '../../pacts/orders.ts';
import type { PactFile } from '../../pacts/pact-files.ts';
import {
  runVerification,
  type VerificationOutcome,
  type VerificationRun,
} from '../../pacts/run-verification.ts';
import { interactionName } from '../../pacts/verified-interaction.ts';
import { Narrator } from '../../terminal/narrator.ts';
import type { Output } from '../../terminal/output.ts';

/** Verifies the contexts against pact files, telling each failure as it comes. */
export async function verifyFiles(
  pacts: readonly PactFile[],
  { output, ...run }: VerificationRun & { readonly output: Output },
): Promise<readonly VerificationOutcome[]> {
  const narrator = new Narrator(output);
  narrator.step('verifying the providers');
  try {
    return await runVerification(ordersFor(pacts), {
      ...run,
      onContext: (outcome) => {
        if ('broken' in outcome) return narrator.note(`✖ ${outcome.context}: ${outcome.broken}`);
        for (const each of outcome.interactions) {
          if (!each.ok) narrator.note(`✖ ${each.consumer} of ${each.provider}: ${interactionName(each)}`);
        }
      },
    });
  } finally {
    narrator.done();
  }
}
