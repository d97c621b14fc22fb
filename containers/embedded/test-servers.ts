import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { entrustServers, serverFiles } from './abandoned-servers.ts';
import { startNats } from './nats.ts';
import { connected, startPostgres } from './postgres.ts';

/** What an integration test needs from outside. */
export interface TestServers {
  readonly postgresUrl: string;
  readonly natsUrl: string;
  /** Stops what was started; does nothing to servers that were handed in. Call it in `after`. */
  stop(): Promise<void>;
}

/**
 * One Postgres and one NATS for integration tests. `mall test` starts a pair for its whole run and hands it on in
 * MALL_TEST_POSTGRES_URL and MALL_TEST_NATS_URL; without those (one file run by hand) a pair of the file's own
 * starts in half a second, with syncing off, in a temporary folder.
 * Servers are shared: use {@link freshDatabase} and stream names of your own ({@link uniqueName}).
 */
export async function testServers(environment: NodeJS.ProcessEnv = process.env): Promise<TestServers> {
  const { MALL_TEST_POSTGRES_URL: postgresUrl, MALL_TEST_NATS_URL: natsUrl } = environment;
  if (postgresUrl !== undefined && natsUrl !== undefined) {
    return { postgresUrl, natsUrl, stop: () => Promise.resolve() };
  }
  return startTestServers();
}

/** More than all streams of a run reserve: a test writes little, and how full the disk is must not decide its outcome. */
const RESERVABLE_BYTES = 1024 ** 4;

/** A pair of servers in a temporary folder that ends with this process at the latest, also when that is killed. */
export async function startTestServers(): Promise<TestServers> {
  const home = mkdtempSync(join(tmpdir(), 'mall-test-'));
  chmodSync(home, 0o755);
  const abandoned = entrustServers(home);
  const { dataFolder, ...files } = serverFiles(home);
  const [postgres, nats] = await Promise.allSettled([
    startPostgres({ place: home, dataFolder, logFile: join(home, 'postgres.log'), fast: true }),
    startNats({ ...files, logFile: join(home, 'nats.log'), storeBytes: RESERVABLE_BYTES }),
  ]);
  const stop = async () => {
    await Promise.all(
      [postgres, nats].map((one) => (one.status === 'fulfilled' ? one.value.stop() : undefined)),
    );
    rmSync(home, { recursive: true, force: true, maxRetries: 5 });
    abandoned.release();
  };
  if (postgres.status === 'fulfilled' && nats.status === 'fulfilled') {
    return { postgresUrl: postgres.value.url, natsUrl: nats.value.url, stop };
  }
  await stop();
  throw [postgres, nats].find((one) => one.status === 'rejected')?.reason;
}

/** A new, empty database of its own on a server; `drop` removes it with whoever is still connected. */
export async function freshDatabase(postgresUrl: string): Promise<{ url: string; drop(): Promise<void> }> {
  const name = uniqueName('test');
  await connected(postgresUrl, (client) => client.query(`create database ${name}`));
  const url = new URL(postgresUrl);
  url.pathname = `/${name}`;
  return {
    url: url.href,
    drop: async () => {
      await connected(postgresUrl, (client) => client.query(`drop database if exists ${name} with (force)`));
    },
  };
}

/** A name nobody else uses, fit for databases, streams and consumers: `test_4f1c…`. */
export function uniqueName(prefix: string): string {
  return `${prefix}_${randomBytes(8).toString('hex')}`;
}
