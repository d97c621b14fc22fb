import { existsSync } from 'node:fs';
import pino from 'pino';
import { freePort } from '../../containers/embedded/index.ts';
import { type DatabaseLayout, namesOfDatabases } from '../malls/context-databases.ts';
import type { MallEntry } from '../malls/directory.ts';
import { cleanLeftovers } from '../malls/leftovers.ts';
import { takeLock } from '../malls/lock.ts';
import { modeOfData } from '../running/claim-data.ts';
import { startEmbedded } from '../running/embedded-infrastructure.ts';
import type { Settings } from '../settings/index.ts';

/** Where what is to be audited lies. */
export interface AuditTarget extends DatabaseLayout {
  readonly name: string;
  readonly natsUrl: string;
  readonly natsStream: string;
}

/** What is audited, and what ends when that is done. */
export interface OpenTarget extends AuditTarget {
  release(): Promise<void>;
}

export interface Waking {
  readonly mall: MallEntry;
  readonly settings: Settings;
  readonly signal: AbortSignal;
  readonly step: (text: string) => void;
}

/** Whether a mall that does not run has data of its own here, which can be read without it. */
export function hasDataAtRest({ folders }: MallEntry): boolean {
  return existsSync(folders.postgresData) && modeOfData(folders, 'embedded') !== undefined;
}

/**
 * Starts the servers of a stopped mall on its data, for as long as it is read; no context runs. The mall's lock is held
 * meanwhile, so that it is not started on the same data.
 * @returns undefined when it has been started in this instant
 */
export async function wakeData({ mall, settings, signal, step }: Waking): Promise<OpenTarget | undefined> {
  const { folders, name } = mall;
  const taken = await takeLock(folders.lock);
  if (!('lock' in taken)) return undefined;
  try {
    await cleanLeftovers(folders);
    step('starting Postgres and NATS on the data of the stopped mall');
    const servers = await startEmbedded({
      folders,
      ports: { postgres: await freePort(), nats: await freePort() },
      fast: false,
      logger: pino({ level: 'silent' }),
      signal,
      onNotice: () => undefined,
    });
    const apart = modeOfData(folders, 'embedded') === 'microservices';
    return {
      name,
      postgresUrl: servers.postgresUrl,
      databases: apart ? namesOfDatabases({ kind: 'embedded', name }) : undefined,
      natsUrl: servers.natsUrl,
      natsStream: settings.natsStream ?? 'intellimall',
      release: async () => {
        await servers.stop(step);
        taken.lock.release();
      },
    };
  } catch (error) {
    taken.lock.release();
    throw error;
  }
}
