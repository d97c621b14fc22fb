import { z } from 'zod';
import { CliError } from '../cli-error.ts';
import { exitCodes } from '../exit-codes.ts';
import { Broker, type BrokerAccess } from './broker.ts';
import { failuresOf, pactAt, resultAt } from './broker-results.ts';
import type { LedgerEntry, Verified } from './ledger.ts';
import { pactCli } from './pact-cli.ts';
import type { PactFile } from './pact-files.ts';

/** Whether versions can go where others run. */
export interface Deployability {
  readonly deployable: boolean;
  /** Every pair that stands in the way, with the reason; what the broker says where it is asked. */
  readonly reasons: readonly string[];
}

export interface Deployment {
  readonly pacticipants: readonly string[];
  /** They have one version, since they are one project. */
  readonly version: string;
  readonly environment: string;
}

const linked = z.object({ self: z.object({ href: z.string() }) });
const answer = z.object({
  summary: z.object({ deployable: z.boolean().nullable(), reason: z.string() }),
  matrix: z
    .array(
      z.object({
        consumer: z.object({ name: z.string() }),
        provider: z.object({ name: z.string() }),
        pact: z.object({ _links: linked.optional() }).nullish(),
        verificationResult: z.object({ success: z.boolean(), _links: linked.optional() }).nullish(),
      }),
    )
    .default([]),
});

/** Asks the broker. Its client answers a question it knows no answer to with exit code 0, so its words count. */
export async function askBroker(access: BrokerAccess, deployment: Deployment): Promise<Deployability> {
  const broker = await Broker.open(access);
  const { pacticipants, version, environment } = deployment;
  const selectors = pacticipants.flatMap((name) => ['--pacticipant', name, '--version', version]);
  const { code, said } = await pactCli(access, [
    'can-i-deploy',
    ...selectors,
    ...['--to-environment', environment, '--output', 'json'],
  ]);
  const { data } = answer.safeParse(jsonIn(said));
  if (!data) {
    throw new CliError(
      `The broker at ${access.url} did not say whether ${version.slice(0, 10)} can be deployed.`,
      {
        exitCode: exitCodes.checkFailed,
        cause: said || `its client ended with code ${code}`,
        next: `check that the environment "${environment}" exists there and that this version was published`,
      },
    );
  }
  const { summary, matrix } = data;
  const pairs = matrix.filter(({ verificationResult }) => verificationResult?.success !== true);
  const reasons = await Promise.all(pairs.map((row) => obstaclesAt(broker, row)));
  return { deployable: summary.deployable === true, reasons: [summary.reason, ...reasons.flat()] };
}

/** What stands in the way of a pair: each interaction that was not kept, where the broker was told. */
async function obstaclesAt(
  broker: Broker,
  { consumer, provider, pact, verificationResult }: z.output<typeof answer>['matrix'][number],
): Promise<string[]> {
  const pair = `${consumer.name} of ${provider.name}`;
  if (!verificationResult) return [`${pair}: it is not verified`];
  const result = await resultAt(broker, verificationResult._links?.self.href);
  const href = pact?._links?.self.href;
  const failures = result && href ? failuresOf(await pactAt(broker, href), result) : [];
  if (failures.length === 0) return [`${pair}: the verification failed`];
  return failures.map((failure) => `${pair}: ${failure}`);
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text.slice(text.indexOf('{')));
  } catch {
    return undefined;
  }
}

/** What the ledger knows, by the broker's rules: each pair must be verified as it would run. */
export function askLedger(
  pacts: readonly PactFile[],
  entries: readonly LedgerEntry[],
  { pacticipants, version, environment }: Deployment,
): Deployability {
  const deployed = (name: string) =>
    entries.findLast(
      (each) => each.kind === 'deployed' && each.pacticipant === name && each.environment === environment,
    );
  const versionOf = (name: string): string | undefined => {
    if (pacticipants.includes(name)) return version;
    const found = deployed(name);
    return found?.kind === 'deployed' ? found.version : undefined;
  };
  const reasons = pacts.flatMap(({ consumer, provider }) => {
    if (!pacticipants.includes(consumer) && !pacticipants.includes(provider)) return [];
    const [consumerVersion, providerVersion] = [versionOf(consumer), versionOf(provider)];
    // Nobody is there who could be broken.
    if (consumerVersion === undefined) return [];
    const pair = `${consumer} of ${provider}`;
    if (providerVersion === undefined) return [`${pair}: ${provider} is not deployed to ${environment}`];
    const digest = digestOf({ consumer, provider, version: consumerVersion }, pacts, entries, version);
    return obstacle(lastVerified(entries, { consumer, provider, digest, version: providerVersion })).map(
      (reason) => `${pair}: ${reason}`,
    );
  });
  return { deployable: reasons.length === 0, reasons };
}

type Pair = { readonly consumer: string; readonly provider: string };

/** What the consumer's version expects: the file at hand is the checked-out version's. */
function digestOf(
  { consumer, provider, version }: Pair & { readonly version: string },
  pacts: readonly PactFile[],
  entries: readonly LedgerEntry[],
  checkedOut: string,
): string | undefined {
  if (version === checkedOut)
    return pacts.find((pact) => pact.consumer === consumer && pact.provider === provider)?.digest;
  const found = entries.findLast(
    (each) =>
      each.kind === 'published' &&
      each.consumer === consumer &&
      each.provider === provider &&
      each.version === version,
  );
  return found?.kind === 'published' ? found.digest : undefined;
}

function lastVerified(
  entries: readonly LedgerEntry[],
  wanted: Pair & { readonly digest: string | undefined; readonly version: string },
): Verified | undefined {
  return entries
    .filter((each) => each.kind === 'verified')
    .findLast(
      (each) =>
        each.consumer === wanted.consumer &&
        each.provider === wanted.provider &&
        each.digest === wanted.digest &&
        each.version === wanted.version,
    );
}

function obstacle(verified: Verified | undefined): string[] {
  if (verified === undefined) return ['it is not verified'];
  if (verified.changed) return ['it was verified with files that differ from the commit'];
  return verified.failures.map(({ interaction, reason }) => `${interaction}: ${reason}`);
}
