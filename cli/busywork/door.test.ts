import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { listStores, registerCustomer } from './calls.ts';
import { Stopped } from './clock.ts';
import { openDoor } from './door.ts';
import { CallFailed, type Failure, reasonOf } from './failures.ts';
import { createSender, type Outcome } from './sender.ts';
import { openTestMall } from './testing/in-memory-mall.ts';
import { refusal } from './testing/routes.ts';
import type { Reply } from './testing/types.ts';
import { newTrace } from './trace.ts';

const mall = await openTestMall();
after(() => mall.close());

async function call(options: { host?: string; timeoutMs?: number; stopAtOnce?: boolean } = {}) {
  const door = openDoor({
    host: options.host ?? mall.host,
    connections: 1,
    timeoutMs: options.timeoutMs ?? 5_000,
  });
  const outcomes: Outcome[] = [];
  const send = createSender({
    door,
    clock: performanceClock,
    record: (_, outcome) => outcomes.push(outcome),
  });
  const stop = new AbortController();
  const context = { trace: newTrace({ sampled: true }), signal: stop.signal };
  const result = send(listStores, {}, context).catch((error: unknown) => error);
  if (options.stopAtOnce) stop.abort();
  const ended = await result;
  await door.close();
  return { ended, outcome: outcomes[0] };
}

const performanceClock = { elapsed: () => performance.now() };

function assertFailed(
  seen: Awaited<ReturnType<typeof call>>,
  failure: Failure,
  message: RegExp | string,
): void {
  assert.ok(seen.ended instanceof CallFailed);
  assert.equal(seen.ended.failure, failure);
  assert.match(seen.ended.message, message instanceof RegExp ? message : new RegExp(`^${message}$`));
  assert.ok(seen.outcome?.kind === 'failed' && seen.outcome.failure === failure);
}

async function callAnswered(reply: Reply | 'hang' | 'disconnect', options: Parameters<typeof call>[0] = {}) {
  mall.intercept = () => reply;
  try {
    return await call(options);
  } finally {
    mall.intercept = () => undefined;
  }
}

test('a good answer is read', async () => {
  const { ended, outcome } = await call();
  assert.deepEqual(ended, { stores: [] });
  assert.equal(outcome?.kind, 'answered');
});

test('a refusal has its status and the words of the mall', async () => {
  assertFailed(
    await callAnswered(refusal(400, 'the name cannot be blank')),
    '400',
    'the name cannot be blank',
  );
  assertFailed(
    await callAnswered({ status: 502, body: '<html>Bad Gateway</html>' }),
    '502',
    'HTTP status 502',
  );
});

test('an answer nobody can read is a failure', async () => {
  const message = 'list stores was answered with something else than expected';
  assertFailed(await callAnswered({ status: 200, body: 'It works!' }), 'answer', message);
  assertFailed(await callAnswered({ status: 200, body: { stores: [{ id: '' }] } }), 'answer', message);
});

test('a server that never answers is given up', async () => {
  assertFailed(await callAnswered('hang', { timeoutMs: 20 }), 'timeout', 'no answer within 20 ms');
});

test('a missing and a broken connection say what happened', async () => {
  const gone = await openTestMall();
  await gone.close();
  assertFailed(await call({ host: gone.host }), 'connection', /ECONNREFUSED/);
  assertFailed(await callAnswered('disconnect'), 'connection', /./);
});

test('a stop ends a call at once, also one that is still looking for its connection', async () => {
  const { ended, outcome } = await callAnswered('hang', { stopAtOnce: true });
  assert.ok(ended instanceof Stopped);
  assert.deepEqual(outcome, { kind: 'cut short' });
});

test('a refused connection to several addresses names them all', () => {
  const refused = new AggregateError([new Error('refused ::1'), new Error('refused 127.0.0.1')]);
  assert.equal(reasonOf(refused), 'refused ::1, refused 127.0.0.1');
});

test('only a refusal is certain not to have been carried out', () => {
  const failures: Failure[] = [
    '400',
    '404',
    '409',
    '499',
    '500',
    '503',
    '504',
    'timeout',
    'connection',
    'answer',
  ];
  const refused = failures.filter((failure) => new CallFailed(failure, '').refused);
  assert.deepEqual(refused, ['400', '404', '409', '499']);
});

test('a body is sent as JSON with the trace of its call', async () => {
  const door = openDoor({ host: mall.host, connections: 1, timeoutMs: 5_000 });
  const send = createSender({ door, clock: performanceClock, record: () => undefined });
  const trace = newTrace({ sampled: true });
  const body = { name: 'Ann.Other', smsNumber: '555-555-5555' };
  const { id } = await send(registerCustomer, { body }, { trace, signal: new AbortController().signal });
  await door.close();
  assert.match(id, /^[\da-f-]{36}$/);
  const seen = mall.requests.at(-1);
  assert.deepEqual([seen?.method, seen?.path, seen?.body], ['POST', '/api/customers', body]);
  assert.match(seen?.traceparent ?? '', new RegExp(`^00-${trace.id}-[\\da-f]{16}-01$`));
});
