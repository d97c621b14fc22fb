import { z } from 'zod';
import { CliError } from '../cli-error.ts';
import { exitCodes } from '../exit-codes.ts';
import type { MallFolders } from '../malls/folders.ts';
import { readJsonFile, writeJsonFile } from '../malls/json-file.ts';
import { defaultName } from '../malls/names.ts';
import type { Settings } from '../settings/index.ts';
import type { Infrastructure } from './infrastructure.ts';

const modesShape = z.record(z.string(), z.string());

/** The mode in which the data on a mall's own servers of a kind was made; undefined when there is none. */
export function modeOfData(folders: MallFolders, kind: Infrastructure['kind']): string | undefined {
  return readJsonFile(folders.modes, modesShape)?.[kind];
}

/**
 * Makes sure that the data on the mall's own servers was made in this mode. Both modes read one stream by the same
 * consumers but keep what they take in other databases: each would miss what the other has taken.
 * @throws CliError (4) when it was made in the other mode
 */
export function claimData(
  folders: MallFolders,
  { mode, name }: Settings,
  kind: Infrastructure['kind'],
): void {
  // What lies on somebody else's servers is not ours to say.
  if (kind === 'external') return;
  const modes = readJsonFile(folders.modes, modesShape) ?? {};
  const made = modes[kind];
  if (made === undefined) writeJsonFile(folders.modes, { ...modes, [kind]: mode });
  if (made === undefined || made === mode) return;
  const named = name === defaultName ? '' : ` --name ${name}`;
  throw new CliError(`The data of the mall "${name}" was made with --mode ${made}.`, {
    exitCode: exitCodes.environment,
    next: `\`mall up${named} --mode ${made}\` goes on with it, \`mall up --name <name> --mode ${mode}\` starts another, \`mall down${named} --purge\` removes it`,
  });
}
