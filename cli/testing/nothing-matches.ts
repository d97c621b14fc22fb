import { CliError } from '../cli-error.ts';
import { exitCodes } from '../exit-codes.ts';

/** Tests were asked for that are not there: a run of nothing would be green, and say nothing. */
export class NothingMatches extends CliError {
  constructor(message: string, next: string | undefined) {
    super(message, { exitCode: exitCodes.usage, next });
  }
}
