import { Ledger, type LedgerEntry } from './ledger.ts';
import type { PactFile } from './pact-files.ts';
import { ledgerFile } from './places.ts';
import type { ProjectVersion } from './project-version.ts';
import { interactionName, type VerifiedInteraction } from './verified-interaction.ts';

/** Keeps how the pacts stand, for `mall pacts list` and `can-i-deploy` without a broker. */
export function recordResults(
  pacts: readonly PactFile[],
  interactions: readonly VerifiedInteraction[],
  version: ProjectVersion,
): void {
  const at = new Date().toISOString();
  const entries = pacts.flatMap(({ consumer, provider, digest }): LedgerEntry[] => {
    const ours = interactions.filter((each) => each.consumer === consumer && each.provider === provider);
    if (ours.length === 0) return [];
    const failures = ours
      .filter(({ ok }) => !ok)
      .map((each) => ({ interaction: interactionName(each), reason: each.reasons.join('; ') }));
    const changed = version.changed.length > 0;
    return [{ kind: 'verified', at, consumer, provider, digest, version: version.commit, changed, failures }];
  });
  new Ledger(ledgerFile()).add(entries);
}
