import { existsSync } from 'node:fs';
import pino from 'pino';
import { freePort } from '../../containers/embedded/index.ts';
import { type DatabaseLayout, namesOfDatabases } from '../malls/context-databases.ts';
import type { MallEntry } from '../malls/directory.ts';
import type { MallFolders } from '../malls/folders.ts';
import { cleanLeftovers } from '../malls/leftovers.ts';
import { takeLock } from '../malls/lock.ts';
import { silentAudience } from '../running/audience.ts';
import { modeOfData } from '../running/claim-data.ts';
import type { Infrastructure } from '../running/infrastructure.ts';
import { StartClock } from '../running/start-clock.ts';
import { chooseInfrastructure, startInfrastructure } from '../running/start-infrastructure.ts';
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
  readonly kind: KindAtRest;
  readonly signal: AbortSignal;
  readonly step: (text: string) => void;
}

/** Where a stopped mall has data of its own. */
export type KindAtRest = 'embedded' | 'docker';

/**
 * Where a mall that does not run has data of its own here, which can be read without it. The two kinds of servers have
 * theirs apart: where there is both, that which `mall up` would go on with.
 */
export async function dataAtRest(
  { folders }: MallEntry,
  { infra }: Settings,
): Promise<KindAtRest | undefined> {
  const kinds = (['embedded', 'docker'] as const).filter(
    (kind) => existsSync(noteOf(folders)[kind]) && modeOfData(folders, kind) !== undefined,
  );
  if (infra !== 'auto') return kinds.find((kind) => kind === infra);
  if (kinds.length < 2) return kinds[0];
  const { findEngine } = await import('../../containers/docker/find-engine.ts');
  return 'complaint' in (await findEngine()) ? 'embedded' : 'docker';
}

function noteOf(folders: MallFolders): Readonly<Record<KindAtRest, string>> {
  return { embedded: folders.postgresData, docker: folders.dockerVolumes };
}

/**
 * Starts the servers of a stopped mall on its data, for as long as it is read; no context runs. The mall's lock is held
 * meanwhile, so that it is not started on the same data.
 * @returns undefined when it has been started in this instant
 * @throws InfrastructureError when they cannot be had
 */
export async function wakeData(waking: Waking): Promise<OpenTarget | undefined> {
  const { mall, settings, kind, step } = waking;
  const { folders, name } = mall;
  const taken = await takeLock(folders.lock);
  if (!('lock' in taken)) return undefined;
  try {
    await cleanLeftovers(folders);
    step(
      `starting Postgres and NATS${kind === 'docker' ? ' in Docker' : ''} on the data of the stopped mall`,
    );
    const servers = await startServers(waking);
    const apart = modeOfData(folders, kind) === 'microservices';
    return {
      name,
      postgresUrl: servers.postgresUrl,
      databases: apart ? namesOfDatabases({ kind, name }) : undefined,
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

/** As the mall itself would have them, but at any free port and with nothing to watch them. */
async function startServers({ mall, settings, kind, signal, step }: Waking): Promise<Infrastructure> {
  const start = {
    settings: {
      ...settings,
      ...{ infra: kind, extras: [], fast: false, postgresPort: undefined, natsPort: undefined },
    },
    folders: mall.folders,
    audience: silentAudience({ progress: step }),
    clock: new StartClock(),
    logger: pino({ level: 'silent' }),
    signal,
  };
  const choice = await chooseInfrastructure(start);
  const ports = { postgres: await freePort(), nats: await freePort() };
  return startInfrastructure(start, { choice, ports });
}
