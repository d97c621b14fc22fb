import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { freshDatabase, testServers } from '../../../containers/embedded/test-servers.ts';
import { Database, migrate } from '../database/index.ts';
import { kernelMigrations } from '../lifecycle/index.ts';
import { messagingLimits } from './limits.ts';
import { purgeExpired } from './retention.ts';

const limits = { ...messagingLimits, retentionBatchRows: 2 };

let servers: Awaited<ReturnType<typeof testServers>>;
let fresh: Awaited<ReturnType<typeof freshDatabase>>;
let database: Database;

before(async () => {
  servers = await testServers();
  fresh = await freshDatabase(servers.postgresUrl);
  const folders = [kernelMigrations.messaging, kernelMigrations.rpc];
  await migrate(fresh.url, { schema: 'kernel_test', folders });
  database = new Database({
    url: fresh.url,
    schema: 'kernel_test',
    limits: { maxConnections: 2, connectTimeoutMs: 5_000, statementTimeoutMs: 5_000 },
  });
});
after(async () => {
  await database?.close();
  await fresh?.drop();
  await servers?.stop();
});

async function left(table: string, column: string): Promise<string[]> {
  const rows = await database.query<{ key: string }>(
    `SELECT ${column} AS key FROM kernel_test.${table} ORDER BY 1`,
  );
  return rows.map((row) => row.key);
}

test('rows X12, P-23: what is expired goes, in batches; what may still be needed stays', async () => {
  await database.query(
    `INSERT INTO kernel_test.outbox (id, name, subject, data, metadata, sent_at, ordering_key, published_at)
     SELECT 'old ' || n, 'n', 's', ''::bytea, '{}'::jsonb, now(), 'k', now() - interval '25 hours' FROM generate_series(1, 5) n
     UNION ALL SELECT 'young', 'n', 's', ''::bytea, '{}'::jsonb, now(), 'k', now() - interval '23 hours'
     UNION ALL SELECT 'unpublished', 'n', 's', ''::bytea, '{}'::jsonb, now() - interval '90 days', 'k', NULL`,
  );
  await database.query(
    `INSERT INTO kernel_test.inbox (consumer, id, name, received_at)
     VALUES ('c', 'old', 'n', now() - interval '16 days'), ('c', 'young', 'n', now() - interval '14 days')`,
  );
  await database.query(
    `INSERT INTO kernel_test.idempotency_keys (key, method, fingerprint, created_at)
     VALUES ('old', 'm', 'f', now() - interval '25 hours'), ('young', 'm', 'f', now())`,
  );
  assert.equal(await purgeExpired(database, limits), 7);
  assert.deepEqual(await left('outbox', 'id'), ['unpublished', 'young']);
  assert.deepEqual(await left('inbox', 'id'), ['young']);
  assert.deepEqual(await left('idempotency_keys', 'key'), ['young']);
});
