import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CliError } from '../cli-error.ts';
import { type FoundMall, hostOf } from './target.ts';

const mall = (name: string, phase: FoundMall['phase'], rest?: string): FoundMall => ({ name, phase, rest });

test("a running mall's own address is used", () => {
  assert.equal(hostOf(mall('mall', 'ready', 'http://127.0.0.1:8080')), '127.0.0.1:8080');
  assert.equal(hostOf(mall('two', 'ready', 'http://[::1]:41234/')), '[::1]:41234');
  assert.equal(hostOf(mall('mall', 'ready', 'http://localhost')), 'localhost:80');
});

test('where the usual mall does not run, something else may answer in its place', () => {
  assert.equal(hostOf(mall('mall', 'stopped')), 'localhost:8080');
  assert.equal(hostOf(mall('mall', 'killed', 'http://127.0.0.1:41234')), 'localhost:8080');
});

const REFUSED = [
  [mall('two', 'stopped'), /^The mall "two" is not running\.$/, '`mall up --name two`'],
  [
    mall('two', 'killed', 'http://127.0.0.1:41234'),
    /^The mall "two" is not running\.$/,
    '`mall up --name two`',
  ],
  [mall('mall', 'starting'), /^The mall "mall" is starting\.$/, '`mall wait`'],
  [mall('two', 'starting'), /^The mall "two" is starting\.$/, '`mall wait --name two`'],
  [mall('mall', 'stopping', 'http://127.0.0.1:8080'), /^The mall "mall" is stopping\.$/, '`mall up`'],
] as const;

test('a mall that is not ready is no place to go, and the way out is told', () => {
  for (const [entry, message, next] of REFUSED) {
    assert.throws(
      () => hostOf(entry),
      (error) =>
        error instanceof CliError &&
        error.exitCode === 4 &&
        message.test(error.message) &&
        error.next === next,
      `${entry.name}, ${entry.phase}`,
    );
  }
});
