import type { VerifierOptions } from '@pact-foundation/pact';
import type { VerificationOrder } from '../../cli/pacts/verified-interaction.ts';

/** Where the pacts come from, and where the results go: files, or a broker. */
export type PactSource = Pick<
  VerifierOptions,
  | 'pactUrls'
  | 'pactBrokerUrl'
  | 'pactBrokerUsername'
  | 'pactBrokerPassword'
  | 'pactBrokerToken'
  | 'consumerVersionSelectors'
  | 'enablePending'
  | 'publishVerificationResult'
  | 'providerVersion'
  | 'providerVersionBranch'
  | 'buildUrl'
>;

/** The pacts of one provider that are to be verified; undefined when there are none. */
export function sourceFor(
  provider: string,
  { files, broker }: VerificationOrder,
  env: NodeJS.ProcessEnv,
): PactSource | undefined {
  const pactUrls = files.filter((file) => file.provider === provider).map(({ path }) => path);
  if (!broker) return pactUrls.length === 0 ? undefined : { pactUrls };
  if (broker.pact && broker.pact.provider !== provider) return undefined;
  const { branch, buildUrl } = broker;
  return {
    ...(env.PACT_BROKER_TOKEN && { pactBrokerToken: env.PACT_BROKER_TOKEN }),
    ...(env.PACT_BROKER_USERNAME && { pactBrokerUsername: env.PACT_BROKER_USERNAME }),
    ...(env.PACT_BROKER_PASSWORD && { pactBrokerPassword: env.PACT_BROKER_PASSWORD }),
    ...(broker.pact ? { pactUrls: [broker.pact.url] } : selected(broker.url, branch)),
    publishVerificationResult: broker.publish,
    providerVersion: broker.version,
    ...(branch !== undefined && { providerVersionBranch: branch }),
    ...(buildUrl !== undefined && { buildUrl }),
  };
}

/** What merged consumers expect, what those that run expect, and what the same branch expects, where there is one. */
function selected(pactBrokerUrl: string, branch: string | undefined): PactSource {
  return {
    pactBrokerUrl,
    consumerVersionSelectors: [
      { mainBranch: true },
      { deployedOrReleased: true },
      // A broker refuses this one from a version without a branch.
      ...(branch === undefined ? [] : [{ matchingBranch: true }]),
    ],
    enablePending: true,
  };
}
