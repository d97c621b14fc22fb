import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { CliError } from '../cli-error.ts';
import { exitCodes } from '../exit-codes.ts';
import { onInterruption } from '../terminal/interruption.ts';
import { nearest } from '../terminal/nearest.ts';
import { runTests } from '../testing/run-tests.ts';
import { findTests, namedTests, type TestKind, testKinds } from '../testing/test-files.ts';
import { outputOf, verb } from './verb.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const levels = ['all', ...testKinds];

/** `mall test`: runs the tests beside the code; `npm test` is the same. */
export function testCommand(): Command {
  return verb({
    name: 'test',
    description:
      'Runs the tests with Node\'s runner. "unit" are the *.test.ts files, which touch nothing outside; ' +
      '"integration" the *.int.test.ts files, which get a Postgres and a NATS for the run; "all" is both. ' +
      'Exit code 1: a test failed.',
    examples: [
      ['mall test', 'everything'],
      ['mall test unit services/baskets', 'the unit tests below a folder'],
      ['mall test cli/malls/lock.test.ts --name-pattern stale', 'some tests of a file'],
    ],
  })
    .argument('[level]', `${levels.join(', ')}, or the first of the files`, 'all')
    .argument('[files...]', 'test files, or folders to look for them in')
    .option('--name-pattern <regex>', 'only tests whose name matches')
    .option('--parallel <count>', 'how many files run at a time; else as many as there are processors')
    .action(test);
}

async function test(
  level: string,
  files: readonly string[],
  flags: Readonly<Record<string, unknown>>,
): Promise<void> {
  const output = outputOf(flags);
  const { kinds, paths } = selection(level, files);
  const missing = paths.find((path) => !existsSync(path));
  if (missing !== undefined) throw noSuchFile(missing);
  const found = paths.length === 0 ? findTests(root, kinds) : namedTests({ root, paths, kinds });
  if (found.length === 0) throw noTests(level, paths);
  process.exitCode = await runTests({
    root,
    files: found,
    namePattern: typeof flags.namePattern === 'string' ? flags.namePattern : undefined,
    parallel: typeof flags.parallel === 'string' ? readCount(flags.parallel) : undefined,
    json: output.json,
    interruption: onInterruption(),
    onStep: (text) => output.say(text),
  });
}

function selection(level: string, files: readonly string[]): { kinds: readonly TestKind[]; paths: string[] } {
  const kind = testKinds.find((known) => known === level);
  if (kind !== undefined) return { kinds: [kind], paths: [...files] };
  return { kinds: testKinds, paths: level === 'all' ? [...files] : [level, ...files] };
}

function noSuchFile(path: string): CliError {
  const meant = nearest(path, levels);
  return new CliError(`"${path}" is neither a kind of test nor a file.`, {
    exitCode: exitCodes.usage,
    next: meant === undefined ? `the kinds are ${levels.join(', ')}` : `\`mall test ${meant}\``,
  });
}

function noTests(level: string, paths: readonly string[]): CliError {
  const where = paths.length === 0 ? '' : ` in ${paths.join(', ')}`;
  return new CliError(`There are no ${level === 'all' ? '' : `${level} `}tests${where}.`, {
    exitCode: exitCodes.usage,
    next: '`mall test` runs all there are',
  });
}

function readCount(text: string): number {
  const count = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  if (count > 0) return count;
  throw new CliError(`--parallel cannot be "${text}": it must be a whole number from 1 to 999.`, {
    exitCode: exitCodes.usage,
    next: '`mall test --parallel 2`',
  });
}
