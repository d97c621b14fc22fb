import { z } from 'zod';
import type { Broker } from './broker.ts';
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

const latest = z.object({
  pacts: z.array(z.object({ _links: z.object({ self: z.object({ href: z.string() }) }) })),
});
const onePact = z.object({
  consumer: z.object({ name: z.string() }),
  provider: z.object({ name: z.string() }),
  interactions: z
    .array(
      z.object({
        description: z.string(),
        providerStates: z.array(z.object({ name: z.string() })).default([]),
      }),
    )
    .default([]),
  _embedded: z
    .object({
      latestVerificationResult: z
        .object({
          success: z.boolean(),
          providerApplicationVersion: z.string(),
          verificationDate: z.string().optional(),
        })
        .optional(),
    })
    .optional(),
});

/** The latest pacts that a broker has. @throws CliError (3, 4) */
export async function standingAtBroker(broker: Broker): Promise<PactStanding[]> {
  const { pacts } = latest.parse(await broker.read(broker.latestPacts));
  const standings: PactStanding[] = [];
  for (const { _links } of pacts) {
    const pact = onePact.parse(await broker.read(_links.self.href));
    const result = pact._embedded?.latestVerificationResult;
    standings.push({
      consumer: pact.consumer.name,
      provider: pact.provider.name,
      interactions: pact.interactions.map(({ description, providerStates }) =>
        interactionName({ description, states: providerStates.map(({ name }) => name) }),
      ),
      verified: result && {
        version: result.providerApplicationVersion,
        at: result.verificationDate,
        ok: result.success,
      },
      failures: [],
    });
  }
  return standings;
}
