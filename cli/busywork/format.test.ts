import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clientLine, formatDuration, formatLatency, programLine } from './format.ts';

const at = (ms: number) => new Date(2026, 0, 31, 7, 55, 50, 290).getTime() + ms;

test("a client's line has local time with microseconds, as in the original's example", () => {
  const line = clientLine({ epochMs: at(0.8525), client: 5, text: 'thinks $22.11 is too much' });
  assert.equal(line, '07:55:50.290852 [Client 5] thinks $22.11 is too much');
});

test('stamps are padded, and fractions never reach the next microsecond or second', () => {
  const midnight = new Date(2026, 0, 1).getTime();
  assert.match(
    clientLine({ epochMs: midnight, client: 12, text: 'x' }),
    /^00:00:00\.000000 \[Client 12\] x$/,
  );
  assert.match(clientLine({ epochMs: midnight + 999.9998, client: 1, text: 'x' }), /^00:00:00\.999999 /);
  assert.equal(programLine({ epochMs: at(709.9), text: 'busywork shutdown' }), '07:55:50 busywork shutdown');
});

test('control characters in a name neither break the line nor reach the terminal', () => {
  const line = clientLine({ epochMs: at(0), client: 1, text: 'is browsing "a\r\nb\u001b[2Jc"' });
  assert.match(line, /is browsing "a b \[2Jc"$/);
});

test('durations and latencies are short to read', () => {
  const durations = [0, 350, 999.4, 1_000, 12_340, 59_940, 59_960, 125_000, 3_607_000];
  assert.deepEqual(durations.map(formatDuration), [
    '0 ms',
    '350 ms',
    '999 ms',
    '1 s',
    '12.3 s',
    '59.9 s',
    '1 min 0 s',
    '2 min 5 s',
    '1 h 0 min 7 s',
  ]);
  assert.deepEqual([0.123, 9.994, 12.34, 123.4, 10_000].map(formatLatency), [
    '0.12',
    '9.99',
    '12.3',
    '123',
    '10000',
  ]);
});
