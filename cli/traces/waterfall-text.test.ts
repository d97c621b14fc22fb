import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Hop, Trace } from './trace-answer.ts';
import { durationText, waterfallText } from './waterfall-text.ts';

const hop: Hop = {
  spanId: 's',
  service: 'ordering',
  name: 'process X',
  depth: 0,
  startMs: 50,
  durationMs: 50,
  attributes: {},
  journey: { createdMs: 0, sentMs: 25, acknowledgedMs: 30 },
  saga: 'approve order',
  steps: [{ service: 'ordering', name: 'SELECT a', startMs: 60, durationMs: 0.02, attributes: {} }],
};
const trace: Trace = {
  traceId: 't'.repeat(32),
  title: 'PUT /x',
  startedAt: '2026-11-27T04:08:15.506Z',
  durationMs: 100,
  orders: ['o'],
  services: ['ordering'],
  spans: 2,
  failed: false,
  hops: [hop],
};

function drawn(more: Partial<Hop> = {}, { steps = false, width = 72 } = {}): string[] {
  const paint = (_style: unknown, text: string) => text;
  return waterfallText([{ ...trace, hops: [{ ...hop, ...more }] }], {
    width,
    watched: false,
    steps,
    paint,
  }).split('\n');
}

test('a message is drawn in the outbox, on its way and at work', () => {
  assert.deepEqual(drawn(), [
    'PUT /x 100 ms',
    `trace ${trace.traceId}, 2026-11-27T04:08:15.506Z, 2 spans, 1 services, order o`,
    'ordering process X → approve order ░░░░░░▒▒▒▒▒▒█████████████   50.0 ms',
    '',
    '░ in the outbox  ▒ to the handler  █ at work',
  ]);
});

test('steps are shown on demand, errors always', () => {
  assert.match(drawn({}, { steps: true })[3] ?? '', /^ {9} {2}SELECT a +█ +20 µs$/);
  assert.equal(drawn({ error: 'no such order' })[3], '           no such order');
});

test('every line fits the terminal, long names are cut', () => {
  for (const width of [72, 80, 200])
    for (const line of drawn({ name: 'x'.repeat(300) }, { width }).slice(2, 3))
      assert.ok(line.length <= width, `${line.length} of ${width} columns`);
});

test('names from elsewhere cannot steer the terminal', () => {
  assert.match(drawn({ name: '\u001b[2Jgone\u0007\n' })[2] ?? '', /^ordering gone /);
});

test('durations are told as people read them', () => {
  assert.deepEqual([0.0204, 0.999, 5.04, 99.94, 450.4, 9_999, 12_340].map(durationText), [
    '20 µs',
    '999 µs',
    '5.0 ms',
    '99.9 ms',
    '450 ms',
    '9999 ms',
    '12.3 s',
  ]);
});
