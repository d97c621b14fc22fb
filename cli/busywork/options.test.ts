import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BusyworkUsageError } from './errors.ts';
import { type BusyworkFlags, parseClients, parseHost, readFlags } from './options.ts';

/** All values as the program reads them. */
function read(flags: BusyworkFlags) {
  const options = readFlags(flags, () => 42);
  return flags.host === undefined ? options : { ...options, host: parseHost(flags.host) };
}

test('without flags there are the defaults', () => {
  assert.deepEqual(read({}), {
    clients: 5,
    load: null,
    mix: null,
    thresholds: [],
    durationMs: null,
    seed: 42,
    pace: 'human',
    timeoutMs: 10_000,
    graceMs: 10_000,
  });
});

test('every flag is read', () => {
  const flags = {
    clients: '25',
    host: '[::1]:80',
    duration: '5m',
    seed: '0',
    pace: 'none',
    timeout: '500ms',
  };
  assert.deepEqual(read({ ...flags, grace: '0s' }), {
    clients: 25,
    load: null,
    mix: null,
    thresholds: [],
    host: '[::1]:80',
    durationMs: 300_000,
    seed: 0,
    pace: 'none',
    timeoutMs: 500,
    graceMs: 0,
  });
});

test('1 to 25 clients are taken, everything else is refused', () => {
  for (let clients = 1; clients <= 25; clients += 1) assert.equal(parseClients(String(clients)), clients);
  for (const clients of [
    '0',
    '26',
    '-1',
    '5.5',
    '1e1',
    '0x5',
    'five',
    '',
    ' 5',
    '5 ',
    '٥',
    '99999999999999999999',
  ]) {
    assert.throws(() => parseClients(clients), BusyworkUsageError, clients);
  }
});

/** Each refusal names the flag, what is wrong and what to type; the exit code is that of usage errors. */
const REFUSED: readonly (readonly [BusyworkFlags, RegExp])[] = [
  [
    { clients: '26' },
    /^--clients cannot be "26": it must be a whole number from 1 to 25\. `mall busywork --clients=10`$/,
  ],
  [{ seed: '-1' }, /^--seed cannot be "-1": it must be a whole number from 0 .*--seed=7`$/],
  [{ seed: 'abc' }, /^--seed /],
  [{ pace: 'fast' }, /^--pace cannot be "fast": it must be one of: human, none\. .*--pace=none`$/],
  [{ duration: '5' }, /^--duration cannot be "5": it must be a time such as 30s/],
  [{ duration: '0s' }, /^--duration /],
  [{ duration: '169h' }, /^--duration /],
  [{ timeout: '0ms' }, /^--timeout /],
  [{ timeout: '11m' }, /^--timeout /],
  [{ grace: 'long' }, /^--grace /],
  [{ host: 'http://localhost:8080' }, /^--host cannot be "http:.* it must be host:port without http:\/\//],
  [{ host: 'localhost' }, /^--host /],
  [{ host: 'localhost:0' }, /^--host /],
  [{ host: 'localhost:65536' }, /^--host /],
  [{ host: 'localhost:8080/api' }, /^--host /],
  [{ host: 'a b:80' }, /^--host /],
];

test('bad values are refused with the flag, the problem and what to type', () => {
  for (const [flags, message] of REFUSED) {
    assert.throws(
      () => read(flags),
      (error) =>
        error instanceof BusyworkUsageError &&
        error.exitCode === 2 &&
        message.test(`${error.message} ${error.next}`),
      JSON.stringify(flags),
    );
  }
});
