import { CliError } from '../cli-error.ts';
import { exitCodes } from '../exit-codes.ts';
import { NothingMatches } from './nothing-matches.ts';

/**
 * The value of --name-pattern, or of a flag like it, as Node's runner and cucumber take it.
 * @throws CliError (2) for what is no regular expression
 */
export function readPattern(flag: string, value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  try {
    new RegExp(value);
    return value;
  } catch (error) {
    throw new CliError(`--${flag} cannot be "${value}": it must be a regular expression.`, {
      exitCode: exitCodes.usage,
      cause: error,
      next: 'what is meant as it stands has a \\ before each of . * + ? ( ) [ ] { }',
    });
  }
}

/** Of tests that are there, and a pattern that is the name of none. */
export function noneNamed(
  pattern: string,
  of: { readonly tests: string; readonly paths: readonly string[] },
): NothingMatches {
  return new NothingMatches(
    `No name of ${of.tests}${of.paths.length === 0 ? '' : ` in ${of.paths.join(', ')}`} matches --name-pattern "${pattern}".`,
    'without --name-pattern all run, and the report has their names',
  );
}
