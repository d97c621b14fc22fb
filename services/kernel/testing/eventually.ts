import { setTimeout as pause } from 'node:timers/promises';

/** Longer than anything takes on a busy machine; a test that waits this long has failed. */
const WITHIN_MS = 10_000;
const BETWEEN_MS = 20;

/** Tries until `attempt` does not throw and answers what it gives; the last error once the time is up. */
export async function eventually<T>(
  attempt: () => Promise<T> | T,
  { withinMs = WITHIN_MS }: { withinMs?: number } = {},
): Promise<T> {
  const until = Date.now() + withinMs;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (Date.now() > until) throw error;
      await pause(BETWEEN_MS);
    }
  }
}
