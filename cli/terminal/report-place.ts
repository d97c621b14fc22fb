import { randomBytes } from 'node:crypto';
import { accessSync, closeSync, constants, openSync, rmSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { errorCode, makeFolder, reason } from '../../containers/embedded/index.ts';
import { CliError } from '../cli-error.ts';
import { exitCodes } from '../exit-codes.ts';

/** Where a command is to leave what it finds, and the flag that says so. */
interface Place {
  readonly flag: string;
  readonly path: string;
}

/** Makes sure, before long work, that its report can be written at the end. @throws CliError (4) */
export function prepareFile(place: Place): void {
  attempt(place, 'file', () => {
    const path = resolve(place.path);
    const there = statSync(path, { throwIfNoEntry: false });
    if (there?.isDirectory()) throw new Error('it is a folder');
    // What is no file of a disk, as a pipe, is not opened: its reader would take that for the report.
    if (there !== undefined) accessSync(path, constants.W_OK);
    else tryFolder(dirname(path));
  });
}

/** The same for a folder of reports, which is made. @throws CliError (4) */
export function prepareFolder(place: Place): void {
  attempt(place, 'folder', () => tryFolder(resolve(place.path)));
}

function attempt({ flag, path }: Place, what: string, work: () => void): void {
  try {
    work();
  } catch (error) {
    throw new CliError(`${flag} ${path} cannot be written (${errorCode(error) ?? reason(error)}).`, {
      exitCode: exitCodes.environment,
      cause: error,
      next: `name a ${what} that can be written, as \`${flag} /tmp/${what === 'file' ? 'report' : 'reports'}\``,
    });
  }
}

/**
 * Makes sure that files can be made in a folder, and the folder. Permissions do not tell all, least of all to root: only
 * a file that was made says so.
 * @throws what is in the way
 */
export function tryFolder(folder: string): void {
  makeFolder(folder);
  if (!statSync(folder).isDirectory()) throw new Error(`${folder} is a file`);
  const probe = join(folder, `.mall-${randomBytes(4).toString('hex')}`);
  closeSync(openSync(probe, 'wx'));
  rmSync(probe);
}
