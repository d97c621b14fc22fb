import assert from 'node:assert/strict';
import { test } from 'node:test';
import { InfrastructureError } from '../../containers/embedded/index.ts';
import { CliError } from '../cli-error.ts';
import { withTypedCommands } from './command-name.ts';
import { failureFound, reportError, reportErrorAsJson } from './error-report.ts';

function told(error: unknown): { text: string; code: number } {
  let text = '';
  const code = reportError(error, (part) => {
    text += part;
  });
  return { text, code };
}

test('an error is told as its sentence, its cause and what to do next', () => {
  const error = new CliError('It is shut.', { exitCode: 4, cause: new Error('no key'), next: 'open it' });
  assert.deepEqual(told(error), { text: 'mall: It is shut.\n  cause: no key\n  next:  open it\n', code: 4 });
});

test('the environment is to blame for what the servers say', () => {
  assert.equal(told(new InfrastructureError('Postgres is away.')).code, 4);
});

test('an error of another part brings its exit code along', () => {
  assert.equal(told(Object.assign(new Error('bad flag'), { exitCode: 2 })).code, 2);
});

test('an unexpected error is told without its stack, with a way to see it', () => {
  const { text, code } = told(new Error('what now'));
  assert.equal(code, 1);
  assert.match(text, /^mall: what now\n {2}next: {2}try again with MALL_DEBUG=1/);
});

function toldAsJson(error: unknown): unknown {
  let text = '';
  reportErrorAsJson(error, (part) => {
    text += part;
  });
  assert.match(text, /^.*\n$/, 'it is one line');
  return JSON.parse(text);
}

test('a program is told the same as one JSON object with the same fields always', () => {
  const error = new CliError('It is shut.', { exitCode: 4, cause: new Error('no\nkey'), next: 'open it' });
  const schema = 'mall.error/1';
  assert.deepEqual(toldAsJson(error), {
    ...{
      schema,
      code: 'environment',
      exitCode: 4,
      message: 'It is shut.',
      cause: 'no\nkey',
      next: 'open it',
    },
  });
  assert.deepEqual(toldAsJson('what now'), {
    ...{ schema, code: 'check-failed', exitCode: 1, message: 'what now', cause: null, next: null },
  });
});

test('a verb that ends as failed after its result is told by the name of its exit code', () => {
  assert.deepEqual(toldAsJson(failureFound(6)), {
    schema: 'mall.error/1',
    code: 'threshold-missed',
    exitCode: 6,
    message: 'A threshold was missed.',
    cause: null,
    next: 'the result on standard output has what was found',
  });
});

test('commands in backticks are told as the reader has to type them', () => {
  const shell = process.env.npm_command;
  try {
    process.env.npm_command = 'exec';
    assert.equal(
      withTypedCommands('use `mall down`, not a small one'),
      'use `npx mall down`, not a small one',
    );
    process.env.npm_command = 'test';
    assert.equal(withTypedCommands('use `mall down`'), 'use `mall down`');
  } finally {
    if (shell === undefined) delete process.env.npm_command;
    else process.env.npm_command = shell;
  }
});
