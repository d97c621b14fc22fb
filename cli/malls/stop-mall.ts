import { existsSync, rmSync } from 'node:fs';
import { errorCode, type StopStep, stopProcess } from '../../containers/embedded/index.ts';
import { CliError } from '../cli-error.ts';
import { exitCodes } from '../exit-codes.ts';
import { findMall, isRunning } from './directory.ts';
import { removeVolumes } from './docker-data.ts';
import { type MallFolders, mallNames } from './folders.ts';
import { cleanLeftovers } from './leftovers.ts';
import { takeLock } from './lock.ts';

/** A mall stops within 10 s by itself; a second request hurries it; then it is killed and cleaned up after. */
const stopSteps: readonly StopStep[] = [
  { signal: 'SIGTERM', waitMs: 12_000 },
  { signal: 'SIGTERM', waitMs: 3_000 },
  { signal: 'SIGKILL', waitMs: 2_000 },
];

export interface StoppedMall {
  readonly name: string;
  /** What was done: it ran and was stopped, a killed one was cleaned up after, or nothing ran. */
  readonly was: 'running' | 'killed' | 'stopped';
  readonly purged: boolean;
  /** Anything the reader should know besides. */
  readonly notes: readonly string[];
}

export interface StopOptions {
  readonly home: string;
  readonly name: string;
  /** Removes the mall's data as well. */
  readonly purge: boolean;
  readonly onStep: (text: string) => void;
}

/**
 * Stops a mall from outside: asks its process, which the lock proves to be its own, and cleans up after one that
 * was killed.
 * @throws CliError (4) when it belongs to another user or does not end
 */
export async function stopMall({ home, name, purge, onStep }: StopOptions): Promise<StoppedMall> {
  const mall = findMall(home, name);
  const { folders } = mall;
  const notes: string[] = [];
  if (isRunning(mall)) {
    onStep(`stopping the mall "${name}" (process ${mall.pid})`);
    await stopRunning({ name, pid: mall.pid });
  }
  const known = existsSync(folders.folder) || existsSync(folders.postgresFolder);
  if (known) notes.push(...(await afterwards({ folders, purge })));
  if (purge && known && mall.state?.infra === 'external') {
    notes.push('its database and stream on external infrastructure are left alone');
  }
  const was = isRunning(mall) ? 'running' : mall.phase === 'killed' ? 'killed' : 'stopped';
  return { name, was, purged: purge && known, notes };
}

async function stopRunning({ name, pid }: { name: string; pid: number }): Promise<void> {
  try {
    if (await stopProcess(pid, stopSteps)) return;
  } catch (error) {
    if (errorCode(error) !== 'EPERM') throw error;
    throw new CliError(`The mall "${name}" (process ${pid}) belongs to another user.`, {
      exitCode: exitCodes.environment,
      next: 'stop it as that user',
    });
  }
  throw new CliError(`The mall "${name}" (process ${pid}) does not end.`, {
    exitCode: exitCodes.environment,
    next: `\`kill -9 ${pid}\`, then \`mall down\` again`,
  });
}

/** Under the mall's lock, so that none of this name starts meanwhile: leftovers, then data. */
async function afterwards(options: { folders: MallFolders; purge: boolean }): Promise<string[]> {
  const { folders, purge } = options;
  if (!existsSync(folders.folder)) return removeData(folders);
  const taken = await takeLock(folders.lock);
  if ('heldBy' in taken) {
    throw new CliError(`The mall "${folders.name}" has been started again (process ${taken.heldBy.pid}).`, {
      exitCode: exitCodes.environment,
      next: '`mall ps` shows it',
    });
  }
  try {
    const notes = await cleanLeftovers(folders);
    if (!purge) return notes;
    return [...notes, ...(await removeVolumes(folders)), ...removeData(folders)];
  } finally {
    taken.lock.release();
  }
}

function removeData(folders: MallFolders): string[] {
  try {
    for (const folder of new Set([folders.postgresFolder, folders.folder])) {
      rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
    }
    removePlaceOfNobody(folders);
    return [];
  } catch (error) {
    throw new CliError(`The data of the mall "${folders.name}" cannot be removed.`, {
      exitCode: exitCodes.environment,
      cause: error,
      next: 'try again as the user who started it',
    });
  }
}

/** Where Postgres lives outside the home, nobody would look for what is left once its last mall is gone. */
function removePlaceOfNobody({ home, postgresPlace }: MallFolders): void {
  if (postgresPlace === home || mallNames(postgresPlace).length > 0) return;
  rmSync(postgresPlace, { recursive: true, force: true });
}
