import { CliError } from '../cli-error.ts';
import { exitCodes } from '../exit-codes.ts';

/** A flag with a value that cannot be used (B-07: refused, not replaced). */
export class BusyworkUsageError extends CliError {
  constructor(refusal: { flag: string; value: string; must: string; example: string }) {
    super(`${refusal.flag} cannot be ${JSON.stringify(refusal.value)}: it must ${refusal.must}.`, {
      exitCode: exitCodes.usage,
      next: `\`mall busywork ${refusal.example}\``,
    });
  }
}

/** Nothing to be busy with: no mall answers at the start. */
export class MallUnreachable extends CliError {
  constructor(what: { host: string; cause: Error }) {
    super(`No mall can be reached at ${what.host}: ${what.cause.message}.`, {
      exitCode: exitCodes.environment,
      cause: what.cause,
      next: '`mall up`',
    });
  }
}
