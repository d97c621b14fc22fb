import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { makeEnterable } from '../../containers/embedded/index.ts';
import { CliError } from '../cli-error.ts';
import { exitCodes } from '../exit-codes.ts';

/** Makes an empty folder to measure in, below another; its name is none a mall can have. @throws CliError (4) */
export function benchFolder(parent: string): string {
  const folder = join(parent, `.bench-${process.pid}-${randomBytes(3).toString('hex')}`);
  try {
    makeEnterable(folder);
  } catch (error) {
    throw new CliError(`Nothing can be written in ${parent}.`, {
      exitCode: exitCodes.environment,
      cause: error,
      next: 'set MALL_HOME to a folder that can, on the disk that is to be measured',
    });
  }
  return folder;
}
