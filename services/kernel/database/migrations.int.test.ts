import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  prepareServiceDatabases,
  type ServiceDatabase,
} from '../../../containers/database/service-databases.ts';
import { connected } from '../../../containers/embedded/index.ts';
import { testServers, uniqueName } from '../../../containers/embedded/test-servers.ts';
import { Unavailable } from '../domain/index.ts';
import { kernelMigrations } from '../lifecycle/index.ts';
import { ensureMigrated, migrate } from './migrations.ts';

const name = uniqueName('migrated');
const set = { schema: 'kernel_test', folders: [kernelMigrations.messaging] };
let servers: Awaited<ReturnType<typeof testServers>>;
let database: ServiceDatabase;

before(async () => {
  servers = await testServers();
  const adminUrl = servers.postgresUrl;
  const [prepared] = await prepareServiceDatabases({ adminUrl, databases: { kernel_test: name } });
  assert.ok(prepared);
  database = prepared;
});
after(async () => {
  await connected(servers.postgresUrl, async (admin) => {
    await admin.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    await admin.query(`DROP ROLE ${name}_owner, ${name}_user`);
  });
  await servers.stop();
});

const asOwner = (folders: readonly URL[]) =>
  migrate(database.migrationUrl, { ...set, folders, servedBy: database.user });

test('a role that may not make schemas serves only what its owner has migrated', async () => {
  const looked = ensureMigrated(database.url, set);
  await assert.rejects(looked, (error) => {
    assert.ok(error instanceof Unavailable, 'it is worth another try');
    assert.match(
      error.message,
      /kernel_test lacks the migration messaging\/001-\S+, .*`mall serve --migrate`/,
    );
    return true;
  });
  const applied = await asOwner(set.folders);
  assert.ok(applied.length > 0);
  await ensureMigrated(database.url, set);

  const newer = { ...set, folders: [...set.folders, kernelMigrations.eventstore] };
  await assert.rejects(ensureMigrated(database.url, newer), /lacks the migration eventstore\/001-/);
});

test('it waits for a migration that is under way', async () => {
  await connected(database.migrationUrl, async (owner) => {
    await owner.query(`SELECT pg_advisory_lock(hashtext('mall migrations kernel_test'))`);
    let looked = false;
    const looking = ensureMigrated(database.url, set).then(() => {
      looked = true;
    });
    const waiting = `SELECT 1 FROM pg_stat_activity WHERE datname = $1 AND wait_event_type = 'Lock'`;
    await connected(servers.postgresUrl, async (admin) => {
      while ((await admin.query(waiting, [name])).rowCount === 0) assert.equal(looked, false);
    });
    await owner.query(`SELECT pg_advisory_unlock(hashtext('mall migrations kernel_test'))`);
    await looking;
  });
});
