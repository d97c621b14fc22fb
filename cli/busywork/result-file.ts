import { writeFileSync } from 'node:fs';
import { errorCode } from '../../containers/embedded/index.ts';
import { CliError } from '../cli-error.ts';
import { exitCodes } from '../exit-codes.ts';

/** Writes a report where the reader wants it. @throws CliError (4) */
export function writeResult(path: string, content: string): void {
  try {
    writeFileSync(path, content);
  } catch (error) {
    throw new CliError(`The report ${path} cannot be written (${errorCode(error) ?? 'error'}).`, {
      exitCode: exitCodes.environment,
      cause: error,
      next: 'name a file in a folder that can be written',
    });
  }
}
