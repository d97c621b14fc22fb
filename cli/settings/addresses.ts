import { z } from 'zod';
import { type ContextName, contextNames } from '../../proto/contexts.ts';
import { nearest } from '../terminal/nearest.ts';

/** Addresses by the logical names of contexts, which are theirs in upper case. */
export type AddressesByService = Readonly<Record<string, string>>;

export function isHostAndPort(text: string): boolean {
  const port = /^(?:[\w.-]+|\[[\da-fA-F:.]+\]):(\d{1,5})$/.exec(text)?.[1];
  return port !== undefined && Number(port) > 0 && Number(port) <= 65_535;
}

export function isHttpUrl(text: string): boolean {
  return URL.canParse(text) && ['http:', 'https:'].includes(new URL(text).protocol);
}

/** The logical name of a context: `STORES`. */
export function logicalName(context: ContextName): string {
  return context.toUpperCase();
}

/**
 * Pairs such as `STORES=stores:9000,CUSTOMERS=customers:9000`, as the original's RPC_SERVICES has them: blanks around
 * pairs and empty pairs do not matter, names may be in lower case.
 */
export function addressesByService(of: { example: string; isAddress: (text: string) => boolean }) {
  return z.string().transform((text, context): AddressesByService => {
    const addresses: Record<string, string> = {};
    for (const pair of text.split(',').map((each) => each.trim())) {
      if (pair === '') continue;
      const complaint = complaintAbout(pair, of);
      if (complaint !== undefined) {
        context.addIssue(complaint);
        return z.NEVER;
      }
      const [name = '', address = ''] = pair.split('=').map((part) => part.trim());
      addresses[name.toUpperCase()] = address;
    }
    return addresses;
  });
}

function complaintAbout(
  pair: string,
  { example, isAddress }: { example: string; isAddress: (text: string) => boolean },
): string | undefined {
  const [name = '', address, ...more] = pair.split('=').map((part) => part.trim());
  if (address === undefined || more.length > 0) return `"${pair}" must read like ${example}`;
  if (!contextNames.some((known) => known === name.toLowerCase())) {
    const meant = nearest(name.toLowerCase(), contextNames);
    return `"${name}" is no context${meant === undefined ? '' : `; did you mean ${meant.toUpperCase()}?`}`;
  }
  return isAddress(address) ? undefined : `"${address}" is no address: it must read like ${example}`;
}
