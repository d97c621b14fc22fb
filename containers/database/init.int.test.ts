import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { contextNames } from '../../proto/contexts.ts';
import { connected, startPostgres } from '../embedded/index.ts';
import { testFolder } from '../embedded/test-folder.ts';

const script = fileURLToPath(new URL('init.sh', import.meta.url));
const hasPsql = spawnSync('psql', ['--version']).status === 0;

/** What a connection as a role says: `in`, or why not. */
async function enters(port: number, role: string, database: string): Promise<string> {
  try {
    await connected(`postgres://${role}@127.0.0.1:${port}/${database}`, (client) => client.query('SELECT 1'));
    return 'in';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

test('the script of the Postgres image makes the databases and roles that compose names', {
  skip: !hasPsql && 'psql is not here',
}, async () => {
  const folder = testFolder();
  const postgres = await startPostgres({
    place: folder,
    dataFolder: join(folder, 'postgres'),
    logFile: join(folder, 'postgres.log'),
    fast: true,
  });
  after(() => postgres.stop());
  const run = (user: string, more: NodeJS.ProcessEnv = {}) => {
    const server = { PGHOST: '127.0.0.1', PGPORT: String(postgres.port), POSTGRES_USER: user };
    return spawnSync(script, { encoding: 'utf8', env: { ...process.env, ...server, ...more } });
  };
  // As on a managed server, whose admin is no superuser; again, as a job that is tried again; then the rest as well.
  await connected(`postgres://mall@127.0.0.1:${postgres.port}/postgres`, (client) =>
    client.query('CREATE ROLE admin LOGIN CREATEDB CREATEROLE'),
  );
  for (const _ of ['first', 'again']) {
    const { status, stderr } = run('admin', { MALL_DATABASES: 'services' });
    assert.equal(status, 0, stderr);
  }
  assert.match(await enters(postgres.port, 'pactuser', 'pactdb'), /does not exist/);
  const { status, stderr } = run('mall');
  assert.equal(status, 0, stderr);
  const roles = ['intellimall_user intellimall', 'pactuser pactdb'];
  for (const name of contextNames) roles.push(`${name}_owner ${name}`, `${name}_user ${name}`);
  for (const [role = '', database = ''] of roles.map((each) => each.split(' '))) {
    assert.equal(await enters(postgres.port, role, database), 'in', role);
    const another = database === 'stores' ? 'baskets' : 'stores';
    assert.match(await enters(postgres.port, role, another), /^permission denied for database/, role);
  }
});
