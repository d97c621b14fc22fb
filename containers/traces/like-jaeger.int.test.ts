import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Receiver, startReceiver } from './receiver.ts';
import { SpanStore } from './span-store.ts';

/*
 * The spans below were sent to Jaeger 2.13 as well; what is expected here is what it answered, but for warnings, which
 * the mall's receiver has none of, and the types of bytes and whole floating-point numbers, which it does not tell apart.
 */

let receiver: Receiver;
before(async () => {
  receiver = await startReceiver({ store: new SpanStore(), port: 0 });
  const response = await fetch(`${receiver.url}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(sent),
  });
  assert.equal(response.status, 200, await response.text());
});
after(() => receiver.close());

async function ask(path: string) {
  const response = await fetch(`${receiver.url}${path}`);
  return { status: response.status, body: JSON.parse(await response.text()) };
}

const traceId = '0af7651916cd43dd8448eb211c803189';
const parentId = 'b7ad6b7169203331';
const text = (key: string, stringValue: string) => ({ key, value: { stringValue } });
const whole = (key: string, intValue: string) => ({ key, value: { intValue } });
const times = { startTimeUnixNano: '1700000000000001999', endTimeUnixNano: '1700000000005000998' };
const sent = {
  resourceSpans: [
    {
      resource: { attributes: [text('service.name', 'odd'), text('z', '1'), text('a', '2')] },
      scopeSpans: [
        {
          scope: { name: 'lib', version: '1.2' },
          spans: [
            {
              ...{ traceId, spanId: parentId, name: 'first', kind: 2, ...times, traceState: 'vendor=1' },
              attributes: [text('text', 'ü'), whole('large', '9007199254740993'), whole('count', '7')],
              status: { code: 2, message: 'sold out' },
              events: [
                { timeUnixNano: '1700000000002000999', name: 'parked', attributes: [whole('attempt', '2')] },
                { timeUnixNano: '1700000000003000000' },
              ],
            },
            {
              ...{ traceId, spanId: 'b7ad6b7169203332', parentSpanId: parentId, name: 'linked', ...times },
              status: { code: 1 },
              links: [{ traceId, spanId: parentId }],
            },
          ],
        },
      ],
    },
    {
      scopeSpans: [
        {
          spans: [
            {
              ...{ traceId, spanId: 'b7ad6b7169203333', parentSpanId: parentId, name: 'backwards', kind: 1 },
              ...{ ...times, endTimeUnixNano: '1700000000000000000' },
            },
          ],
        },
      ],
    },
  ],
};

const common = { traceID: traceId, startTime: 1_700_000_000_000_001, warnings: null };
const tag = (key: string, value: string) => ({ key, type: 'string', value });
const scope = [tag('otel.scope.name', 'lib'), tag('otel.scope.version', '1.2')];
const answered = {
  traceID: traceId,
  spans: [
    {
      ...{ ...common, spanID: parentId, operationName: 'first', references: [], duration: 4_998 },
      tags: [
        { key: 'count', type: 'int64', value: 7 },
        { key: 'error', type: 'bool', value: true },
        // Jaeger, which knows it is a number, calls it one.
        tag('large', '9007199254740993'),
        ...scope,
        tag('otel.status_code', 'ERROR'),
        tag('otel.status_description', 'sold out'),
        tag('span.kind', 'server'),
        tag('text', 'ü'),
        tag('w3c.tracestate', 'vendor=1'),
      ],
      logs: [
        {
          timestamp: 1_700_000_000_002_000,
          fields: [tag('event', 'parked'), { key: 'attempt', type: 'int64', value: 2 }],
        },
        { timestamp: 1_700_000_000_003_000, fields: [] },
      ],
      processID: 'p1',
    },
    {
      ...{ ...common, spanID: 'b7ad6b7169203332', operationName: 'linked', duration: 4_998 },
      references: [{ refType: 'FOLLOWS_FROM', traceID: traceId, spanID: parentId }],
      tags: [...scope, tag('otel.status_code', 'OK')],
      ...{ logs: [], processID: 'p1' },
    },
    {
      ...{ ...common, spanID: 'b7ad6b7169203333', operationName: 'backwards', duration: 0 },
      references: [{ refType: 'CHILD_OF', traceID: traceId, spanID: parentId }],
      tags: [tag('span.kind', 'internal')],
      ...{ logs: [], processID: 'p2' },
    },
  ],
  processes: {
    p1: { serviceName: 'odd', tags: [tag('a', '2'), tag('z', '1')] },
    p2: { serviceName: 'missing-service-name', tags: [] },
  },
  warnings: null,
};

test('a trace is answered field by field as Jaeger answers it', async () => {
  const whole = { data: [answered], total: 0, limit: 0, offset: 0, errors: null };
  assert.deepEqual((await ask(`/api/traces/${traceId}`)).body, whole);
  assert.deepEqual((await ask(`/api/traces?traceID=${traceId}`)).body, whole);
  assert.deepEqual((await ask(`/api/traces?service=odd`)).body, whole);
});

for (const [path, status, found] of [
  ['/api/traces/zz', 400, 0],
  ['/api/traces?traceID=zz', 400, 0],
  [`/api/traces/${traceId}0`, 400, 0],
  [`/api/traces/${traceId.slice(1)}`, 200, 1],
  ['/api/traces/ffff', 404, 0],
  ['/api/traces?service=nobody', 200, 0],
  ['/api/traces?service=odd&minDuration=1h30m', 200, 0],
  ['/api/traces?service=odd&minDuration=4998us&maxDuration=0.1h', 200, 1],
  ['/api/traces?service=odd&minDuration=10', 400, 0],
  ['/api/traces?service=odd&minDuration=2s&maxDuration=1s', 400, 0],
  ['/api/operations?service=odd', 200, 2],
  ['/api/operations?service=odd&spanKind=server', 200, 1],
  ['/api/operations?service=odd&spanKind=client', 200, 0],
] as const) {
  test(`${path} is answered with ${status} and ${found}, as Jaeger does`, async () => {
    const answer = await ask(path);
    assert.equal(answer.status, status);
    assert.equal(answer.body.data?.length ?? 0, found);
  });
}

test('of several traces those that are not there are named', async () => {
  const { body } = await ask(`/api/traces?traceID=${traceId}&traceID=ffff`);
  assert.deepEqual([body.data.length, body.errors], [1, [{ msg: 'trace not found', traceID: 'ffff' }]]);
});
