import { type Command, Option } from 'commander';
import type { Role } from '../../services/mall.ts';
import { CliError } from '../cli-error.ts';
import { exitCodes } from '../exit-codes.ts';
import { loadSettings } from '../settings/index.ts';
import { parseDuration } from '../terminal/duration.ts';
import { outputOf, verb } from './verb.ts';

/** Every role with what it is for: spelled here, so that `mall token --help` loads nothing of the mall. */
const roles: Readonly<Record<Role, string>> = {
  customer: 'own baskets, orders, payments and invoices',
  'store-owner': 'stores and products',
  depot: 'shopping lists',
  service: 'everything',
};

/** A token cannot be called back, so it ends on its own within a year. */
const MAX_TTL_MS = 365 * 24 * 3_600_000;

const NOTES = `
Roles:
${Object.entries(roles)
  .map(([role, reach]) => `  ${role.padEnd(12)} ${reach}`)
  .join('\n')}

The token is signed with MALL_AUTH_SECRET, which must be the running mall's. Send it as
  authorization: Bearer <token>`;

interface TokenFlags {
  readonly role: string;
  readonly sub: string;
  readonly ttl: string;
}

/** `mall token`: a token for a mall whose callers must show one. */
export function tokenCommand(): Command {
  return verb({
    name: 'token',
    description: 'Prints a token for a mall that was started with MALL_AUTH_SECRET.',
    examples: [
      [
        'mall token --role customer --sub <customer id>',
        'for a shopper; the id is what registering answered',
      ],
      ['mall token --role store-owner --sub me --ttl 8h', 'for a working day'],
    ],
  })
    .addOption(
      new Option('--role <role>', 'what its holder is').choices(Object.keys(roles)).makeOptionMandatory(),
    )
    .requiredOption('--sub <id>', "who its holder is: a customer's id, or a name")
    .option('--ttl <time>', 'how long it holds, up to a year', '1h')
    .addHelpText('after', NOTES)
    .action(token);
}

async function token(flags: TokenFlags & Readonly<Record<string, unknown>>): Promise<void> {
  const { role, sub: id } = flags;
  if (!isRole(role)) throw refusal(`--role cannot be ${JSON.stringify(role)}`);
  if (!/^\P{Cc}{1,128}$/u.test(id)) throw refusal('--sub must have 1 to 128 printable characters');
  const ttlMs = parseDuration(flags.ttl) ?? 0;
  if (ttlMs <= 0 || ttlMs > MAX_TTL_MS)
    throw refusal(
      `--ttl cannot be ${JSON.stringify(flags.ttl)}: it must be a length of time up to a year, as 8h`,
    );
  const { settings } = await loadSettings({});
  if (settings.authSecret === undefined) throw noSecret();
  const { Tokens } = await import('../../services/mall.ts');
  const made = await new Tokens(settings.authSecret).mint({ id, role }, { ttlMs });
  const output = outputOf(flags);
  if (output.json) return output.document('mall.token/1', { token: made, sub: id, role });
  output.result(made);
}

function isRole(text: string): text is Role {
  return Object.hasOwn(roles, text);
}

function refusal(problem: string): CliError {
  return new CliError(`${problem}.`, { exitCode: exitCodes.usage, next: '`mall token --help` shows how' });
}

function noSecret(): CliError {
  return new CliError('MALL_AUTH_SECRET is not set, so there is nothing to sign a token with.', {
    exitCode: exitCodes.configuration,
    next: 'set it to the secret the mall was started with; a mall without one asks nobody for a token',
  });
}
