import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { missingContracts } from '../../../pacts/owed.ts';
import { type PactFile, readPactFiles } from '../../pacts/pact-files.ts';
import { pactFilesFolder } from '../../pacts/places.ts';
import { inCi } from '../../terminal/output.ts';
import type { ConsumersRun } from './consumers.ts';

export interface KeptPacts {
  /** The pacts that this run is about, as they now lie in the folder. */
  readonly pacts: readonly PactFile[];
  /** Files that were other than committed: written anew, or, in CI, left and told. */
  readonly changed: readonly string[];
  /** Whether the changed ones were left as they were. */
  readonly frozen: boolean;
  /** Contracts that are owed and not there. */
  readonly missing: readonly string[];
}

/**
 * Puts the pacts that were made in the place of the committed ones, unless a test failed. In CI nothing is written: there a pact that
 * differs from the committed one is a failure, as is one that no test makes any more.
 * @param all whether the tests of every consumer were run, so that a pact that is not made is not wanted
 * @param whole whether all tests of those consumers were run, so that their pacts have all that they rely on
 */
export function keepPacts(
  { written, exitCode }: ConsumersRun,
  { all, whole }: { all: boolean; whole: boolean },
): KeptPacts {
  const frozen = inCi();
  // Tests that failed, or were ended, have made half of their pacts, as have some of a consumer's tests.
  const sound = exitCode === 0 && whole;
  const complete = all && sound;
  const there = existsSync(pactFilesFolder) ? readdirSync(pactFilesFolder) : [];
  const leftOver = complete ? there.filter((name) => name.endsWith('.json') && !written.has(name)) : [];
  const different = sound ? [...written].filter(([name, text]) => committed(name) !== text) : [];
  if (!frozen) {
    for (const name of leftOver) rmSync(join(pactFilesFolder, name));
    for (const [name, text] of different) replace(name, text);
  }
  const pacts = readPactFiles(pactFilesFolder);
  const names = new Set(written.keys());
  return {
    pacts:
      all && whole
        ? pacts
        : pacts.filter(({ consumer, provider }) => names.has(`${consumer}-${provider}.json`)),
    changed: [...leftOver, ...different.map(([name]) => name)].sort(),
    frozen,
    missing: complete ? missingContracts(pacts) : [],
  };
}

function committed(name: string): string | undefined {
  const path = join(pactFilesFolder, name);
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}

/** Another run may read the file meanwhile: it finds the old one or the new one. */
function replace(name: string, text: string): void {
  mkdirSync(pactFilesFolder, { recursive: true });
  const path = join(pactFilesFolder, name);
  const draft = `${path}.${randomBytes(4).toString('hex')}`;
  writeFileSync(draft, text);
  renameSync(draft, path);
}
