import { accessSync, constants, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { errorCode } from '../../containers/embedded/index.ts';
import { CliError } from '../cli-error.ts';
import { exitCodes } from '../exit-codes.ts';

/** Makes sure, before a long run, that its report can be written at the end. @throws CliError (4) */
export function prepareResult(path: string): void {
  attempt(path, () => {
    const folder = dirname(resolve(path));
    mkdirSync(folder, { recursive: true });
    accessSync(existsSync(path) ? path : folder, constants.W_OK);
  });
}

/** Writes a report where the reader wants it. @throws CliError (4) */
export function writeResult(path: string, content: string): void {
  attempt(path, () => writeFileSync(path, content));
}

function attempt(path: string, work: () => void): void {
  try {
    work();
  } catch (error) {
    throw new CliError(`The report ${path} cannot be written (${errorCode(error) ?? 'error'}).`, {
      exitCode: exitCodes.environment,
      cause: error,
      next: 'name a file in a folder that can be written',
    });
  }
}
