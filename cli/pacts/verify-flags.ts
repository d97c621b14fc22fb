import { type ContextName, contextNames } from '../../proto/catalogue.ts';
import { CliError } from '../cli-error.ts';
import { exitCodes } from '../exit-codes.ts';
import { nearest } from '../terminal/nearest.ts';
import type { BrokerAccess } from './broker.ts';
import { contextOf } from './orders.ts';

/** Contexts, named as such or as pacticipants. @throws CliError (2) */
export function readProviders(named: unknown): ContextName[] {
  if (!Array.isArray(named)) return [];
  return named.map(String).map((name) => {
    const context = contextOf(name) ?? contextNames.find((each) => each === name);
    if (context !== undefined) return context;
    const meant = nearest(name, contextNames);
    throw new CliError(`--provider cannot be "${name}": there is no such context.`, {
      exitCode: exitCodes.usage,
      next: meant === undefined ? `the contexts are ${contextNames.join(', ')}` : `did you mean ${meant}?`,
    });
  });
}

/** The pact that a webhook names; its address says which provider it is about. @throws CliError (2) */
export function readPactUrl(
  url: unknown,
  access: BrokerAccess | undefined,
): { readonly provider: string; readonly url: string } | undefined {
  if (typeof url !== 'string') return undefined;
  const refusal = (problem: string, next: string) =>
    new CliError(`--pact-url ${problem}.`, { exitCode: exitCodes.usage, next });
  if (access === undefined) throw refusal('needs the broker it is of', 'set PACT_BROKER_BASE_URL');
  const provider = decodeURIComponent(/\/pacts\/provider\/([^/]+)\//.exec(url)?.[1] ?? '');
  if (contextOf(provider) === undefined)
    throw refusal(
      `cannot be "${url}": it names no provider of this project`,
      'take it from the webhook as it is',
    );
  return { provider, url };
}
