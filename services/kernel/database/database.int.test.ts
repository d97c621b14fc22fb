import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { freshDatabase, testServers } from '../../../containers/embedded/test-servers.ts';
import { kernelMigrations } from '../lifecycle/index.ts';
import { newId } from '../messaging/index.ts';
import { Database } from './database.ts';
import { DuplicateMessage } from './failures.ts';
import { migrate } from './migrations.ts';
import { insertion, write } from './write.ts';

const schema = 'kernel_test';
const inbox = insertion({
  table: `${schema}.inbox`,
  columns: { consumer: 'text', id: 'text', name: 'text' },
  key: ['consumer', 'id'],
});

let url: string;
let close: (() => Promise<void>) | undefined;

before(async () => {
  const servers = await testServers();
  const fresh = await freshDatabase(servers.postgresUrl);
  url = fresh.url;
  await migrate(url, { schema, folders: [kernelMigrations.messaging] });
  close = async () => {
    await fresh.drop();
    await servers.stop();
  };
});

after(() => close?.());

test('row P-34: however much is asked at once, connections stay within their bound, and all is answered', async () => {
  const limits = { maxConnections: 4, connectTimeoutMs: 5_000, statementTimeoutMs: 5_000 };
  const database = new Database({ url, schema, limits });
  try {
    const answers = await Promise.all([
      ...Array.from({ length: 100 }, () => database.query('SELECT 1')),
      ...Array.from({ length: 100 }, () =>
        database.commit([write(inbox, { consumer: 'c', id: newId(), name: 'n' })]),
      ),
    ]);
    assert.equal(answers.length, 200);
    const used = await database.queryOne<{ count: number }>(
      `SELECT count(*)::int AS count FROM pg_stat_activity
       WHERE datname = current_database() AND backend_type = 'client backend'`,
      [],
    );
    assert.equal(used?.count, limits.maxConnections);
  } finally {
    await database.close();
  }
});

test('a refused change leaves the connection it was refused on, and another fault does not', async () => {
  const limits = { maxConnections: 2, connectTimeoutMs: 5_000, statementTimeoutMs: 5_000 };
  const database = new Database({ url, schema, limits });
  const backend = async () =>
    (await database.queryOne<{ pid: number }>('SELECT pg_backend_pid() AS pid', []))?.pid;
  try {
    const insert = `INSERT INTO ${schema}.inbox (consumer, id, name) VALUES ('c', 'twice', 'n')`;
    await database.query(insert);
    const before = await backend();
    await assert.rejects(database.query(insert), DuplicateMessage);
    assert.equal(await backend(), before);
    await assert.rejects(database.query('SELECT 1 / 0'), /division by zero/);
    assert.notEqual(await backend(), before);
  } finally {
    await database.close();
  }
});
