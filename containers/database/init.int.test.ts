import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash, createHmac, pbkdf2Sync } from 'node:crypto';
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

/** Whether a password fits what Postgres keeps of it: `SCRAM-SHA-256$4096:<salt>$<stored key>:<server key>`. */
function fits(password: string, verifier: string): boolean {
  const [, rounds = '', salt = '', stored] = /^SCRAM-SHA-256\$(\d+):(.+)\$(.+):.+$/.exec(verifier) ?? [];
  const salted = pbkdf2Sync(password, Buffer.from(salt, 'base64'), Number(rounds), 32, 'sha256');
  const key = createHmac('sha256', salted).update('Client Key').digest();
  return createHash('sha256').update(key).digest('base64') === stored;
}

/** A password for each of the roles, by the variable that the script looks for. */
const passwords = Object.fromEntries(
  contextNames.flatMap((name) => [
    [`MALL_${name.toUpperCase()}_PASSWORD`, `serves ${name}`],
    [`MALL_${name.toUpperCase()}_OWNER_PASSWORD`, `owns ${name}`],
  ]),
);

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
  const untold = run('admin', { ...passwords, MALL_DATABASES: 'services', MALL_STORES_OWNER_PASSWORD: '' });
  assert.notEqual(untold.status, 0);
  assert.match(untold.stderr, /^MALL_STORES_OWNER_PASSWORD is not set/m);
  for (const _ of ['first', 'again']) {
    const { status, stderr } = run('admin', { ...passwords, MALL_DATABASES: 'services' });
    assert.equal(status, 0, stderr);
  }
  const verifiers = () =>
    connected(`postgres://mall@127.0.0.1:${postgres.port}/postgres`, async (client) => {
      const { rows } = await client.query<{ name: string; verifier: string }>(
        "SELECT rolname AS name, coalesce(rolpassword, '') AS verifier FROM pg_authid",
      );
      return new Map(rows.map(({ name, verifier }) => [name, verifier]));
    });
  const told = await verifiers();
  for (const name of contextNames) {
    assert.ok(fits(`serves ${name}`, told.get(`${name}_user`) ?? ''), `${name}_user`);
    assert.ok(fits(`owns ${name}`, told.get(`${name}_owner`) ?? ''), `${name}_owner`);
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
  const byDefault = await verifiers();
  assert.ok(fits('stores_pass', byDefault.get('stores_user') ?? ''));
  assert.ok(fits('stores_owner_pass', byDefault.get('stores_owner') ?? ''));
});
