import { fileURLToPath } from 'node:url';
import { CliError } from '../cli-error.ts';
import { exitCodes } from '../exit-codes.ts';
import type { LevelRun } from './level-run.ts';
import { runTests } from './run-tests.ts';
import { findTests, namedTests, type TestKind } from './test-files.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** Runs the tests of some kinds with Node's runner. @throws CliError (2) when there are none */
export async function nodeLevel(kinds: readonly TestKind[], run: LevelRun): Promise<number> {
  const { files: paths, flags, output, parallel, interruption } = run;
  const found = paths.length === 0 ? findTests(root, kinds) : namedTests({ root, paths, kinds });
  if (found.length === 0) throw noTests(kinds, paths);
  const { exitCode, report } = await runTests({
    root,
    files: found,
    namePattern: typeof flags.namePattern === 'string' ? flags.namePattern : undefined,
    parallel,
    json: output.json,
    interruption,
    onStep: (text) => output.say(text),
  });
  if (report !== undefined) output.document('mall.test/1', { ...report });
  return exitCode;
}

function noTests(kinds: readonly TestKind[], paths: readonly string[]): CliError {
  const where = paths.length === 0 ? '' : ` in ${paths.join(', ')}`;
  return new CliError(`There are no ${kinds.join(' or ')} tests${where}.`, {
    exitCode: exitCodes.usage,
    next: '`mall test` runs all there are',
  });
}
