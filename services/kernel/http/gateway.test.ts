import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import { BasketServiceService } from '../../../proto/gen/baskets/api.ts';
import { SearchServiceService } from '../../../proto/gen/search/api.ts';
import { type ErrorCategory, MallError } from '../domain/index.ts';
import { type Call, rpcService } from '../rpc/index.ts';
import { gateway } from './gateway.ts';
import { httpLimits, httpServer } from './server.ts';

const DEADLINE_MS = 100;

/** What the services behind the door were asked. */
let asked: unknown[];
/** What they do instead of answering, once it is set. */
let instead: ((call: Call) => Promise<never>) | undefined;
let faults: { path: string; error: unknown; correlationId: string }[];
let app: FastifyInstance;

async function heard(request: unknown, call: Call): Promise<void> {
  asked.push(request);
  await instead?.(call);
}

const baskets = rpcService(BasketServiceService, {
  startBasket: async (request, call) => {
    await heard(request, call);
    return { id: 'new' };
  },
  getBasket: async (request, call) => {
    await heard(request, call);
    return { basket: undefined };
  },
  cancelBasket: async (request, call) => {
    await heard(request, call);
    return {};
  },
  checkoutBasket: async (request, call) => {
    await heard(request, call);
    return {};
  },
  addItem: async (request, call) => {
    await heard(request, call);
    return {};
  },
  removeItem: async (request, call) => {
    await heard(request, call);
    return {};
  },
});

const blankOrder = {
  orderId: '',
  customerId: '',
  customerName: '',
  items: [],
  total: 0,
  status: '',
  createdAt: undefined,
};

const search = rpcService(SearchServiceService, {
  searchOrders: async (request, call) => {
    await heard(request, call);
    const item = {
      productId: 'p',
      storeId: 's',
      productName: 'א',
      storeName: '👩‍👩‍👧',
      price: 0.1,
      quantity: 5n,
    };
    const full = { ...blankOrder, items: [item], total: 0.5, createdAt: new Date(1_700_000_000_123) };
    return { orders: [full, blankOrder], next: '' };
  },
  getOrder: async (request, call) => {
    await heard(request, call);
    return { order: blankOrder };
  },
});

beforeEach(() => {
  asked = [];
  instead = undefined;
  faults = [];
  app = httpServer(httpLimits);
  const services = [baskets, search].flatMap((service) =>
    service({ report: (path, error, correlationId) => faults.push({ path, error, correlationId }) }),
  );
  const methods = new Map(services.map((method) => [method.path, method]));
  gateway(app, { methods, deadlineMs: DEADLINE_MS });
});
afterEach(() => app.close());

type Verb = 'GET' | 'POST' | 'PUT' | 'DELETE';

const send = (method: Verb, url: string, payload?: string, headers: Record<string, string> = {}) =>
  app.inject({ method, url, headers, ...(payload !== undefined && { payload }) });

describe('a request body', () => {
  for (const [what, body, customerId] of [
    ['in camelCase', '{"customerId": "c"}', 'c'],
    ["in the proto's spelling", '{"customer_id": "c"}', 'c'],
    [
      'with fields nobody knows',
      '{"customerId": "c", "a": {"b": [1]}, "__proto__": 1, "constructor": 2}',
      'c',
    ],
    ['with null for a field', '{"customerId": null}', ''],
    ['that is empty', '', ''],
    ['that is white space', ' \n', ''],
    ['of emoji and right-to-left text', '{"customerId": "👩‍👩‍👧 שלום \\ud83d\\ude00"}', '👩‍👩‍👧 שלום 😀'],
  ] as const) {
    test(`${what} is read`, async () => {
      const answer = await send('POST', '/api/baskets', body);
      assert.equal(answer.body, '{"id":"new"}');
      assert.deepEqual(asked, [{ customerId }]);
    });
  }
  test('is read whatever content type it goes by, as by the original', async () => {
    for (const type of [
      'application/json',
      'text/plain',
      'application/xml; charset=utf-16',
      'rubbish',
      ';',
      '',
    ]) {
      const answer = await send('POST', '/api/baskets', '{"customerId":"c"}', { 'content-type': type });
      assert.equal(answer.statusCode, 200, type);
    }
    assert.equal(asked.length, 6);
  });
  test('may give numbers as text', async () => {
    await send('PUT', '/api/baskets/b/addItem', '{"productId": "p", "quantity": "3"}');
    assert.deepEqual(asked, [{ id: 'b', productId: 'p', quantity: 3 }]);
  });
  test('gives way to the parameters of the path', async () => {
    const answer = await send('PUT', '/api/baskets/right/checkout', '{"id": "wrong", "paymentId": "p"}');
    assert.equal(answer.body, '{}');
    assert.deepEqual(asked, [{ id: 'right', paymentId: 'p' }]);
  });
  test('of a route without one is left alone', async () => {
    const answer = await send('DELETE', '/api/baskets/b', 'no JSON');
    assert.equal(answer.statusCode, 200);
    assert.deepEqual(asked, [{ id: 'b' }]);
  });
  test('with nested messages, times and lists is read', async () => {
    const filters = { store_ids: ['a', 'b'], after: '2024-02-29T12:00:00.5+01:00', minTotal: 1e1 };
    await send('POST', '/api/search/orders', JSON.stringify({ filters, limit: 7 }));
    assert.deepEqual(asked, [
      {
        filters: {
          customerId: '',
          after: new Date('2024-02-29T11:00:00.500Z'),
          before: undefined,
          storeIds: ['a', 'b'],
          productIds: [],
          minTotal: 10,
          maxTotal: 0,
          status: '',
        },
        next: '',
        limit: 7,
      },
    ]);
  });
});

describe('a request that does not fit is refused with 400 and reaches nobody:', () => {
  const json = 'the request body is not JSON: ';
  const field = (name: string) => `the request does not fit: cannot decode field ${name} from JSON: `;
  const quantity = field('basketspb.AddItemRequest.quantity');
  const limit = field('searchpb.SearchOrdersRequest.limit');
  const message = (name: string) => `the request does not fit: cannot decode message ${name} from JSON: `;
  const addItem = ['PUT', '/api/baskets/b/addItem'] as const;
  const start = ['POST', '/api/baskets'] as const;
  const find = ['POST', '/api/search/orders'] as const;
  for (const [what, [verb, url], body, reason] of [
    ['malformed JSON', start, '{"customerId": ', `${json}Unexpected end of JSON input`],
    ['text before the JSON', start, '\ufeff{}', json],
    ['a list', start, '[{}]', 'the request body must be a JSON object'],
    ['null', start, 'null', 'the request body must be a JSON object'],
    ['text', start, '"customerId"', 'the request body must be a JSON object'],
    ['a number', start, '5', 'the request body must be a JSON object'],
    ['a number for text', start, '{"customerId": 5}', field('basketspb.StartBasketRequest.customer_id')],
    ['an object for text', start, '{"customerId": {}}', field('basketspb.StartBasketRequest.customer_id')],
    ['a field in both spellings', start, '{"customerId":"a","customer_id":"b"}', 'set multiple times'],
    [
      'half a character',
      start,
      '{"customerId":"a\\ud83db"}',
      field('basketspb.StartBasketRequest.customer_id'),
    ],
    ['text for a number', addItem, '{"quantity": "two"}', quantity],
    ['a truth value for a number', addItem, '{"quantity": true}', quantity],
    [
      '2^31',
      addItem,
      '{"quantity": 2147483648}',
      `${quantity}expected number (int32): 2147483648 out of range`,
    ],
    ['below -2^31', addItem, '{"quantity": -2147483649}', quantity],
    ['a fraction', addItem, '{"quantity": 1.5}', quantity],
    ['an endless number', addItem, '{"quantity": 1e400}', quantity],
    ['NaN for an integer', addItem, '{"quantity": "NaN"}', quantity],
    ['a list for a number', find, '{"limit": [1]}', limit],
    ['no time', find, '{"filters": {"after": "yesterday"}}', message('google.protobuf.Timestamp')],
    ['text for a message', find, '{"filters": "all"}', message('searchpb.SearchOrdersRequest.Filters')],
  ] as const) {
    test(what, async () => {
      const answer = await send(verb, url, body);
      assert.equal(answer.statusCode, 400);
      const told = answer.json();
      // The gateway's own refusals carry no detail, unlike the application's.
      assert.deepEqual({ ...told, message: '' }, { code: 3, message: '', details: [] });
      assert.ok(String(told.message).includes(reason), told.message);
      assert.deepEqual(asked, []);
    });
  }
});

describe('a path', () => {
  for (const [what, written, id] of [
    ['in percent encoding', '%62%2D1', 'b-1'],
    ['with an encoded slash', 'a%2Fb', 'a/b'],
    ['with encoded Unicode', '%F0%9F%98%80', '😀'],
    ['with signs that mean something elsewhere', "a:b*c(d)'e;f", "a:b*c(d)'e;f"],
    ['with a plus, which is no space here', 'a+b', 'a+b'],
  ] as const) {
    test(`${what} is decoded once`, async () => {
      const answer = await send('GET', `/api/baskets/${written}`);
      assert.equal(answer.body, '{"basket":null}');
      assert.deepEqual(asked, [{ id }]);
    });
  }
  test('beats a query parameter of the same name', async () => {
    await send('GET', '/api/baskets/right?id=wrong&nothing=1');
    assert.deepEqual(asked, [{ id: 'right' }]);
  });
});

test('an answer has every field: lists empty, messages null, 64-bit numbers as text', async () => {
  const { body } = await send('POST', '/api/search/orders', '{}');
  const item =
    '{"productId":"p","storeId":"s","productName":"א","storeName":"👩‍👩‍👧","price":0.1,"quantity":"5"}';
  assert.equal(
    body,
    `{"orders":[{"orderId":"","customerId":"","customerName":"","items":[${item}],"total":0.5,"status":"",` +
      '"createdAt":"2023-11-14T22:13:20.123Z"},{"orderId":"","customerId":"","customerName":"","items":[],' +
      '"total":0,"status":"","createdAt":null}],"next":""}',
  );
});

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
      instead = async () => {
        throw new MallError(isCategory(category) ? category : 'INTERNAL', 'no “such” thing');
      };
      const answer = await send('GET', '/api/baskets/b');
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
      assert.equal(retryAfter, http === 503 ? '1' : undefined);
    });
  }
  const isCategory = (name: string): name is ErrorCategory => name in table;

  test('row X15: of our own making tells a correlation id to the caller and the rest to the log', async () => {
    const fault = new Error('relation "secret" does not exist');
    instead = async () => {
      throw fault;
    };
    const answer = await send('GET', '/api/baskets/b');
    assert.equal(answer.statusCode, 500);
    assert.doesNotMatch(answer.body, /secret|relation/);
    const [logged] = faults;
    assert.deepEqual(faults, [
      { path: '/basketspb.BasketService/GetBasket', error: fault, correlationId: logged?.correlationId },
    ]);
    assert.equal(answer.json().message, `internal error; the log tells more under ${logged?.correlationId}`);
  });

  test('a call that takes too long is answered in time and told to stop', async () => {
    let stopped: unknown;
    instead = async ({ causation: { signal } }) => {
      signal?.addEventListener('abort', () => {
        stopped = signal.reason;
      });
      await pause(DEADLINE_MS * 3);
      throw new Error('nobody waits for this any more');
    };
    const answer = await send('GET', '/api/baskets/b');
    assert.equal(answer.statusCode, 504);
    assert.equal(answer.json().message, `no answer within ${DEADLINE_MS} ms`);
    assert.ok(stopped instanceof MallError);
    assert.deepEqual(faults, []);
  });
});

test("the caller's trace and one correlation id per request reach the use case", async () => {
  const calls: Call[] = [];
  instead = async (call) => {
    calls.push(call);
    throw new MallError('NOT_FOUND', 'no');
  };
  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
  await send('GET', '/api/baskets/b', undefined, { traceparent });
  await send('GET', '/api/baskets/b');
  const [first, second] = calls.map((call) => call.causation);
  assert.equal(first?.traceparent, traceparent);
  assert.equal(first?.causationId, first?.correlationId);
  assert.equal(second?.traceparent, undefined);
  assert.notEqual(second?.correlationId, first?.correlationId);
});
