import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { childrenOf, commandLine, isAlive } from '../../containers/embedded/index.ts';

const deadlineMs = 60_000;

/** Waits until a condition holds, for tests of what processes leave. */
export async function until(what: string, condition: () => boolean): Promise<void> {
  for (const deadline = performance.now() + deadlineMs; !condition(); await pause(50)) {
    assert.ok(performance.now() < deadline, `waited for ${what}`);
  }
}

/** Every process that a process has started, and those that they have; the detached ones are not known by that. */
export function family(pid: number): readonly number[] {
  return childrenOf(pid).flatMap((child) => [child, ...family(child)]);
}

/** The command lines of those that still run. */
export function running(pids: readonly number[]): readonly string[] {
  return pids.filter(isAlive).map((pid) => commandLine(pid) ?? String(pid));
}

/** Postgres or NATS. */
export function isServer(pid: number): boolean {
  return /postgres -D|nats-server/.test(commandLine(pid) ?? '');
}
