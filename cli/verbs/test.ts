import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import { CliError } from '../cli-error.ts';
import { exitCodes } from '../exit-codes.ts';
import { onInterruption } from '../terminal/interruption.ts';
import { nearest } from '../terminal/nearest.ts';
import { levelNamed, levels, runLevels } from '../testing/levels.ts';
import { outputOf, verb } from './verb.ts';

const names = ['all', ...levels.map(({ name }) => name)];

/** `mall test`: runs the tests; `npm test` is the same. */
export function testCommand(): Command {
  return verb({
    name: 'test',
    description:
      `Runs the tests: ${levels.map(({ name, does }) => `"${name}" are ${does}`).join('; ')}; "all" is every one ` +
      'of them. Exit code 1: a test failed; 2: nothing is what was asked for; 7: the features passed and the audit after them found a violation.',
    settings: ['name', 'infra', 'mode'],
    examples: [
      ['mall test', 'everything'],
      ['mall test unit services/baskets', 'the unit tests below a folder'],
      ['mall test cli/malls/lock.test.ts --name-pattern stale', 'some tests of a file'],
      ['mall test features --tags @inside --fail-fast', 'some features, against a mall started for them'],
      ['mall test features --name mall', 'against the mall that runs here'],
      [
        'mall test features --against http://host:8080',
        'what needs nothing but the doors of a mall elsewhere',
      ],
      ['mall test features --rerun', 'the scenarios that failed the last time'],
      [
        'mall test features --features ./my --steps ./my-steps',
        'features of your own with our steps and yours',
      ],
    ],
  })
    .argument('[level]', `${names.join(', ')}, or the first of the files`, 'all')
    .argument('[files...]', 'test files, or folders to look for them in')
    .option('--name-pattern <regex>', 'only tests, and scenarios, whose name matches')
    .option(
      '--parallel <count>',
      'how many files or scenarios run at a time; else as many as there are processors',
    )
    .optionsGroup('Options for features:')
    .option('--against <url>', 'a mall of which only the REST door is known; what needs more is left out')
    .option('--grpc-address <host:port>', 'with --against: its gRPC door')
    .option('--tags <expression>', 'only scenarios with these tags, as "@inside and not @lab"')
    .option('--name-filter <regex>', 'only scenarios whose name matches, and all other tests')
    .option('--fail-fast', 'end with the first scenario that fails')
    .option('--rerun', 'only what failed the last time')
    .option('--retry <count>', 'how often a scenario that failed is tried again; else 0')
    .option('--deadline <time>', 'when a run that is not done is ended; else 10m')
    .option('--features <paths...>', 'feature files or folders instead of ours')
    .option('--steps <paths...>', 'step files or folders besides ours')
    .option('--reports <folder>', 'where the reports go; else a folder of the run in reports/features')
    .action(test);
}

async function test(
  level: string,
  files: readonly string[],
  flags: Readonly<Record<string, unknown>>,
): Promise<void> {
  const named = levelNamed(level);
  if (level !== 'all' && level !== 'features') refuseForeign(level, flags);
  if (import.meta.url.endsWith('.js') && level !== 'features') throw notInThePackage();
  // A feature may be named with the lines of its scenarios, which that level looks for itself.
  const missing = level === 'features' ? undefined : files.find((path) => !existsSync(path));
  if (missing !== undefined) throw noSuchFile(missing);
  const parallel = typeof flags.parallel === 'string' ? readCount(flags.parallel) : undefined;
  const run = { flags, parallel, output: outputOf(flags), interruption: onInterruption() };
  if (named !== undefined) process.exitCode = await runLevels([named], { ...run, files });
  else if (level === 'all' && files.length === 0)
    process.exitCode = await runLevels(levels, { ...run, files });
  else {
    // Files say themselves what they are; all that can be named this way are tests for Node's runner.
    const tests = levels.filter((each) => 'kind' in each);
    const paths = level === 'all' ? files : [level, ...files];
    if (level !== 'all' && !existsSync(level)) throw noSuchFile(level);
    process.exitCode = await runLevels(tests, { ...run, files: paths });
  }
}

/** Flags of features, by the name commander gives each. A deadline is for contracts as well. */
const ofFeatures = {
  ...{ against: '--against', grpcAddress: '--grpc-address', tags: '--tags', nameFilter: '--name-filter' },
  ...{ failFast: '--fail-fast', rerun: '--rerun', retry: '--retry', deadline: '--deadline' },
  ...{ features: '--features', steps: '--steps', reports: '--reports' },
} as const;

/** A flag that would have no effect. @throws CliError (2) */
function refuseForeign(level: string, flags: Readonly<Record<string, unknown>>): void {
  for (const [name, flag] of Object.entries(ofFeatures)) {
    if (flags[name] === undefined || (name === 'deadline' && level === 'contracts')) continue;
    throw new CliError(`${flag} is of the features, and would not be heeded here.`, {
      exitCode: exitCodes.usage,
      next: '`mall test features --help` has what is for whom; `--name-pattern` is for all tests',
    });
  }
}

function notInThePackage(): CliError {
  return new CliError('Of the tests only the features are in the package from npm.', {
    exitCode: exitCodes.environment,
    next: '`mall test features`; for all others clone the repository, then `npm ci` and `npm test`',
  });
}

function noSuchFile(path: string): CliError {
  const meant = nearest(path, names);
  return new CliError(`"${path}" is neither a kind of test nor a file.`, {
    exitCode: exitCodes.usage,
    next:
      meant === undefined
        ? `the kinds are ${names.join(', ')}; \`mall test services/baskets\` takes a folder, or a file`
        : `\`mall test ${meant}\``,
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
