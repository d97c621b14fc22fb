import { CliError } from '../../cli-error.ts';
import { exitCodes } from '../../exit-codes.ts';
import { parseDuration } from '../../terminal/duration.ts';
import type { Interruption } from '../../terminal/interruption.ts';

/** Far beyond what contracts take; a run that is not done by then hangs. */
const usualDeadlineMs = 600_000;

/** @throws CliError (2) for a deadline that is no length of time */
export function readDeadline({ deadline }: Readonly<Record<string, unknown>>): number {
  if (typeof deadline !== 'string') return usualDeadlineMs;
  const ms = parseDuration(deadline);
  if (ms !== undefined && ms > 0) return ms;
  throw new CliError(`--deadline cannot be "${deadline}": it must be a length of time.`, {
    exitCode: exitCodes.usage,
    next: '`mall test contracts --deadline 5m`',
  });
}

export interface Deadline extends Interruption {
  /** Whether the time was up before the work was done. */
  overdue(): boolean;
}

/** An interruption that also comes by itself once the time is up. */
export function withDeadline(interruption: Interruption, ms: number): Deadline {
  const up = new AbortController();
  const timer = setTimeout(() => up.abort(), ms);
  return {
    asked: AbortSignal.any([interruption.asked, up.signal]),
    hurried: interruption.hurried,
    overdue: () => up.signal.aborted,
    release: () => clearTimeout(timer),
  };
}
