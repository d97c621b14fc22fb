import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { freshDatabase, testServers } from '../../../containers/embedded/test-servers.ts';
import { hasCategory } from '../domain/index.ts';
import { kernelMigrations } from '../lifecycle/index.ts';
import { Database } from './database.ts';
import { DuplicateMessage } from './failures.ts';
import { migrate } from './migrations.ts';
import { insertion, type Write, write } from './write.ts';

const schema = 'kernel_test';
const inbox = insertion({
  table: `${schema}.inbox`,
  columns: { consumer: 'text', id: 'text', name: 'text' },
  key: ['consumer', 'id'],
});
const taken = (consumer: string, id: string): Write => write(inbox, { consumer, id, name: 'n' });

let database: Database;
let close: (() => Promise<void>) | undefined;

before(async () => {
  const servers = await testServers();
  const { url, drop } = await freshDatabase(servers.postgresUrl);
  await migrate(url, { schema, folders: [kernelMigrations.messaging] });
  const limits = { maxConnections: 4, connectTimeoutMs: 5_000, statementTimeoutMs: 5_000 };
  database = new Database({ url, schema, limits });
  close = async () => {
    await database.close();
    await drop();
    await servers.stop();
  };
});

after(() => close?.());

async function transactionsOf(consumer: string): Promise<{ rows: number; transactions: number }> {
  const [counts] = await database.query<{ rows: number; transactions: number }>(
    `SELECT count(*) AS rows, count(DISTINCT xmin::text) AS transactions FROM ${schema}.inbox WHERE consumer = $1`,
    [consumer],
  );
  return counts ?? assert.fail('counts are a row');
}

test('units that are ready together are one transaction', async () => {
  await Promise.all(
    Array.from({ length: 20 }, (_, index) => database.commit([taken('together', `${index}`)])),
  );
  assert.deepEqual(await transactionsOf('together'), { rows: 20, transactions: 1 });
});

test('of units committed together only the refused one fails, wholly', async () => {
  await database.commit([taken('refused', 'known')]);
  const outcomes = await Promise.allSettled([
    database.commit([taken('refused', 'a')]),
    database.commit([taken('refused', 'b'), taken('refused', 'known')]),
    database.commit([taken('refused', 'c')]),
  ]);
  assert.deepEqual(
    outcomes.map(({ status }) => status),
    ['fulfilled', 'rejected', 'fulfilled'],
  );
  assert.ok(outcomes[1]?.status === 'rejected' && outcomes[1].reason instanceof DuplicateMessage);
  const rows = await database.query(`SELECT id FROM ${schema}.inbox WHERE consumer = 'refused' ORDER BY id`);
  assert.deepEqual(rows, [{ id: 'a' }, { id: 'c' }, { id: 'known' }]);
});

test('a row that another transaction holds is given up, and takes nobody along', async () => {
  const holder = await database.session({ lazyCommits: false });
  await holder.query('BEGIN');
  await holder.query(`INSERT INTO ${schema}.inbox (consumer, id, name) VALUES ('held', 'a', 'n')`);
  const [held, free] = await Promise.allSettled([
    database.commit([taken('held', 'a')]),
    database.commit([taken('held', 'b')]),
  ]);
  await holder.query('ROLLBACK');
  await holder.end();
  assert.ok(held.status === 'rejected' && hasCategory(held.reason, 'DEADLINE_EXCEEDED'));
  assert.equal(free.status, 'fulfilled');
});

test('a row that cannot be stored at all takes nobody along', async () => {
  const nul = String.fromCharCode(0);
  const outcomes = await Promise.allSettled([
    database.commit([taken('poison', `a${nul}`)]),
    database.commit([taken('poison', 'b')]),
  ]);
  assert.deepEqual(
    outcomes.map(({ status }) => status),
    ['rejected', 'fulfilled'],
  );
});
