import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { makeEnterable } from '../../containers/embedded/index.ts';
import { CliError } from '../cli-error.ts';
import { exitCodes } from '../exit-codes.ts';

/**
 * Makes an empty folder below another for what is to be gone again, as `.bench-…`; its name is none a mall can have.
 * @throws CliError (4) where nothing can be written there
 */
export function scratchFolder(parent: string, purpose: 'bench' | 'chaos'): string {
  const folder = join(parent, `.${purpose}-${process.pid}-${randomBytes(3).toString('hex')}`);
  try {
    makeEnterable(folder);
  } catch (error) {
    throw new CliError(`Nothing can be written in ${parent}.`, {
      exitCode: exitCodes.environment,
      cause: error,
      next: 'set MALL_HOME to a folder that can be written, on the disk that this is to be tried on',
    });
  }
  return folder;
}
