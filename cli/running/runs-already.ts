import { CliError } from '../cli-error.ts';
import { exitCodes } from '../exit-codes.ts';
import { findMall, isRunning, type MallEntry } from '../malls/directory.ts';
import type { MallFolders } from '../malls/folders.ts';
import { defaultName } from '../malls/names.ts';

/** Why a mall cannot be started a second time. */
export function runsAlready({ name, state }: MallEntry, pid: number): CliError {
  const where = state?.addresses === undefined ? '' : ` at ${state.addresses.rest}`;
  const named = name === defaultName ? '' : ` --name ${name}`;
  const phase = state?.phase ?? 'starting';
  const wait = phase === 'starting' ? `\`mall wait${named}\` ends once it is ready, ` : '';
  return new CliError(`The mall "${name}" runs already (process ${pid}, ${phase})${where}.`, {
    exitCode: exitCodes.environment,
    next: `${wait}\`mall down${named}\` stops it, \`mall up --name <name>\` starts another beside it`,
  });
}

/** For a process that only starts another, which takes the lock. @throws CliError (4) */
export function refuseWhereRunning({ folders }: { readonly folders: MallFolders }): void {
  const mall = findMall(folders.home, folders.name);
  if (isRunning(mall)) throw runsAlready(mall, mall.pid);
}
