import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { type ErrorCategory, MallError } from '../domain/index.ts';
import type { Call } from '../rpc/index.ts';
import { DEADLINE_MS, RestDoor } from './testing/rest-door.ts';

let door: RestDoor;
beforeEach(() => {
  door = new RestDoor();
});
afterEach(() => door.close());

describe('a failure', () => {
  const table: Readonly<Record<ErrorCategory, readonly [http: number, grpc: number, typeCode?: string]>> = {
    BAD_REQUEST: [400, 3],
    UNAUTHORIZED: [401, 16],
    FORBIDDEN: [403, 7],
    NOT_FOUND: [404, 5],
    ALREADY_EXISTS: [409, 6],
    CONFLICT: [409, 10, 'ABORTED'],
    FAILED_PRECONDITION: [400, 9],
    RESOURCE_EXHAUSTED: [429, 8],
    UNIMPLEMENTED: [501, 12],
    UNAVAILABLE: [503, 14],
    DEADLINE_EXCEEDED: [504, 4],
    INTERNAL: [500, 13],
  };
  for (const [category, [http, grpc, typeCode = category]] of Object.entries(table)) {
    test(`of category ${category} is told as the original tells it`, async () => {
      door.instead = async () => {
        throw new MallError(isCategory(category) ? category : 'INTERNAL', 'no “such” thing');
      };
      const answer = await door.send('GET', '/api/baskets/b');
      assert.equal(answer.statusCode, http);
      assert.deepEqual(answer.json(), {
        code: grpc,
        message: 'no “such” thing',
        details: [
          {
            '@type': 'type.googleapis.com/errors.ErrorType',
            TypeCode: typeCode,
            HTTPCode: String(http),
            GRPCCode: String(grpc),
          },
        ],
      });
      const { 'www-authenticate': authenticate, 'retry-after': retryAfter } = answer.headers;
      assert.equal(authenticate, http === 401 ? 'no ?such? thing' : undefined);
      // What is read may be asked for again after any silence.
      assert.equal(retryAfter, http === 503 || http === 504 ? '1' : undefined);
    });
  }
  const isCategory = (name: string): name is ErrorCategory => name in table;

  test('row X15: of our own making tells a correlation id to the caller and the rest to the log', async () => {
    const fault = new Error('relation "secret" does not exist');
    door.instead = async () => {
      throw fault;
    };
    const answer = await door.send('GET', '/api/baskets/b');
    assert.equal(answer.statusCode, 500);
    assert.doesNotMatch(answer.body, /secret|relation/);
    const [logged] = door.faults;
    assert.deepEqual(door.faults, [
      { path: '/basketspb.BasketService/GetBasket', error: fault, correlationId: logged?.correlationId },
    ]);
    assert.equal(answer.json().message, `internal error; the log tells more under ${logged?.correlationId}`);
  });

  test('a call that takes too long is answered in time and told to stop', async () => {
    let stopped: unknown;
    door.instead = async ({ causation: { signal } }) => {
      signal?.addEventListener('abort', () => {
        stopped = signal.reason;
      });
      await pause(DEADLINE_MS * 3);
      throw new Error('nobody waits for this any more');
    };
    const answer = await door.send('GET', '/api/baskets/b');
    assert.equal(answer.statusCode, 504);
    assert.equal(answer.json().message, `no answer within ${DEADLINE_MS} ms`);
    assert.ok(stopped instanceof MallError);
    assert.deepEqual(door.faults, []);
  });
});

test('after a change without an answer only those with an Idempotency-Key are invited to come again', async () => {
  door.instead = async () => {
    throw new MallError('DEADLINE_EXCEEDED', 'no answer');
  };
  const start = (headers?: Record<string, string>) => door.send('POST', '/api/baskets', '{}', headers);
  const [bare, keyed] = [await start(), await start({ 'idempotency-key': 'key' })];
  assert.deepEqual([bare.statusCode, bare.headers['retry-after']], [504, undefined]);
  assert.deepEqual([keyed.statusCode, keyed.headers['retry-after']], [504, '1']);
});

test("the caller's trace and one correlation id per request reach the use case", async () => {
  const calls: Call[] = [];
  door.instead = async (call) => {
    calls.push(call);
    throw new MallError('NOT_FOUND', 'no');
  };
  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
  await door.send('GET', '/api/baskets/b', undefined, { traceparent });
  await door.send('GET', '/api/baskets/b');
  const [first, second] = calls.map((call) => call.causation);
  assert.equal(first?.trace?.traceparent, traceparent);
  assert.equal(first?.causationId, first?.correlationId);
  assert.equal(second?.trace, undefined);
  assert.notEqual(second?.correlationId, first?.correlationId);
});
