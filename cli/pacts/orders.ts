import { type ContextName, contextNames } from '../../proto/catalogue.ts';
import type { PactFile } from './pact-files.ts';
import type { VerificationOrder } from './verified-interaction.ts';

/** The context behind a pacticipant such as `stores-pub` or `baskets-api`; undefined for one of somebody else's. */
export function contextOf(pacticipant: string): ContextName | undefined {
  return contextNames.find((context) => [`${context}-pub`, `${context}-api`].includes(pacticipant));
}

/** What has to be verified, context by context, for all of the pacts to be. */
export function ordersFor(pacts: readonly PactFile[]): VerificationOrder[] {
  return contextNames.flatMap((context) => {
    const files = pacts
      .filter(({ provider }) => contextOf(provider) === context)
      .map(({ provider, path }) => ({ provider, path }));
    return files.length === 0 ? [] : [{ context, files }];
  });
}
