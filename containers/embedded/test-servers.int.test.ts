import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { connect } from '@nats-io/transport-node';
import { connected } from './postgres.ts';
import { freshDatabase, testServers } from './test-servers.ts';

const servers = await testServers();
after(() => servers.stop());

test('each fresh database is empty and its own', async () => {
  const [one, other] = await Promise.all([
    freshDatabase(servers.postgresUrl),
    freshDatabase(servers.postgresUrl),
  ]);
  after(() => Promise.all([one.drop(), other.drop()]));
  await connected(one.url, (client) => client.query('create table mine ()'));
  const { rows } = await connected(other.url, (client) => client.query(`select to_regclass('mine') as mine`));
  assert.deepEqual(rows, [{ mine: null }]);
});

test('a database is dropped although somebody is connected', async () => {
  const { url, drop } = await freshDatabase(servers.postgresUrl);
  await connected(url, () => drop());
  await assert.rejects(
    connected(url, () => Promise.resolve()),
    /does not exist/,
  );
});

test('NATS answers', async () => {
  const connection = await connect({ servers: servers.natsUrl });
  await connection.flush();
  await connection.close();
});
