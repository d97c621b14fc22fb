import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  AlreadyExists,
  BadRequest,
  Conflict,
  DeadlineExceeded,
  FailedPrecondition,
  Forbidden,
  MallError,
  NotFound,
  telling,
  Unavailable,
} from './errors.ts';

const named = {
  BadRequest: [new BadRequest('text'), 'BAD_REQUEST'],
  Forbidden: [new Forbidden('text'), 'FORBIDDEN'],
  NotFound: [new NotFound('text'), 'NOT_FOUND'],
  AlreadyExists: [new AlreadyExists('text'), 'ALREADY_EXISTS'],
  Conflict: [new Conflict('text'), 'CONFLICT'],
  FailedPrecondition: [new FailedPrecondition('text'), 'FAILED_PRECONDITION'],
  Unavailable: [new Unavailable('text'), 'UNAVAILABLE'],
  DeadlineExceeded: [new DeadlineExceeded('text'), 'DEADLINE_EXCEEDED'],
} as const;

describe('errors have a name, a category and a sentence', () => {
  for (const [name, [error, category]] of Object.entries(named)) {
    test(name, () => {
      assert.ok(error instanceof MallError && error instanceof Error);
      assert.deepEqual([error.name, error.category, error.message], [name, category, 'text']);
    });
  }
  test('and keep their cause', () => {
    const cause = new Error('socket closed');
    assert.equal(new Unavailable('text', { cause }).cause, cause);
  });
});

describe('telling', () => {
  test('puts a refusal into its context; name, category and cause stay', () => {
    const inner = new NotFound('product was not located');
    const tell = () =>
      telling('product fallback failed', () => {
        throw inner;
      });
    assert.throws(tell, (error) => {
      assert.ok(error instanceof MallError);
      assert.equal(error.message, 'product fallback failed: product was not located');
      assert.deepEqual([error.name, error.category, error.cause], ['NotFound', 'NOT_FOUND', inner]);
      return true;
    });
  });
  test('tells contexts from the outside in', () => {
    const error = new BadRequest('text').within('inner').within('outer');
    assert.equal(error.message, 'outer: inner: text');
  });
  test('leaves results and faults as they are', () => {
    const fault = new TypeError('not a function');
    assert.equal(
      telling('context', () => 42),
      42,
    );
    const fail = () =>
      telling('context', () => {
        throw fault;
      });
    assert.throws(fail, (error) => error === fault);
  });
});
