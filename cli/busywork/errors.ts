import { CliError } from '../cli-error.ts';
import { exitCodes } from '../exit-codes.ts';

/** What is wrong with the value of a flag. */
export interface Refusal {
  readonly flag: string;
  /** Completes "it must ...". */
  readonly must: string;
  readonly example: string;
}

/** Throws {@link BusyworkUsageError}. */
export function refuse(value: string, refusal: Refusal): never {
  throw new BusyworkUsageError({ ...refusal, value });
}

/** A flag with a value that cannot be used (B-07: refused, not replaced). */
export class BusyworkUsageError extends CliError {
  constructor(refusal: Refusal & { readonly value: string }) {
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
