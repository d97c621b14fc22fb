import { CliError } from '../cli-error.ts';
import { exitCodes } from '../exit-codes.ts';
import { nearest } from '../terminal/nearest.ts';
import type { PactFile } from './pact-files.ts';

/** Those that take part in the pacts, or of them the named ones. @throws CliError (2) for a name that none has */
export function pacticipantsIn(pacts: readonly PactFile[], named: unknown): string[] {
  const all = [...new Set(pacts.flatMap(({ consumer, provider }) => [consumer, provider]))].sort();
  if (!Array.isArray(named) || named.length === 0) return all;
  return named.map(String).map((name) => {
    if (all.includes(name)) return name;
    const meant = nearest(name, all);
    throw new CliError(`No pact has a pacticipant "${name}".`, {
      exitCode: exitCodes.usage,
      next: meant === undefined ? '`mall pacts list` shows who there is' : `did you mean ${meant}?`,
    });
  });
}

/** @throws CliError (3) where there are none */
export function somePacts(pacts: readonly PactFile[], folder: string): readonly PactFile[] {
  if (pacts.length > 0) return pacts;
  throw new CliError(`There are no pacts in ${folder}.`, {
    exitCode: exitCodes.configuration,
    next: '`mall test contracts` makes those of the mall; `--files <folder>` names another folder',
  });
}
