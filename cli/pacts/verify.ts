import { availableParallelism } from 'node:os';
import { startTestServers } from '../../containers/embedded/test-servers.ts';
import type { ContextName } from '../../proto/catalogue.ts';
import { contextNames } from '../../proto/catalogue.ts';
import { Broker, type BrokerAccess, brokerEnvironment } from './broker.ts';
import { contextOf, ordersFor } from './orders.ts';
import type { PactFile } from './pact-files.ts';
import type { ProjectVersion } from './project-version.ts';
import { mustBeCommitted } from './publish.ts';
import { recordResults } from './record-results.ts';
import { runVerification, type VerificationOutcome } from './run-verification.ts';
import type { VerificationOrder } from './verified-interaction.ts';

export interface VerifyOptions {
  readonly pacts: readonly PactFile[];
  readonly version: ProjectVersion;
  readonly access: BrokerAccess | undefined;
  /** Whether the broker is told the results. */
  readonly publish: boolean;
  /** Of these contexts only; all when empty. */
  readonly contexts: readonly ContextName[];
  /** The one pact to verify, as a broker's webhook names it. */
  readonly pact: { readonly provider: string; readonly url: string } | undefined;
  readonly signal: AbortSignal;
  readonly onContext: (outcome: VerificationOutcome) => void;
}

/** Verifies the contexts against the pacts of a broker, or of the files. @throws CliError */
export async function verifyPacts(options: VerifyOptions): Promise<readonly VerificationOutcome[]> {
  const { access, publish, version, signal, onContext } = options;
  if (access && publish) mustBeCommitted(version, 'Publishing results');
  if (access) await Broker.open(access);
  const orders = access ? brokerOrders(options, access) : fileOrders(options);
  const servers = await startTestServers();
  try {
    const outcomes = await runVerification(orders, {
      parallel: Math.max(2, availableParallelism()),
      environment: {
        MALL_TEST_POSTGRES_URL: servers.postgresUrl,
        MALL_TEST_NATS_URL: servers.natsUrl,
        ...(access && brokerEnvironment(access)),
      },
      signal,
      onContext,
    });
    const verified = outcomes.flatMap((each) => ('interactions' in each ? each.interactions : []));
    if (!access) recordResults(options.pacts, verified, version);
    return outcomes;
  } finally {
    await servers.stop();
  }
}

function fileOrders({ pacts, contexts }: VerifyOptions): VerificationOrder[] {
  return ordersFor(pacts).filter(({ context }) => contexts.length === 0 || isAmong(context, contexts));
}

function brokerOrders(options: VerifyOptions, { url }: BrokerAccess): VerificationOrder[] {
  const { contexts, pact, publish, version } = options;
  const { commit, branch, buildUrl } = version;
  const broker = { url, version: commit, branch, buildUrl, publish, ...(pact && { pact }) };
  const wanted = pact ? [contextOf(pact.provider)] : contexts.length > 0 ? contexts : contextNames;
  return wanted.flatMap((context) => (context === undefined ? [] : [{ context, files: [], broker }]));
}

function isAmong(name: string, names: readonly string[]): boolean {
  return names.includes(name);
}
