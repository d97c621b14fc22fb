import { errorCode, InfrastructureError, reason } from '../../containers/embedded/index.ts';
import { CliError } from '../cli-error.ts';
import { exitCodeName, exitCodes } from '../exit-codes.ts';
import { withTypedCommands } from './command-name.ts';

const causeLines = 14;

/**
 * Tells an error as its sentence, its cause and what to do next, and says which exit code it has.
 * Errors of other parts of the command line may carry `exitCode` and `next` of their own. Stack traces are for
 * MALL_DEBUG=1.
 */
export function reportError(error: unknown, write: (text: string) => void): number {
  const debug = process.env.MALL_DEBUG === '1';
  write(`mall: ${withTypedCommands(reason(error))}\n`);
  const cause = causeOf(error);
  if (cause !== undefined) write(`  cause: ${cause}\n`);
  const next =
    nextOf(error) ?? (isExpected(error) ? undefined : 'try again with MALL_DEBUG=1 for the details');
  if (next !== undefined) write(`  next:  ${withTypedCommands(next)}\n`);
  if (debug && error instanceof Error) write(`${error.stack ?? ''}\n`);
  return exitCodeOf(error);
}

/** The same for a program: one JSON object on one line, `cause` and `next` null where there are none. */
export function reportErrorAsJson(error: unknown, write: (text: string) => void): number {
  const exitCode = exitCodeOf(error);
  const next = nextOf(error);
  const document = {
    schema: 'mall.error/1',
    code: exitCodeName(exitCode),
    exitCode,
    message: withTypedCommands(reason(error)),
    cause: error instanceof Error && error.cause !== undefined ? reason(error.cause) : null,
    next: next === undefined ? null : withTypedCommands(next),
  };
  const stack = process.env.MALL_DEBUG === '1' && error instanceof Error ? { stack: error.stack } : {};
  write(`${JSON.stringify({ ...document, ...stack })}\n`);
  return exitCode;
}

/** For a program that reads standard error alone: why a verb that has delivered its result ends as failed. */
export function failureFound(exitCode: number): Error {
  const next = 'the result on standard output has what was found';
  return Object.assign(new Error(found[exitCode] ?? 'It ended before it was done.'), { exitCode, next });
}

const found: Readonly<Record<number, string>> = {
  [exitCodes.checkFailed]: 'Not all is as it should be.',
  [exitCodes.environment]: 'Something on this machine is in the way.',
  [exitCodes.thresholdMissed]: 'A threshold was missed.',
  [exitCodes.auditViolation]: 'The audit found a violation.',
  [exitCodes.notDeployable]: 'It is not deployable.',
  [exitCodes.interrupted]: 'It was interrupted.',
};

/** The exit code an error asks for. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof CliError) return error.exitCode;
  if (error instanceof InfrastructureError) return exitCodes.environment;
  if (hasProperty(error, 'exitCode') && typeof error.exitCode === 'number') return error.exitCode;
  if (['EACCES', 'EADDRINUSE', 'EPERM', 'ENOSPC', 'EROFS', 'EMFILE'].includes(errorCode(error) ?? ''))
    return exitCodes.environment;
  return exitCodes.checkFailed;
}

function causeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || error.cause === undefined) return undefined;
  const lines = reason(error.cause).split('\n').slice(0, causeLines);
  return lines.join('\n         ');
}

/** What to do about an error, if it or the system's code for it says. */
export function nextOf(error: unknown): string | undefined {
  if (hasProperty(error, 'next') && typeof error.next === 'string') return error.next;
  return systemNext[errorCode(error) ?? ''];
}

/** What to do where the system says no to something that is no part of ours to explain. */
const systemNext: Readonly<Record<string, string>> = {
  ENOSPC: 'make room on that disk, or set MALL_HOME to another; `mall doctor` shows how much there is',
  EROFS: 'set MALL_HOME to a folder that can be written, for example `MALL_HOME=~/.mall mall up`',
  EACCES: '`mall doctor` shows what cannot be written; MALL_HOME chooses another folder',
  EADDRINUSE: 'another program listens there; choose another port with --port or --grpc-port',
  EMFILE: 'raise the limit of open files, for example `ulimit -n 4096`',
};

function isExpected(error: unknown): boolean {
  return error instanceof CliError || error instanceof InfrastructureError || hasProperty(error, 'exitCode');
}

function hasProperty<Name extends string>(value: unknown, name: Name): value is Record<Name, unknown> {
  return typeof value === 'object' && value !== null && name in value;
}
