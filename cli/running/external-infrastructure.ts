import { setTimeout as pause } from 'node:timers/promises';
import { jetstreamManager } from '@nats-io/jetstream';
import { AuthorizationError, connect } from '@nats-io/transport-node';
import { connected } from '../../containers/embedded/index.ts';
import { brokerAddress } from '../../proto/broker-address.ts';
import { CliError } from '../cli-error.ts';
import { exitCodes } from '../exit-codes.ts';
import { withoutPassword } from '../malls/state.ts';
import type { Infrastructure } from './infrastructure.ts';

/** Servers that come up together with the mall, as in a compose file, are waited for this long. */
const patienceMs = 15_000;
const pollMs = 250;

export interface ExternalOptions {
  readonly postgresUrl?: string | undefined;
  readonly natsUrl?: string | undefined;
  readonly signal: AbortSignal;
}

/**
 * Checks that the named database and broker answer.
 * @throws CliError (3) when one is not named, (4) when one does not answer
 */
export async function useExternal(options: ExternalOptions): Promise<Infrastructure> {
  const postgresUrl = required(
    options.postgresUrl,
    'MALL_POSTGRES_URL',
    'postgres://user:password@host:5432/mall',
  );
  const natsUrl = required(options.natsUrl, 'MALL_NATS_URL', 'nats://host:4222');
  const durability = await answering({
    title: 'Postgres',
    variable: 'MALL_POSTGRES_URL',
    url: postgresUrl,
    signal: options.signal,
    ask: () => askDurability(postgresUrl),
  });
  await answering({
    title: 'NATS with JetStream',
    variable: 'MALL_NATS_URL',
    url: natsUrl,
    signal: options.signal,
    ask: () => askJetStream(natsUrl),
  });
  return {
    kind: 'external',
    postgresUrl,
    natsUrl,
    durability: { postgres: durability, nats: 'as that server is set up' },
    servers: undefined,
    containers: () => [],
    extras: undefined,
    ended: new Promise(() => undefined),
    stop: () => Promise.resolve(),
    hurry: () => undefined,
  };
}

function required(value: string | undefined, variable: string, example: string): string {
  if (value !== undefined) return value;
  throw new CliError(`External infrastructure needs ${variable}, which is not set.`, {
    exitCode: exitCodes.configuration,
    next: `set it, for example to ${example}, or use \`mall up --infra embedded\``,
  });
}

async function answering<T>(server: {
  title: string;
  variable: string;
  url: string;
  signal: AbortSignal;
  ask: () => Promise<T>;
}): Promise<T> {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    server.signal.throwIfAborted();
    try {
      return await server.ask();
    } catch (error) {
      const refused = isRefusal(error);
      if (!refused && performance.now() < deadline) {
        await pause(pollMs);
        continue;
      }
      const what = refused ? 'refuses us' : 'does not answer';
      throw new CliError(`${server.title} at ${withoutPassword(server.url)} ${what}.`, {
        exitCode: exitCodes.environment,
        cause: error,
        next: `${refused ? '' : 'start it or '}correct ${server.variable}, or use \`mall up --infra embedded\``,
      });
    }
  }
}

/** Whether the server knows neither this name nor its password: waiting does not help. */
function isRefusal(error: unknown): boolean {
  if (error instanceof AuthorizationError) return true;
  return error instanceof Error && 'code' in error && /^28/.test(String(error.code));
}

async function askDurability(url: string): Promise<string> {
  const { rows } = await connected(url, (client) =>
    client.query<{ fsync: string; commit: string }>(
      `select current_setting('fsync') as fsync, current_setting('synchronous_commit') as commit`,
    ),
  );
  const durable = rows[0]?.fsync === 'on' && rows[0].commit !== 'off';
  return durable
    ? 'every commit is synced to disk'
    : `fsync ${rows[0]?.fsync}, synchronous_commit ${rows[0]?.commit}`;
}

async function askJetStream(url: string): Promise<void> {
  const connection = await connect({ ...brokerAddress(url), reconnect: false, timeout: 5_000 });
  try {
    await (await jetstreamManager(connection)).getAccountInfo();
  } finally {
    await connection.close();
  }
}
