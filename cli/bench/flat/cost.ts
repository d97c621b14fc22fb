import { setTimeout as pause } from 'node:timers/promises';
import type pg from 'pg';

/** What one call costs on a table of some size. */
export interface Cost {
  /** Pages of tables and indexes that Postgres has looked at, cached or not: the same on every machine. */
  readonly pages: number;
  /** The quickest of the calls. */
  readonly ms: number;
}

/** Something that makes calls over connections of its own. */
export interface Caller {
  call(index: number): Promise<void>;
  close(): Promise<void>;
}

/**
 * Counts pages per call. Connections count for themselves and tell when they end, so the caller is opened and closed
 * for it; nobody else may use the database meanwhile.
 */
export async function costOf(
  client: pg.Client,
  { calls, open }: { calls: number; open: () => Promise<Caller> },
): Promise<Cost> {
  const before = await pagesSoFar(client);
  const caller = await open();
  let ms = Number.POSITIVE_INFINITY;
  try {
    for (let index = 0; index < calls; index++) {
      const started = performance.now();
      await caller.call(index);
      ms = Math.min(ms, performance.now() - started);
    }
  } finally {
    await caller.close();
  }
  await alone(client);
  return { pages: ((await pagesSoFar(client)) - before) / calls, ms };
}

async function pagesSoFar(client: pg.Client): Promise<number> {
  // What this connection has read itself, filling and vacuuming, it would tell in the middle of what is counted.
  await client.query('SELECT pg_stat_force_next_flush()');
  const { rows } = await client.query<{ pages: number }>(
    `SELECT coalesce(sum(heap_blks_hit + heap_blks_read + coalesce(idx_blks_hit + idx_blks_read, 0)
                         + coalesce(toast_blks_hit + toast_blks_read, 0)), 0)::float8 AS pages
     FROM pg_statio_user_tables`,
  );
  return rows[0]?.pages ?? 0;
}

/** Waits until every other connection to the database has ended, and so told what it has read. */
async function alone(client: pg.Client): Promise<void> {
  for (;;) {
    const { rowCount } = await client.query(
      `SELECT 1 FROM pg_stat_activity
       WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'`,
    );
    if (rowCount === 0) return;
    await pause(20);
  }
}
