import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { after, before, describe, test } from 'node:test';
import type { FastifyInstance } from 'fastify';
import { eventually } from '../testing/index.ts';
import { httpLimits, httpServer } from './server.ts';

const limits = { ...httpLimits, maxBodyBytes: 1_000, maxParameterChars: 20 };

/** What would hang otherwise fails. */
const quick = { timeout: 5_000 };

/** A server with a few routes as the gateway makes them. */
function server(): FastifyInstance {
  const app = httpServer(limits);
  app.get('/api/things', async () => 'all');
  app.post('/api/things', async (request) => request.body);
  app.get('/api/things/special', async () => 'the special one');
  app.get('/api/things/:id', async (request) => request.params);
  app.put('/api/things/:id/change', async () => 'changed');
  app.get('/broken', async () => {
    throw new Error('SELECT secret FROM somewhere');
  });
  return app;
}

let app: FastifyInstance;
let port: number;
before(async () => {
  app = server();
  port = portOf(await app.listen({ host: '127.0.0.1', port: 0 }));
});
after(() => app.close());

function portOf(url: string): number {
  return Number(new URL(url).port);
}

/** Writes to a connection of its own as no client library would, and reads until the server closes it. */
async function raw(text: string): Promise<{ line: string; headers: string; body: string }> {
  const socket = connect(port, '127.0.0.1');
  socket.end(text);
  const chunks = await socket.toArray();
  const [head = '', body = ''] = Buffer.concat(chunks).toString().split('\r\n\r\n');
  const [line = '', ...headers] = head.split('\r\n');
  return { line, headers: headers.join('\n').toLowerCase(), body };
}

const get = (path: string) => raw(`GET ${path} HTTP/1.1\r\nHost: mall\r\nConnection: close\r\n\r\n`);
const notFound = '{"code":5,"message":"Not Found","details":[]}';
const malformedAddress = '{"code":3,"message":"the address is malformed or too long","details":[]}';

describe('an address', () => {
  for (const path of [
    '/nowhere',
    '/api/things/a/b/c',
    '/api//things',
    '//',
    '///',
    '//evil/api/things',
    '/:',
    '/*',
  ]) {
    test(`${path} is nobody's: 404`, async () => {
      const { line, headers, body } = await get(path);
      assert.equal(line, 'HTTP/1.1 404 Not Found');
      assert.match(headers, /^content-type: application\/json/m);
      assert.equal(body, notFound);
    });
  }
  for (const path of ['/api/things/%zz', '/nowhere/%', '/api/things/%ED%A0%80', '/%c0%ae%c0%ae']) {
    test(`${path} cannot be decoded: 400`, async () => {
      const { line, body } = await get(path);
      assert.equal(line, 'HTTP/1.1 400 Bad Request');
      assert.equal(body, malformedAddress);
    });
  }
  test('with an endless id is refused and not repeated in the answer', async () => {
    const { line, body } = await get(`/api/things/${'x'.repeat(2_000)}`);
    assert.equal(line, 'HTTP/1.1 414 URI Too Long');
    assert.equal(body, malformedAddress);
  });
  test('matches a literal segment before a parameter', async () => {
    assert.equal((await app.inject('/api/things/special')).body, 'the special one');
    assert.equal((await app.inject('/api/things/else')).body, '{"id":"else"}');
  });
});

describe('row X22: a method nobody takes at an address', () => {
  for (const [method, path, allow] of [
    ['DELETE', '/api/things', 'GET, HEAD, POST'],
    ['OPTIONS', '/api/things?page_size=1', 'GET, HEAD, POST'],
    ['PUT', '/api/things/some', 'GET, HEAD'],
    ['DELETE', '/api/things/a:b(', 'GET, HEAD'],
    ['GET', '/api/things/some/change', 'PUT'],
    ['HEAD', '/api/things/some/change', 'PUT'],
  ] as const) {
    test(`${method} ${path}: 405, and ${allow} are told`, async () => {
      const answer = await app.inject({ method, url: path });
      assert.equal(answer.statusCode, 405);
      assert.equal(answer.headers.allow, allow);
      const body = '{"code":12,"message":"Method Not Allowed","details":[]}';
      assert.equal(answer.body, method === 'HEAD' ? '' : body);
    });
  }
  test('is not found where nothing is', async () => {
    assert.equal((await app.inject({ method: 'DELETE', url: '/nowhere' })).body, notFound);
  });
});

test('HEAD answers as GET does, without the body', async () => {
  const { line, headers, body } = await raw(
    'HEAD /api/things HTTP/1.1\r\nHost: mall\r\nConnection: close\r\n\r\n',
  );
  assert.equal(line, 'HTTP/1.1 200 OK');
  assert.match(headers, /^content-length: 3$/m);
  assert.equal(body, '');
});

describe('a body', () => {
  const tooLarge = '{"code":8,"message":"Request body is too large","details":[]}';
  test('up to the limit is taken', async () => {
    const answer = await app.inject({ method: 'POST', url: '/api/things', payload: 'x'.repeat(1_000) });
    assert.equal(answer.statusCode, 200);
    assert.equal(answer.body.length, 1_000);
  });
  test('beyond it is refused: 413', async () => {
    const answer = await app.inject({ method: 'POST', url: '/api/things', payload: 'x'.repeat(1_001) });
    assert.equal(answer.statusCode, 413);
    assert.equal(answer.body, tooLarge);
  });
  test('that grows beyond it without saying so first is refused: 413', async () => {
    const chunk = `190\r\n${'x'.repeat(400)}\r\n`;
    const { line, body } = await raw(
      `POST /api/things HTTP/1.1\r\nHost: mall\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n${chunk.repeat(3)}0\r\n\r\n`,
    );
    assert.equal(line, 'HTTP/1.1 413 Payload Too Large');
    assert.equal(body, tooLarge);
  });
});

describe('what is no request', () => {
  for (const [what, text, line, message] of [
    ['no HTTP at all', 'HELLO\r\n\r\n', '400 Bad Request', 'the request is malformed'],
    ['bytes no address has', 'GET /\u00ff HTTP/1.1\r\n\r\n', '400 Bad Request', 'the request is malformed'],
    [
      'endless headers',
      `GET / HTTP/1.1\r\nHost: mall\r\nX: ${'y'.repeat(20_000)}\r\n\r\n`,
      '431 Request Header Fields Too Large',
      'address and headers are too long',
    ],
  ] as const) {
    test(`${what} is answered like everything else`, async () => {
      const answer = await raw(text);
      assert.equal(answer.line, `HTTP/1.1 ${line}`);
      assert.equal(answer.body, JSON.stringify({ code: 3, message, details: [] }));
    });
  }
});

test('row X15: a fault tells nothing of its inside', async () => {
  const answer = await app.inject('/broken');
  assert.equal(answer.statusCode, 500);
  assert.equal(answer.body, '{"code":13,"message":"internal error","details":[]}');
});

test('while it closes, the answer in hand goes out, and its connection holds nothing up', quick, async () => {
  const closing = server();
  const entered = Promise.withResolvers<void>();
  const released = Promise.withResolvers<string>();
  closing.get('/slow', () => {
    entered.resolve();
    return released.promise;
  });
  const socket = connect(portOf(await closing.listen({ host: '127.0.0.1', port: 0 })), '127.0.0.1');
  const received = socket.toArray();
  socket.write('GET /slow HTTP/1.1\r\nHost: mall\r\n\r\n');
  await entered.promise;
  const closed = closing.close();
  await eventually(() => assert.equal(closing.server.listening, false));
  released.resolve('slow, but sure');
  const text = Buffer.concat(await received).toString();
  assert.match(text, /^HTTP\/1\.1 200 OK\r\n.*connection: close.*slow, but sure$/is);
  await closed;
});

test('while it closes, a request that had begun to arrive is answered', quick, async () => {
  const closing = server();
  const socket = connect(portOf(await closing.listen({ host: '127.0.0.1', port: 0 })), '127.0.0.1');
  const received = socket.toArray();
  const arriving = once(closing.server, 'connection');
  socket.write('GET /api/things HTTP/1.1\r\nHost:');
  const [connection] = await arriving;
  await once(connection, 'data');
  const closed = closing.close();
  await eventually(() => assert.equal(closing.server.listening, false));
  socket.write(' mall\r\n\r\n');
  const text = Buffer.concat(await received).toString();
  assert.match(text, /^HTTP\/1\.1 200 OK\r\n.*connection: close.*all$/is);
  await closed;
});
