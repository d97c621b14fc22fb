import type { Database } from '../database/index.ts';
import type { MessagingLimits } from './limits.ts';

interface Expiring {
  readonly table: string;
  readonly key: string;
  readonly age: string;
  readonly keepMs: number;
}

/**
 * Deletes what nobody needs any more (rows X12, P-23): published outbox rows, inbox rows older than any message the
 * stream still holds, idempotency keys. In small batches, so that no lock is held long. Answers how many rows went.
 */
export async function purgeExpired(database: Database, limits: MessagingLimits): Promise<number> {
  let total = 0;
  for (const expiring of expiringRows(limits)) {
    for (let deleted = limits.retentionBatchRows; deleted === limits.retentionBatchRows; total += deleted) {
      deleted = await deleteBatch(database, expiring, limits.retentionBatchRows);
    }
  }
  return total;
}

function expiringRows(limits: MessagingLimits): readonly Expiring[] {
  return [
    { table: 'outbox', key: 'position', age: 'published_at', keepMs: limits.outboxKeptMs },
    { table: 'inbox', key: 'consumer, id', age: 'received_at', keepMs: limits.inboxKeptMs },
    { table: 'idempotency_keys', key: 'key, method', age: 'created_at', keepMs: limits.idempotencyKeptMs },
  ];
}

async function deleteBatch(database: Database, { table, key, age, keepMs }: Expiring, rows: number) {
  const target = `${database.schema}.${table}`;
  const exists = await database.queryOne<{ found: boolean }>('SELECT to_regclass($1) IS NOT NULL AS found', [
    target,
  ]);
  if (!exists?.found) return 0;
  const deleted = await database.query(
    `DELETE FROM ${target} WHERE (${key}) IN (
       SELECT ${key} FROM ${target} WHERE ${age} < now() - $1 * interval '1 millisecond' LIMIT $2)
     RETURNING 1`,
    [keepMs, rows],
  );
  return deleted.length;
}
