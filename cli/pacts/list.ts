import { z } from 'zod';
import type { Broker } from './broker.ts';
import { failuresOf, interactionsOf, pactAt, resultAt } from './broker-results.ts';
import type { LedgerEntry } from './ledger.ts';
import type { PactFile } from './pact-files.ts';
import { interactionName } from './verified-interaction.ts';

/** How a pact stands: who owes whom what, and whether it is kept. */
export interface PactStanding {
  readonly consumer: string;
  readonly provider: string;
  readonly interactions: readonly string[];
  /** The provider's version it was last verified with; undefined when it never was. */
  readonly verified:
    | { readonly version: string; readonly at: string | undefined; readonly ok: boolean }
    | undefined;
  /** What the provider did not keep, with the reasons, as far as that is known. */
  readonly failures: readonly string[];
}

/** The pact files and what the ledger knows of them. A file that has changed since counts as not verified. */
export function standingOfFiles(pacts: readonly PactFile[], entries: readonly LedgerEntry[]): PactStanding[] {
  return pacts.map(({ consumer, provider, digest, interactions }) => {
    const last = entries
      .filter((each) => each.kind === 'verified')
      .findLast((each) => each.consumer === consumer && each.provider === provider && each.digest === digest);
    return {
      consumer,
      provider,
      interactions: interactions.map(({ description, providerStates }) =>
        interactionName({ description, states: providerStates.map(({ name }) => name) }),
      ),
      verified: last && { version: last.version, at: last.at, ok: last.failures.length === 0 },
      failures: last?.failures.map(({ interaction, reason }) => `${interaction}: ${reason}`) ?? [],
    };
  });
}

const link = z.object({ href: z.string() });
const latest = z.object({
  // A broker gives two links: to the latest pact, whichever that is, and to this one.
  pacts: z.array(z.object({ _links: z.object({ self: z.union([link, z.tuple([link], link)]) }) })),
});

/** The latest pacts that a broker has. @throws CliError (3, 4) */
export async function standingAtBroker(broker: Broker): Promise<PactStanding[]> {
  const { pacts } = latest.parse(await broker.read(broker.latestPacts));
  const standings: PactStanding[] = [];
  for (const { _links } of pacts) {
    const pact = await pactAt(broker, (Array.isArray(_links.self) ? _links.self[0] : _links.self).href);
    const result = await resultAt(broker, pact._links['pb:latest-verification-results']?.href);
    standings.push({
      consumer: pact.consumer.name,
      provider: pact.provider.name,
      interactions: interactionsOf(pact),
      verified: result && {
        version: result.providerApplicationVersion,
        at: result.verificationDate ?? undefined,
        ok: result.success,
      },
      failures: result ? failuresOf(pact, result) : [],
    });
  }
  return standings;
}
