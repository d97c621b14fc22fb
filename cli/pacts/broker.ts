import { z } from 'zod';
import { CliError } from '../cli-error.ts';
import { exitCodes } from '../exit-codes.ts';

/** Where the broker is and how it is to let us in. */
export interface BrokerAccess {
  readonly url: string;
  readonly secrets:
    | { readonly token: string }
    | { readonly username: string; readonly password: string }
    | undefined;
  /** How long it may take for an answer; 10 s when absent. */
  readonly answerWithinMs?: number;
}

const usualAnswerWithinMs = 10_000;

/**
 * The broker that flags, or else the usual `PACT_BROKER_*` variables, name; undefined when none is named.
 * @throws CliError (2, 3) for an address or secrets that cannot be meant
 */
export function brokerAccess(
  flags: Readonly<Record<string, unknown>>,
  env: NodeJS.ProcessEnv = process.env,
): BrokerAccess | undefined {
  const given = (flag: string, variable: string) =>
    typeof flags[flag] === 'string' ? flags[flag] : env[variable] || undefined;
  const url = given('brokerUrl', 'PACT_BROKER_BASE_URL');
  if (url === undefined) return undefined;
  const token = given('brokerToken', 'PACT_BROKER_TOKEN');
  const username = given('brokerUsername', 'PACT_BROKER_USERNAME');
  const password = given('brokerPassword', 'PACT_BROKER_PASSWORD');
  return { url: brokerUrl(url, flags.brokerUrl === url), secrets: secretsOf({ token, username, password }) };
}

function brokerUrl(text: string, byFlag: boolean): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    const sentence = 'The address of the broker must begin with http:// or https://.';
    if (!byFlag) throw refusal(sentence, 'set PACT_BROKER_BASE_URL');
    throw new CliError(sentence, {
      exitCode: exitCodes.usage,
      next: 'correct --broker-url, for example `--broker-url https://broker.example`',
    });
  }
  if (url.username !== '' || url.password !== '') {
    const next = 'set PACT_BROKER_USERNAME and PACT_BROKER_PASSWORD, and leave them out of the address';
    throw refusal('The address of the broker holds secrets, which would show in logs.', next);
  }
  return url.href.replace(/\/$/, '');
}

function secretsOf({
  token,
  username,
  password,
}: Record<'token' | 'username' | 'password', string | undefined>): BrokerAccess['secrets'] {
  if (token !== undefined && username !== undefined) {
    const next = 'unset PACT_BROKER_TOKEN, or PACT_BROKER_USERNAME and PACT_BROKER_PASSWORD';
    throw refusal('The broker is to be told a token and a user: it takes one of them.', next);
  }
  if (token !== undefined) return { token };
  if ((username === undefined) !== (password === undefined)) {
    const which = username === undefined ? 'a password without a user' : 'a user without a password';
    throw refusal(`The broker is to be told ${which}.`, 'set PACT_BROKER_USERNAME and PACT_BROKER_PASSWORD');
  }
  return username === undefined || password === undefined ? undefined : { username, password };
}

function refusal(sentence: string, next: string): CliError {
  return new CliError(sentence, { exitCode: exitCodes.configuration, next });
}

/** Secrets as the broker's clients find them: on a command line everybody on the machine could read them. */
export function brokerEnvironment({ url, secrets }: BrokerAccess): NodeJS.ProcessEnv {
  const none = {
    PACT_BROKER_TOKEN: undefined,
    PACT_BROKER_USERNAME: undefined,
    PACT_BROKER_PASSWORD: undefined,
  };
  return {
    PACT_BROKER_BASE_URL: url,
    ...none,
    ...(secrets &&
      ('token' in secrets
        ? { PACT_BROKER_TOKEN: secrets.token }
        : { PACT_BROKER_USERNAME: secrets.username, PACT_BROKER_PASSWORD: secrets.password })),
  };
}

const link = z.object({ href: z.string() });
const index = z.object({ _links: z.object({ 'pb:latest-pact-versions': link }) });

/** A Pact Broker, read over its links. */
export class Broker {
  readonly access: BrokerAccess;
  readonly #latest: string;

  private constructor(access: BrokerAccess, latest: string) {
    this.access = access;
    this.#latest = latest;
  }

  /** Looks whether it is there, is a broker and lets us in. @throws CliError (3, 4) */
  static async open(access: BrokerAccess): Promise<Broker> {
    const { data } = index.safeParse(await get(access, access.url));
    if (data) return new Broker(access, data._links['pb:latest-pact-versions'].href);
    throw new CliError(`What answers at ${access.url} is no Pact Broker.`, {
      exitCode: exitCodes.configuration,
      next: 'set PACT_BROKER_BASE_URL to the page the broker opens with',
    });
  }

  /** The address of its list of latest pacts. */
  get latestPacts(): string {
    return this.#latest;
  }

  /** Reads a resource. @throws CliError (3, 4) */
  read(href: string): Promise<unknown> {
    return get(this.access, href);
  }

  /** Reads a resource that need not be there. @throws CliError (3, 4) */
  async find(href: string): Promise<unknown> {
    const response = await ask(this.access, href);
    return response.status === 404 ? undefined : content(this.access, response);
  }
}

async function get(access: BrokerAccess, href: string): Promise<unknown> {
  return content(access, await ask(access, href));
}

async function ask(access: BrokerAccess, href: string): Promise<Response> {
  return fetch(href, {
    headers: { accept: 'application/hal+json', ...authorization(access) },
    signal: AbortSignal.timeout(access.answerWithinMs ?? usualAnswerWithinMs),
  }).catch((error: unknown) => {
    throw unreachable(access, error);
  });
}

async function content(access: BrokerAccess, response: Response): Promise<unknown> {
  if (!response.ok) throw refused(access, response.status);
  return response.json().catch(() => undefined);
}

function authorization({ secrets }: BrokerAccess): Record<string, string> {
  if (!secrets) return {};
  if ('token' in secrets) return { authorization: `Bearer ${secrets.token}` };
  const pair = Buffer.from(`${secrets.username}:${secrets.password}`).toString('base64');
  return { authorization: `Basic ${pair}` };
}

function unreachable({ url, answerWithinMs = usualAnswerWithinMs }: BrokerAccess, error: unknown): CliError {
  const late = error instanceof Error && error.name === 'TimeoutError';
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  return new CliError(
    late
      ? `The broker at ${url} did not answer within ${answerWithinMs / 1000} s.`
      : `The broker at ${url} cannot be reached.`,
    {
      exitCode: exitCodes.environment,
      ...(!late && { cause }),
      next: 'check PACT_BROKER_BASE_URL, and whether the broker runs; without one the pacts are those in pacts/files',
    },
  );
}

function refused({ url, secrets }: BrokerAccess, status: number): CliError {
  const { configuration, environment } = exitCodes;
  if (status === 401 && !secrets) {
    const next = 'set PACT_BROKER_TOKEN, or PACT_BROKER_USERNAME and PACT_BROKER_PASSWORD';
    return new CliError(`The broker at ${url} asks who we are (401).`, { exitCode: configuration, next });
  }
  if (status === 401 || status === 403) {
    const [what, next] =
      status === 401
        ? ['does not accept these credentials', 'check them: a token may have been renewed']
        : ['does not let these credentials do this', 'use some that may read and write'];
    return new CliError(`The broker at ${url} ${what} (${status}).`, { exitCode: configuration, next });
  }
  return new CliError(`The broker at ${url} answered with HTTP status ${status}.`, {
    exitCode: environment,
    next: status >= 500 ? 'look at its log, and try again' : 'check PACT_BROKER_BASE_URL',
  });
}
