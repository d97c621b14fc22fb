import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { errorCode, makeEnterable, postgresPlace } from '../../containers/embedded/index.ts';
import { CliError } from '../cli-error.ts';
import { exitCodes } from '../exit-codes.ts';
import { nameComplaint } from './names.ts';

/** Where one mall keeps what; all paths are absolute. */
export interface MallFolders {
  readonly home: string;
  readonly name: string;
  readonly folder: string;
  readonly state: string;
  readonly lock: string;
  readonly ports: string;
  /** Which mode its data was made in, for each kind of servers. */
  readonly modes: string;
  readonly log: string;
  readonly postgresLog: string;
  readonly natsLog: string;
  readonly natsStore: string;
  readonly natsPid: string;
  /** Names the volumes that a mall in Docker has. */
  readonly dockerVolumes: string;
  /** Where Postgres' binaries are; outside the home when its user cannot enter that. */
  readonly postgresPlace: string;
  /** What Postgres has of this mall, `postgresData` in it; the folder itself unless the place is another. */
  readonly postgresFolder: string;
  readonly postgresData: string;
}

/** The layout of a mall's folder below the home. */
export function mallFolders(home: string, name: string): MallFolders {
  const folder = join(home, name);
  const place = postgresPlace(home);
  const postgresFolder = join(place, name);
  return {
    home,
    name,
    folder,
    state: join(folder, 'state.json'),
    lock: join(folder, 'lock'),
    ports: join(folder, 'ports.json'),
    modes: join(folder, 'modes.json'),
    log: join(folder, 'mall.log'),
    postgresLog: join(folder, 'postgres.log'),
    natsLog: join(folder, 'nats.log'),
    natsStore: join(folder, 'nats'),
    natsPid: join(folder, 'nats.pid'),
    dockerVolumes: join(folder, 'docker-volumes.json'),
    postgresPlace: place,
    postgresFolder,
    postgresData: join(postgresFolder, 'postgres'),
  };
}

/** Where a container that a mall is watched with writes its log. */
export function extraLog({ folder }: MallFolders, name: string): string {
  return join(folder, `${name}.log`);
}

/**
 * Makes a mall's folder.
 * @throws CliError (4) where the home cannot be written
 */
export function makeMallFolder(folders: MallFolders): void {
  try {
    makeEnterable(folders.folder);
    mkdirSync(folders.natsStore, { recursive: true });
  } catch (error) {
    throw new CliError(
      `The mall's folder ${folders.folder} cannot be written (${errorCode(error) ?? 'error'}).`,
      {
        exitCode: exitCodes.environment,
        cause: error,
        next: 'set MALL_HOME to a folder that can, for example `MALL_HOME=~/.mall mall up`',
      },
    );
  }
}

/** Names of the malls that have a folder in a home, running or not, in alphabetical order. */
export function mallNames(home: string): string[] {
  if (!existsSync(home)) return [];
  return readdirSync(home, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && nameComplaint(entry.name) === undefined)
    .map((entry) => entry.name)
    .sort();
}
