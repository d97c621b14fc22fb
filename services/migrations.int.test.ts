import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import pg from 'pg';
import { freshDatabase, testServers } from '../containers/embedded/test-servers.ts';
import { migrate } from './kernel/database/index.ts';
import { mallModules } from './mall.ts';

/* Every context's schema from nothing, by the one set of migrations that all modes use (row M2). */
let servers: Awaited<ReturnType<typeof testServers>>;
let fresh: Awaited<ReturnType<typeof freshDatabase>>;
let client: pg.Client;

before(async () => {
  servers = await testServers();
  fresh = await freshDatabase(servers.postgresUrl);
  for (const { name, migrations } of mallModules()) {
    await migrate(fresh.url, { schema: name, folders: migrations });
  }
  client = new pg.Client({ connectionString: fresh.url });
  await client.connect();
});
after(async () => {
  await client?.end();
  await fresh?.drop();
  await servers?.stop();
});

async function tablesOf(schema: string): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    'SELECT table_name AS name FROM information_schema.tables WHERE table_schema = $1 ORDER BY 1',
    [schema],
  );
  return rows.map((row) => row.name);
}

test('a second run applies nothing', async () => {
  for (const { name, migrations } of mallModules()) {
    assert.deepEqual(await migrate(fresh.url, { schema: name, folders: migrations }), []);
  }
});

test('row M2: a context has the platform tables it uses, and no others', async () => {
  const eventSourced = new Set(['baskets', 'ordering', 'stores']);
  for (const { name } of mallModules()) {
    const tables = await tablesOf(name);
    assert.equal(tables.includes('events'), eventSourced.has(name), name);
    assert.equal(tables.includes('sagas'), name === 'cosec', name);
    assert.ok(tables.includes('inbox') && tables.includes('dead_letters'), name);
  }
});

test('rows M1, N5: each outbox has its own indexes of what is unpublished, by position and by aggregate', async () => {
  for (const { name } of mallModules()) {
    const { rows } = await client.query(
      `SELECT indexname FROM pg_indexes WHERE schemaname = $1 AND tablename = 'outbox'
         AND indexdef LIKE '%WHERE (published_at IS NULL)' ORDER BY indexname`,
      [name],
    );
    assert.deepEqual(
      rows.map(({ indexname }) => indexname),
      ['outbox_unpublished_idx', 'outbox_waiting_idx'],
      name,
    );
  }
});

test('row O10: what nobody uses is not there', async () => {
  assert.ok(!(await tablesOf('ordering')).includes('orders'));
});

test('row S12: search has an index for every way to look', async () => {
  const { rows } = await client.query<{ definition: string }>(
    `SELECT indexdef AS definition FROM pg_indexes WHERE schemaname = 'search' AND tablename = 'orders'`,
  );
  const definitions = rows.map((row) => row.definition).join('\n');
  for (const columns of [
    '(customer_id, created_at DESC, order_id)',
    '(status, created_at DESC, order_id)',
    'USING gin (product_ids)',
    'USING gin (store_ids)',
    '(total)',
  ]) {
    assert.ok(definitions.includes(columns), columns);
  }
});

for (const { what, statement } of [
  {
    what: 'a product of a negative price',
    statement: `INSERT INTO stores.products (id, store_id, name, description, sku, price, version)
                VALUES ('p', 's', 'n', '', '', -1, 1)`,
  },
  {
    what: 'an order of an unknown status',
    statement: `INSERT INTO search.orders (order_id, customer_id, customer_name, items, total, status, product_ids,
                  store_ids, version, created_at) VALUES ('o', 'c', 'n', '[]', 1, 'Lost', '{}', '{}', 1, now())`,
  },
  {
    what: 'a saga of an unknown status',
    statement: `INSERT INTO cosec.sagas (id, name, data, status, step, attempts, reason, command_id, version)
                VALUES ('s', 'n', '{}', 'lost', 0, 0, '', '', 1)`,
  },
]) {
  test(`row M4: the database itself refuses ${what}`, async () => {
    await assert.rejects(client.query(statement), { code: '23514' });
  });
}

test('row M4: it refuses payments, invoices and lists of unknown status too', async () => {
  const { rows } = await client.query<{ name: string }>(
    `SELECT conrelid::regclass::text AS name FROM pg_constraint
     WHERE contype = 'c' AND pg_get_constraintdef(oid) LIKE '%status%'`,
  );
  const tables = new Set(rows.map((row) => row.name));
  for (const table of ['payments.payments', 'payments.invoices', 'depot.shopping_lists']) {
    assert.ok(tables.has(table), table);
  }
});
