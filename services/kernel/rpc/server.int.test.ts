import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { BinaryWriter } from '@bufbuild/protobuf/wire';
import { type CallOptions, Client, credentials, Metadata, status } from '@grpc/grpc-js';
import { ErrorType } from '../../../proto/gen/errors/error_type.ts';
import { Status } from '../../../proto/gen/google/rpc/status.ts';
import { GetOrderRequest, GetOrderResponse, SearchServiceService } from '../../../proto/gen/search/api.ts';
import { DeadlineExceeded, NotFound } from '../domain/index.ts';
import { eventually } from '../testing/index.ts';
import { type RpcLimits, RpcServer } from './server.ts';
import { type Call, rpcService } from './service.ts';

const limits: RpcLimits = { callDeadlineMs: 5_000, maxMessageBytes: 1_000 };
const GET_ORDER = '/searchpb.SearchService/GetOrder';

let server: RpcServer;
let client: Client;
/** What the use case behind the door does. */
let useCase: (id: string, call: Call) => Promise<void>;
let calls: Call[];
let faults: unknown[];

async function open(differing: Partial<RpcLimits> = {}): Promise<RpcServer> {
  const opened = new RpcServer({ host: '127.0.0.1', port: 0, limits: { ...limits, ...differing } });
  const service = rpcService(SearchServiceService, {
    getOrder: async ({ id }, call) => {
      calls.push(call);
      await useCase(id, call);
      return { order: undefined };
    },
    searchOrders: async () => ({ orders: [], next: '' }),
  });
  opened.add(service({ report: (_path, error) => faults.push(error) }));
  await opened.listen();
  return opened;
}

before(async () => {
  server = await open();
  client = new Client(server.address, credentials.createInsecure());
});
after(async () => {
  client.close();
  await server.close(100);
});
beforeEach(() => {
  calls = [];
  faults = [];
  useCase = async () => undefined;
});

interface Told {
  readonly code: status;
  readonly text: string;
  readonly bytes: Buffer | undefined;
  readonly trailer: Buffer | undefined;
}

const asIs = (bytes: Buffer) => bytes;

/** One call as any gRPC client makes it, on bytes. */
function call(
  path: string,
  bytes: Uint8Array = Buffer.alloc(0),
  { headers = {}, through = client, ...options }: CallSettings = {},
): Promise<Told> {
  const { promise, resolve } = Promise.withResolvers<Told>();
  const metadata = new Metadata();
  for (const [name, value] of Object.entries(headers)) metadata.set(name, value);
  through.makeUnaryRequest(path, asIs, asIs, Buffer.from(bytes), metadata, options, (error, response) => {
    const [trailer] = error?.metadata.get('grpc-status-details-bin') ?? [];
    resolve({
      code: error?.code ?? status.OK,
      text: error?.details ?? '',
      bytes: response,
      trailer: Buffer.isBuffer(trailer) ? trailer : undefined,
    });
  });
  return promise;
}

interface CallSettings extends CallOptions {
  readonly headers?: Readonly<Record<string, string>>;
  readonly through?: Client;
}

const getOrder = (id: string, options?: CallSettings) =>
  call(GET_ORDER, GetOrderRequest.encode({ id }).finish(), options);

test('a call reaches its use case and is answered', async () => {
  let asked = '';
  useCase = async (id) => {
    asked = id;
  };
  const { code, bytes } = await getOrder('o — 👩‍👩‍👧');
  assert.equal(code, status.OK);
  assert.deepEqual(GetOrderResponse.decode(bytes ?? Buffer.from([0xff])), { order: undefined });
  assert.equal(asked, 'o — 👩‍👩‍👧');
});

test('row X17: a caller that hangs up takes its use case along', async () => {
  const { promise: reached, resolve } = Promise.withResolvers<Call>();
  useCase = (_id, call) => {
    resolve(call);
    return new Promise(() => undefined);
  };
  const bytes = Buffer.from(GetOrderRequest.encode({ id: 'o' }).finish());
  const running = client.makeUnaryRequest(GET_ORDER, asIs, asIs, bytes, () => undefined);
  const { signal } = (await reached).causation;
  const aborted = once(signal ?? new EventTarget(), 'abort');
  running.cancel();
  await aborted;
});

describe('a refusal', () => {
  test('has its code, its text, and in the trailer what the original puts there', async () => {
    useCase = async (id) => {
      throw new NotFound(`no “${id}”`);
    };
    const { code, text, trailer } = await getOrder('ö');
    assert.equal(code, status.NOT_FOUND);
    assert.equal(text, 'no “ö”');
    const told = Status.decode(trailer ?? Buffer.alloc(0));
    assert.equal(told.code, status.NOT_FOUND);
    assert.equal(told.message, 'no “ö”');
    assert.deepEqual(
      told.details.map(({ typeUrl, value }) => ({ typeUrl, ...ErrorType.decode(value) })),
      [
        {
          typeUrl: 'type.googleapis.com/errors.ErrorType',
          TypeCode: 'NOT_FOUND',
          HTTPCode: 404n,
          GRPCCode: 5n,
        },
      ],
    );
    assert.deepEqual(faults, []);
  });
  test('rows X7, P-07: a fault is one too; the next call is answered as if nothing had been', async () => {
    const fault = new TypeError('cannot read properties of undefined');
    useCase = async () => {
      throw fault;
    };
    const { code, text } = await getOrder('o', { headers: { 'x-correlation-id': 'story' } });
    assert.equal(code, status.INTERNAL);
    assert.equal(text, 'internal error; the log tells more under story');
    assert.deepEqual(faults, [fault]);
    useCase = async () => undefined;
    assert.equal((await getOrder('o')).code, status.OK);
  });
});

describe('bad input:', () => {
  for (const [what, bytes] of [
    ['rubbish', Buffer.from('rubbish that is no message')],
    ['a message cut off', Buffer.from([0x0a, 0x10, 0x61])],
    ['a length beyond all bounds', Buffer.from([0x0a, 0xff, 0xff, 0xff, 0xff, 0x0f])],
  ] as const) {
    test(`${what} is INVALID_ARGUMENT and reaches no use case`, async () => {
      const { code, text } = await call(GET_ORDER, bytes);
      assert.equal(code, status.INVALID_ARGUMENT);
      assert.equal(text, `the request is no message of ${GET_ORDER}`);
      assert.deepEqual(calls, []);
    });
  }
  test('fields nobody knows are passed over', async () => {
    const bytes = new BinaryWriter().tag(1, 2).string('o').tag(99, 2).string('new').finish();
    assert.equal((await call(GET_ORDER, bytes)).code, status.OK);
  });
  test('a message beyond the limit is RESOURCE_EXHAUSTED', async () => {
    assert.equal((await call(GET_ORDER, Buffer.alloc(1_001))).code, status.RESOURCE_EXHAUSTED);
    assert.deepEqual(calls, []);
  });
  test('methods and services nobody has are UNIMPLEMENTED', async () => {
    for (const path of ['/searchpb.SearchService/Nothing', '/storespb.StoresService/GetStore', '/x/y']) {
      assert.equal((await call(path)).code, status.UNIMPLEMENTED, path);
    }
  });
});

describe('row X17: a deadline', () => {
  let hasty: RpcServer;
  let through: Client;
  before(async () => {
    hasty = await open({ callDeadlineMs: 100 });
    through = new Client(hasty.address, credentials.createInsecure());
  });
  after(async () => {
    through.close();
    await hasty.close(100);
  });
  beforeEach(() => {
    useCase = () => pause(4_000, undefined, { ref: false });
  });

  test("of the caller's that passes is DEADLINE_EXCEEDED, and the use case is told", async () => {
    const { code } = await getOrder('o', { deadline: Date.now() + 60 });
    assert.equal(code, status.DEADLINE_EXCEEDED);
    await eventually(() => assert.ok(calls[0]?.causation.signal?.aborted));
    assert.ok(calls[0]?.causation.signal?.reason instanceof DeadlineExceeded);
  });
  test('is set for callers that set none, and told as every failure is', async () => {
    const { code, text, trailer } = await getOrder('o', { through });
    assert.equal(code, status.DEADLINE_EXCEEDED);
    assert.equal(text, 'no answer within 100 ms');
    const [detail] = Status.decode(trailer ?? Buffer.alloc(0)).details;
    assert.equal(ErrorType.decode(detail?.value ?? Buffer.alloc(0)).TypeCode, 'DEADLINE_EXCEEDED');
    assert.deepEqual(faults, []);
  });
  test('further away than the limit is cut to it', async () => {
    const { text } = await getOrder('o', { through, deadline: Date.now() + 3_600_000 });
    assert.equal(text, 'no answer within 100 ms');
  });
});

test("the caller's correlation and trace reach the use case; without one, each call has its own", async () => {
  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
  await getOrder('o', { headers: { 'x-correlation-id': 'story', traceparent } });
  await getOrder('o');
  await getOrder('o');
  const [first, second, third] = calls.map(({ causation }) => causation);
  assert.equal(first?.correlationId, 'story');
  assert.equal(first?.causationId, 'story');
  assert.equal(first?.trace?.traceparent, traceparent);
  assert.notEqual(second?.correlationId, third?.correlationId);
});

describe('a stop', () => {
  let stopping: RpcServer;
  let caller: Client;
  beforeEach(async () => {
    stopping = await open();
    caller = new Client(stopping.address, credentials.createInsecure());
  });
  afterEach(() => caller.close());

  test('answers the calls in hand and takes no new ones', async () => {
    const released = Promise.withResolvers<void>();
    useCase = () => released.promise;
    const inHand = getOrder('first', { through: caller });
    await eventually(() => assert.equal(calls.length, 1));
    const closed = stopping.close(5_000);
    const newcomer = new Client(stopping.address, credentials.createInsecure());
    const late = await getOrder('late', { through: newcomer });
    newcomer.close();
    assert.equal(late.code, status.UNAVAILABLE);
    released.resolve();
    assert.equal((await inHand).code, status.OK);
    await closed;
    assert.equal(calls.length, 1);
  });
  test('waits no longer than it may', async () => {
    const released = Promise.withResolvers<void>();
    useCase = () => released.promise;
    const inHand = getOrder('endless', { through: caller });
    await eventually(() => assert.equal(calls.length, 1));
    const started = performance.now();
    await stopping.close(50);
    assert.ok(performance.now() - started < 1_000);
    assert.notEqual((await inHand).code, status.OK);
    released.resolve();
  });
});

test('a port that is taken is told by its number', async () => {
  const port = Number(server.address.split(':')[1]);
  const second = new RpcServer({ host: '127.0.0.1', port, limits });
  await assert.rejects(second.listen(), new RegExp(`address already in use 127.0.0.1:${port}`));
});
