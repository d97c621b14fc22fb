import { fileURLToPath } from 'node:url';
import type { LevelRun, LevelWork } from './level-run.ts';
import { noneNamed, readPattern } from './name-pattern.ts';
import { NothingMatches } from './nothing-matches.ts';
import { runTests } from './run-tests.ts';
import { findTests, namedTests, type TestKind } from './test-files.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** The tests of some kinds, with Node's runner. @throws NothingMatches when there are none */
export async function nodeLevel(kinds: readonly TestKind[], run: LevelRun): Promise<LevelWork> {
  const { files: paths, flags } = run;
  const found = paths.length === 0 ? findTests(root, kinds) : namedTests({ root, paths, kinds });
  if (found.length === 0) throw noTests(kinds, paths);
  const namePattern = readPattern('name-pattern', flags.namePattern);
  return () => runKinds(run, { kinds, found, namePattern });
}

async function runKinds(
  { files: paths, output, parallel, interruption }: LevelRun,
  wanted: { kinds: readonly TestKind[]; found: readonly string[]; namePattern: string | undefined },
): Promise<number> {
  const { kinds, found, namePattern } = wanted;
  const { exitCode, report } = await runTests({
    root,
    files: found,
    namePattern,
    parallel,
    json: output.json,
    interruption,
    onStep: (text) => output.say(text),
  });
  const tests = `the ${kinds.join(' or ')} tests`;
  if (namePattern !== undefined && exitCode === 0 && report.tests === 0)
    throw noneNamed(namePattern, { tests, paths });
  if (output.json) output.document('mall.test/1', { ...report });
  return exitCode;
}

/** For paths below which no test of those kinds is. */
export function noTests(kinds: readonly TestKind[], paths: readonly string[]): NothingMatches {
  const where = paths.length === 0 ? '' : ` in ${paths.join(', ')}`;
  return new NothingMatches(
    `There are no ${kinds.join(' or ')} tests${where}.`,
    '`mall test` runs all there are',
  );
}
