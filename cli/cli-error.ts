import type { ExitCode } from './exit-codes.ts';

/**
 * A failure told to people: `message` is one sentence, `cause` what lies behind it, `next` what to do about it
 * with commands in backticks. Printed in one place, `terminal/error-report.ts`, without a stack trace.
 */
export class CliError extends Error {
  readonly next: string | undefined;
  readonly exitCode: ExitCode;

  constructor(message: string, options: { exitCode: ExitCode; cause?: unknown; next?: string | undefined }) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.next = options.next;
    this.exitCode = options.exitCode;
  }
}
