import { setTimeout as pause } from 'node:timers/promises';
import { hasCategory } from '../domain/index.ts';

/** Bounds of a process, with their reasons. */
export const lifecycleLimits = {
  database: {
    /** Nine contexts in one process stay below half of a default Postgres' 100 connections, sessions included. */
    maxConnections: 4,
    /** Waiting for one of the pool and then making one together fit a call's deadline, also behind other changes. */
    connectTimeoutMs: 4_000,
    /** Longer than any statement of ours on a healthy server, shorter than a call's deadline. */
    statementTimeoutMs: 8_000,
  },
  /** A database or broker that comes up later than this process is waited for this long (row P-33). */
  startPatienceMs: 30_000,
  /** Health and metrics of another process are waited for no longer: whoever asks the gateway waits as well. */
  remoteDoorMs: 2_000,
} as const;

/** Tries again, with growing pauses, while what is needed is unavailable; its last error in the end. */
export async function retrying<T>(work: () => Promise<T>): Promise<T> {
  const until = Date.now() + lifecycleLimits.startPatienceMs;
  for (let pauseMs = 50; ; pauseMs = Math.min(pauseMs * 2, 1_000)) {
    try {
      return await work();
    } catch (error) {
      if (!hasCategory(error, 'UNAVAILABLE') || Date.now() > until) throw error;
      await pause(pauseMs * (0.5 + Math.random()));
    }
  }
}
