import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import { pactFilesFolder } from '../pacts/places.ts';
import { cliUnderTest } from './cli-process.ts';

/* Tests that are not there: told as a mistake of whoever asked, not as a run in which nothing failed. */
const cli = cliUnderTest();

const cases: readonly (readonly [what: string, args: readonly string[], said: RegExp])[] = [
  [
    'a name that no test has',
    ['unit', 'cli/terminal', '--name-pattern', 'zork'],
    /No name of the unit tests in cli\/terminal matches --name-pattern "zork"\./,
  ],
  [
    'a folder without tests',
    ['unit', 'services/decisions'],
    /There are no unit tests in services\/decisions\./,
  ],
  ['a file that is no test', ['cli/program.ts'], /There are no .* tests in cli\/program\.ts\./],
  ['a folder without contracts', ['contracts', 'cli'], /There are no contract tests in cli\./],
  [
    'a name that no scenario has',
    ['features', '--name-pattern', 'zork'],
    /No scenario matches --name-pattern "zork"\./,
  ],
  [
    'tags and a name that no scenario has together',
    ['features', 'features/baskets', '--tags', '@zork', '--name-filter', 'Nobody'],
    /No scenario in features\/baskets matches --tags "@zork" and --name-filter "Nobody"\./,
  ],
  [
    'a line at which no scenario is',
    ['features', 'features/baskets/add_item.feature:9999'],
    /There is no scenario in features\/baskets\/add_item\.feature:9999\./,
  ],
  [
    'what is no pattern',
    ['unit', '--name-pattern', '('],
    /--name-pattern cannot be "\(": it must be a regular/,
  ],
  [
    'what are no tags',
    ['features', '--tags', '@a(and'],
    /--tags cannot be "@a\(and": it must be an expression/,
  ],
  ['what only features have', ['unit', '--tags', '@a'], /--tags is of the features, and would not be heeded/],
];

for (const [what, args, said] of cases) {
  test(`${what} is refused, and nothing is started`, async () => {
    const { code, stderr } = await cli.run('test', ...args);
    assert.match(stderr, new RegExp(`^mall: ${said.source}`, 'm'));
    assert.equal(code, 2, stderr);
    assert.doesNotMatch(stderr, /starting/);
  });
}

test('with --json it is an error, and no report', async () => {
  const { code, stdout, stderr } = await cli.run(
    'test',
    'unit',
    'cli/terminal',
    '--name-pattern',
    'zork',
    '--json',
  );
  assert.deepEqual([code, stdout], [2, '']);
  const { schema, message } = JSON.parse(stderr);
  assert.deepEqual([schema, message.includes('"zork"')], ['mall.error/1', true]);
});

test('files none of whose tests has the name are not counted as tests', async () => {
  const pattern = 'the kind of a test stands in its file name';
  const run = (...args: readonly string[]) =>
    cli.run('test', 'unit', 'cli/testing', 'cli/terminal', '--name-pattern', pattern, ...args);
  const [people, program] = await Promise.all([run(), run('--json')]);
  assert.deepEqual([people.code, program.code], [0, 0]);
  assert.doesNotMatch(people.stdout, /duration\.test\.ts/);
  assert.match(people.stdout, /tests 1\n/);
  const { tests, passed, success } = JSON.parse(program.stdout);
  assert.deepEqual([tests, passed, success], [1, 1, true]);
});

test("pacts stay as they are where only some of the consumers' tests run", async () => {
  const before = readdirSync(pactFilesFolder);
  const consumer = 'pacts/consumers/customers-sub.contract.test.ts';
  const { code, stderr } = await cli.run('test', 'contracts', consumer, '--name-pattern', 'zork');
  assert.equal(code, 2, stderr);
  assert.match(stderr, /No name of the consumers' tests in pacts.* matches --name-pattern "zork"\./);
  assert.deepEqual(readdirSync(pactFilesFolder), before);
});
