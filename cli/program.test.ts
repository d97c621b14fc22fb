import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CliError } from './cli-error.ts';
import { asksForJson, runProgram, verbs } from './program.ts';

async function refusalOf(...args: string[]): Promise<CliError> {
  try {
    await runProgram(args);
  } catch (error) {
    assert.ok(error instanceof CliError);
    return error;
  }
  assert.fail('it was understood');
}

test('an unknown verb is told with the nearest one', async () => {
  const refusal = await refusalOf('dwon');
  assert.equal(refusal.exitCode, 2);
  assert.equal(refusal.message, "Unknown command 'dwon'.");
  assert.match(refusal.next ?? '', /did you mean down\? `mall --help`/);
});

test('an unknown option is told with the nearest one and the help of its verb', async () => {
  const refusal = await refusalOf('up', '--detahc');
  assert.equal(refusal.exitCode, 2);
  assert.match(refusal.next ?? '', /did you mean --detach\? `mall up --help`/);
});

test('an option that is like no other is told with the help alone', async () => {
  assert.match((await refusalOf('ps', '--wholly-unlike')).next ?? '', /^`mall ps --help`/);
});

test('a word that is none of the choices is told with the nearest one', async () => {
  assert.match((await refusalOf('logs', 'bascets')).next ?? '', /did you mean baskets\? `mall logs --help`/);
  assert.match((await refusalOf('logs', 'x')).next ?? '', /^`mall logs --help`/);
});

test('help on a verb that is none says so', async () => {
  const refusal = await refusalOf('help', 'dwon');
  assert.deepEqual([refusal.exitCode, refusal.message], [2, "Unknown command 'dwon'."]);
  assert.match(refusal.next ?? '', /did you mean down\?/);
});

test('tests that are not there are told, wherever they stand', async () => {
  for (const args of [['nowhere'], ['unit', 'nowhere'], ['all', 'nowhere']]) {
    const refusal = await refusalOf('test', ...args);
    assert.deepEqual(
      [refusal.exitCode, refusal.message],
      [2, '"nowhere" is neither a kind of test nor a file.'],
    );
  }
});

test('too many arguments and missing values are usage errors', async () => {
  assert.equal((await refusalOf('ps', 'everything')).exitCode, 2);
  assert.equal((await refusalOf('up', '--port')).exitCode, 2);
  assert.equal((await refusalOf('wait', '--timeout', 'soon')).exitCode, 2);
  assert.equal((await refusalOf('logs', 'postgers')).exitCode, 2);
});

test('every flag is judged before anything is started, and says what it must be', async () => {
  const cases: readonly (readonly [args: readonly string[], said: RegExp])[] = [
    [['token', '--role', 'king', '--sub', 'x'], /^--role cannot be "king": it must be one of customer, /],
    [['token'], /^--role is missing\.$/],
    [
      ['token', '--role', 'depot', '--sub', 'x', '--ttl', 'x'],
      /^--ttl cannot be "x": it must be a length of time/,
    ],
    [['open', 'zork'], /^"zork" is no page: there are mall, api, /],
    [['busywork', '--clients'], /^--clients needs a value\.$/],
    [['busywork', '--clients=5', '--rate', '5'], /^--clients and --rate exclude each other\.$/],
    [['saga', 'show'], /^The argument <order> is missing\.$/],
    [['down', '--all', '--name', 'x'], /^--all stops every mall, --name one of them\.$/],
    [['doctor', '--port', 'x'], /^--port cannot be "x"/],
    [['pacts', 'list', '--files', '/nowhere'], /^There is no folder \/nowhere with pact files\.$/],
    [['pacts', 'list', '--broker-url', 'x'], /^The address of the broker must begin with http/],
    [['chaos', '--points', 'all', '--for', 'x'], /^--for cannot be "x"/],
    [['chaos', '--points', 'all', '--duration', 'x'], /^--duration cannot be "x"/],
    [['chaos', '--points', 'all', '--kill', 'x'], /^--kill cannot be "x"/],
    [['chaos', '--faults', '--contexts', 'ordering'], /^--contexts goes with --points\.$/],
    [['test', 'features', '--grpc-address', 'x:1'], /^--grpc-address goes with --against\.$/],
    [['test', 'features', '--against', 'http://a', '--grpc-address', 'x'], /^--grpc-address cannot be "x"/],
    [['up', '--infra', 'docker', '--mode', 'wrong'], /^--mode cannot be "wrong"/],
  ];
  for (const [args, said] of cases) {
    const refusal = await refusalOf(...args);
    assert.match(refusal.message, said);
    assert.equal(refusal.exitCode, 2, args.join(' '));
    assert.ok(refusal.next, args.join(' '));
  }
});

test('a program reads the answer where --json is given, but not beside a file that gets the document', () => {
  for (const line of [
    'ps --json',
    'dwon --json',
    'up --json --prot 1',
    'saga show --json ID',
    'busywork --json',
  ])
    assert.ok(asksForJson(line.split(' ')), line);
  for (const line of ['ps', 'ps -- --json', 'busywork --json now.json', 'busywork --json=now.json'])
    assert.ok(!asksForJson(line.split(' ')), line);
});

test('every verb can be loaded and describes itself', async () => {
  for (const { name, load, jsonFile = false } of verbs) {
    const command = await load();
    assert.equal(command.name(), name);
    assert.notEqual(command.description(), '', name);
    const json = command.options.find(({ long }) => long === '--json');
    assert.equal(json?.optional ?? false, jsonFile, name);
  }
});
