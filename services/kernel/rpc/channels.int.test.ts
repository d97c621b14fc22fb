import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import {
  Metadata,
  type MethodDefinition,
  Server,
  ServerCredentials,
  type sendUnaryData,
  status,
} from '@grpc/grpc-js';
import { SearchServiceService as rpc } from '../../../proto/gen/search/api.ts';
import { MallError, NotFound, Unavailable } from '../domain/index.ts';
import { RpcChannels } from './channels.ts';
import { RpcServer } from './server.ts';
import { type Call, rpcService } from './service.ts';

const limits = { deadlineMs: 5_000, attempts: 3, backoffMs: 1 };

let server: RpcServer;
let channels: RpcChannels;
/** What the other side does with each call. */
let answer: () => Promise<void>;
let calls: Call[];

before(async () => {
  server = new RpcServer({
    host: '127.0.0.1',
    port: 0,
    limits: { callDeadlineMs: 5_000, maxMessageBytes: 1_000 },
  });
  const service = rpcService(rpc, {
    getOrder: async (_request, call) => {
      calls.push(call);
      await answer();
      return { order: undefined };
    },
    searchOrders: async () => ({ orders: [], next: '' }),
  });
  server.add(service({ report: () => undefined }));
  await server.listen();
});
after(() => server.close(100));
beforeEach(() => {
  calls = [];
  answer = async () => undefined;
  channels = new RpcChannels(() => server.address, limits);
});
afterEach(() => channels.close());

const call = () => channels.call('SEARCH', rpc.getOrder, { id: 'o' });

/** The refusal of a call, as `CATEGORY: text`. */
async function refusal(called: Promise<unknown>): Promise<string> {
  const error = await called.then(
    () => assert.fail('it was answered'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof MallError);
  return `${error.category}: ${error.message}`;
}

test('a refusal comes back in the words of the other side, after one try', async () => {
  answer = async () => {
    throw new NotFound('no “such” order');
  };
  assert.equal(await refusal(call()), 'NOT_FOUND: no “such” order');
  assert.equal(calls.length, 1);
});

describe('row X16: another side that is away for a moment', () => {
  test('is asked again', async () => {
    answer = async () => {
      if (calls.length < 3) throw new Unavailable('not now');
    };
    assert.deepEqual(await call(), { order: undefined });
    assert.equal(calls.length, 3);
  });
  test('and stays away is asked as often as the limit says', async () => {
    answer = async () => {
      throw new Unavailable('not now');
    };
    assert.equal(await refusal(call()), 'UNAVAILABLE: not now');
    assert.equal(calls.length, 3);
  });
  test('or does not listen at all is unavailable', async () => {
    const nobody = new RpcChannels(() => '127.0.0.1:1', limits);
    assert.match(await refusal(nobody.call('SEARCH', rpc.getOrder, { id: 'o' })), /^UNAVAILABLE: /);
    nobody.close();
  });
});

test('row X16: every call has a deadline', async () => {
  answer = () => pause(5_000, undefined, { ref: false });
  const impatient = new RpcChannels(() => server.address, { ...limits, deadlineMs: 50 });
  assert.match(await refusal(impatient.call('SEARCH', rpc.getOrder, { id: 'o' })), /^DEADLINE_EXCEEDED: /);
  assert.equal(calls.length, 1);
  impatient.close();
});

test('the story and the trace go along', async () => {
  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
  const causation = { causationId: 'message', correlationId: 'story', trace: { traceparent } };
  await channels.call('SEARCH', rpc.getOrder, { id: 'o' }, causation);
  assert.equal(calls[0]?.causation.correlationId, 'story');
  assert.equal(calls[0]?.causation.trace?.traceparent, traceparent);
});

test('each context is asked at its own address', async () => {
  const asked: string[] = [];
  const elsewhere = new RpcChannels((service) => {
    asked.push(service);
    return server.address;
  }, limits);
  await elsewhere.call('SEARCH', rpc.getOrder, { id: 'o' });
  await elsewhere.call('CUSTOMERS', rpc.getOrder, { id: 'o' });
  elsewhere.close();
  assert.deepEqual(asked, ['SEARCH', 'CUSTOMERS']);
});

describe('a foreign server', () => {
  let foreign: Server;
  let told: { code: status; details: string; metadata: Metadata } | undefined;
  let elsewhere: RpcChannels;

  before(async () => {
    foreign = new Server();
    const definition: MethodDefinition<Buffer, Buffer> = {
      path: rpc.getOrder.path,
      requestStream: false,
      responseStream: false,
      requestSerialize: (bytes) => bytes,
      requestDeserialize: (bytes) => bytes,
      responseSerialize: (bytes) => bytes,
      responseDeserialize: (bytes) => bytes,
    };
    const getOrder = (_call: unknown, callback: sendUnaryData<Buffer>) =>
      told ? callback(told) : callback(null, Buffer.from('rubbish that is no message'));
    foreign.addService({ getOrder: definition }, { getOrder });
    const port = await new Promise<number>((resolve, reject) => {
      foreign.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
        error ? reject(error) : resolve(bound),
      );
    });
    elsewhere = new RpcChannels(() => `127.0.0.1:${port}`, limits);
  });
  after(() => {
    elsewhere.close();
    foreign.forceShutdown();
  });

  test('whose trailer nobody can read refuses all the same', { timeout: 5_000 }, async () => {
    const metadata = new Metadata();
    metadata.set('grpc-status-details-bin', Buffer.from('rubbish'));
    told = { code: status.NOT_FOUND, details: 'no such order', metadata };
    assert.equal(await refusal(elsewhere.call('S', rpc.getOrder, { id: 'o' })), 'NOT_FOUND: no such order');
  });
  test('whose answer nobody can read has failed', async () => {
    told = undefined;
    assert.match(await refusal(elsewhere.call('S', rpc.getOrder, { id: 'o' })), /^INTERNAL: /);
  });
});
