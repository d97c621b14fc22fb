import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { entrustServers, postgresPlace, startNats, startPostgres } from '../../containers/embedded/index.ts';
import { benchFolder } from './folder.ts';
import type { Durability } from './machine.ts';

/** Postgres and NATS alone, for what is measured below a mall. */
export interface OwnServers {
  readonly postgresUrl: string;
  readonly natsUrl: string;
  readonly durability: Durability;
  /** Stops both and removes their data. */
  remove(): Promise<void>;
}

/**
 * Starts both on the disk that malls live on.
 * @param options.fast without syncing: for filling large tables, never for measuring writes
 */
export async function ownServers(
  home: string,
  { fast, signal }: { fast: boolean; signal: AbortSignal },
): Promise<OwnServers> {
  const place = postgresPlace(home);
  const folder = benchFolder(home);
  const postgresFolder = place === home ? folder : benchFolder(place);
  const entrusted = [folder, postgresFolder].map(entrustServers);
  const started = await Promise.allSettled([
    startPostgres({
      place,
      dataFolder: join(postgresFolder, 'postgres'),
      logFile: join(folder, 'postgres.log'),
      fast,
      signal,
    }),
    startNats({
      storeFolder: join(folder, 'nats'),
      pidFile: join(folder, 'nats.pid'),
      logFile: join(folder, 'nats.log'),
      signal,
    }),
  ]);
  const remove = async () => {
    await Promise.all(started.map((each) => (each.status === 'fulfilled' ? each.value.stop() : undefined)));
    for (const each of [folder, postgresFolder]) {
      rmSync(each, { recursive: true, force: true, maxRetries: 5 });
    }
    for (const each of entrusted) each.release();
  };
  const [postgres, nats] = started;
  if (postgres.status === 'fulfilled' && nats.status === 'fulfilled') {
    const durability = {
      postgres: fast ? 'not synced' : 'every commit is synced to disk',
      nats: 'synced to disk every 2 minutes',
    };
    return { postgresUrl: postgres.value.url, natsUrl: nats.value.url, durability, remove };
  }
  await remove();
  throw started.find((each) => each.status === 'rejected')?.reason;
}
