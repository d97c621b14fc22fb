import { setTimeout as pause } from 'node:timers/promises';
import type pg from 'pg';

/** A server that is halted never answers the goodbye; it lets go of the session when it finds the connection gone. */
const patienceMs = 500;

/** Ends a session as far as its server lets us. Never rejects. */
export async function endSession(session: pg.Client): Promise<void> {
  const enough = new AbortController();
  const late = pause(patienceMs, undefined, { signal: enough.signal }).catch(() => undefined);
  await Promise.race([session.end().catch(() => undefined), late]);
  enough.abort();
}
