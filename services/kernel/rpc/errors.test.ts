import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { status } from '@grpc/grpc-js';
import { ErrorType } from '../../../proto/gen/errors/error_type.ts';
import { Status } from '../../../proto/gen/google/rpc/status.ts';
import { type ErrorCategory, MallError } from '../domain/index.ts';
import { RpcFailure } from './errors.ts';

/** gRPC code, type code and HTTP code of each category, as clients of the original know them. */
const table: readonly (readonly [ErrorCategory, status, string, number])[] = [
  ['BAD_REQUEST', status.INVALID_ARGUMENT, 'BAD_REQUEST', 400],
  ['UNAUTHORIZED', status.UNAUTHENTICATED, 'UNAUTHORIZED', 401],
  ['FORBIDDEN', status.PERMISSION_DENIED, 'FORBIDDEN', 403],
  ['NOT_FOUND', status.NOT_FOUND, 'NOT_FOUND', 404],
  ['ALREADY_EXISTS', status.ALREADY_EXISTS, 'ALREADY_EXISTS', 409],
  ['CONFLICT', status.ABORTED, 'ABORTED', 409],
  ['FAILED_PRECONDITION', status.FAILED_PRECONDITION, 'FAILED_PRECONDITION', 400],
  ['RESOURCE_EXHAUSTED', status.RESOURCE_EXHAUSTED, 'RESOURCE_EXHAUSTED', 429],
  ['UNIMPLEMENTED', status.UNIMPLEMENTED, 'UNIMPLEMENTED', 501],
  ['UNAVAILABLE', status.UNAVAILABLE, 'UNAVAILABLE', 503],
  ['DEADLINE_EXCEEDED', status.DEADLINE_EXCEEDED, 'DEADLINE_EXCEEDED', 504],
  ['INTERNAL', status.INTERNAL, 'INTERNAL', 500],
];

for (const [category, code, typeCode, http] of table) {
  describe(category, () => {
    const failure = RpcFailure.from(new MallError(category, 'a text — with ünicode'), 'story');

    test('is told with its code and, in the trailer, its type', () => {
      assert.equal(failure.code, code);
      const told = Status.decode(failure.toTrailer());
      assert.equal(told.code, code);
      assert.equal(told.message, 'a text — with ünicode');
      const [detail, ...more] = told.details;
      assert.deepEqual(more, []);
      assert.equal(detail?.typeUrl, 'type.googleapis.com/errors.ErrorType');
      assert.deepEqual(ErrorType.decode(detail?.value ?? Buffer.alloc(0)), {
        TypeCode: typeCode,
        HTTPCode: BigInt(http),
        GRPCCode: BigInt(code),
      });
    });
    test('comes back as what it was', () => {
      const read = RpcFailure.fromTrailer(failure.code, failure.message, failure.toTrailer());
      assert.deepEqual(read.detail, failure.detail);
      const error = read.toMallError();
      assert.equal(error.category, category);
      assert.equal(error.message, 'a text — with ünicode');
      assert.equal(error.cause, read);
    });
  });
}

test('row X15: a fault tells no more than where to look', () => {
  const fault = new Error('duplicate key value violates unique constraint');
  const failure = RpcFailure.from(fault, 'story');
  assert.equal(failure.code, status.INTERNAL);
  assert.equal(failure.message, 'internal error; the log tells more under story');
  assert.equal(failure.cause, fault);
  assert.doesNotMatch(failure.toTrailer().toString('latin1'), /duplicate/);
});

test('a failure that was told once is told the same', () => {
  const failure = new RpcFailure(status.CANCELLED, 'never mind', undefined);
  assert.equal(RpcFailure.from(failure, 'story'), failure);
  assert.deepEqual(Status.decode(failure.toTrailer()).details, []);
});

describe("a foreign server's failure", () => {
  for (const code of [status.UNKNOWN, status.CANCELLED, status.DATA_LOSS, status.OUT_OF_RANGE]) {
    test(`${status[code]}, which no category of ours has, is internal`, () => {
      assert.equal(RpcFailure.fromTrailer(code, 'no', undefined).toMallError().category, 'INTERNAL');
    });
  }
  test('may have a trailer nobody can read', () => {
    const garbled = { typeUrl: 'type.googleapis.com/errors.ErrorType', value: Buffer.from([0x0a, 0xff]) };
    for (const trailer of [
      Buffer.from('rubbish'),
      Buffer.from(Status.encode({ code: 5, message: 'no', details: [garbled] }).finish()),
      Buffer.from(
        Status.encode({ code: 5, message: 'no', details: [{ ...garbled, typeUrl: 'x' }] }).finish(),
      ),
    ]) {
      const failure = RpcFailure.fromTrailer(status.NOT_FOUND, 'no', trailer);
      assert.equal(failure.detail, undefined);
      assert.equal(failure.toMallError().category, 'NOT_FOUND');
    }
  });
});
