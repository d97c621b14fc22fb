import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Problem } from './health.ts';
import { unreadyLines } from './unreadiness.ts';

function lines(problems: readonly Problem[], mall: { name?: string; infra?: string } = {}) {
  return unreadyLines({ name: 'mall', infra: 'embedded', ...mall, health: 'not ready: …', problems });
}

test('each failed check has a line, and below them stands what to do', () => {
  const problems = [
    { check: 'search outbox', problem: 'its oldest message has waited 40 s' },
    { check: 'search consumers', problem: 'missing at the broker, or not read yet: search-orders' },
  ];
  assert.deepEqual(lines(problems, { name: 'second' }), [
    'The mall "second" is not ready:',
    '  search outbox     its oldest message has waited 40 s',
    '  search consumers  missing at the broker, or not read yet: search-orders',
    '  next:  `mall logs search --name second` says why; where it stays so, `mall down --name second` and ' +
      '`mall up --name second`',
  ]);
});

test('what follows from a server that is away is shown, but not what to do about it', () => {
  const problems = [
    { check: 'broker', problem: 'the message broker is away' },
    { check: 'depot consumers', problem: 'missing at the broker, or not read yet: depot-stores' },
  ];
  const [next, ...more] = lines(problems).slice(3);
  assert.match(next ?? '', /^ {2}next: {2}`mall logs nats` says why; an embedded server .* is started again/);
  assert.deepEqual(more, []);
  assert.match(lines(problems, { infra: 'external' })[3] ?? '', /server that MALL_NATS_URL names/);
});

test('a service that does not answer is looked for in its own log', () => {
  assert.match(
    lines([{ check: 'payments', problem: 'it does not answer' }])[2] ?? '',
    /`mall logs payments`/,
  );
});

test('a mall that says nothing is told with what is known, a ready one not at all', () => {
  const silent = { name: 'mall', infra: null, health: 'no answer: it took too long', problems: [] };
  const [title, next] = unreadyLines(silent);
  assert.equal(title, 'The mall "mall" is not ready: no answer: it took too long');
  assert.match(next ?? '', /`mall logs`/);
  assert.deepEqual(unreadyLines({ ...silent, health: 'ready' }), []);
});
