import type { ContextName } from '../../proto/contexts.ts';
import { CliError } from '../cli-error.ts';
import { exitCodes } from '../exit-codes.ts';

/** A setting that a process of a mall cannot do without. @throws CliError (3) */
export function required(value: string | undefined, variable: string, example: string): string {
  if (value !== undefined) return value;
  throw new CliError(`\`mall serve\` needs ${variable}, which is not set.`, {
    exitCode: exitCodes.configuration,
    next: `set it, for example to ${example}`,
  });
}

/** One address for several contexts holds `{context}` where it differs. */
export function ofContext(url: string, context: ContextName): string {
  return url.replaceAll(/\{context\}|%7Bcontext%7D/gi, context);
}

/** An address with this password; as it is where there is none. */
export function withPassword(url: string, password: string | undefined): string {
  if (password === undefined) return url;
  const address = new URL(url);
  // What it is set to is taken to be encoded already where it holds a percent sign.
  address.password = encodeURIComponent(password);
  return address.href;
}

export const exampleUrls = {
  postgres: 'postgres://{context}_user:password@postgres:5432/{context}',
  migration: 'postgres://{context}_owner:password@postgres:5432/{context}',
  nats: 'nats://nats:4222',
} as const;
