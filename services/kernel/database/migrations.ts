import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { MallError, Unavailable } from '../domain/index.ts';
import { explain } from './failures.ts';

export interface MigrationSet {
  /** Schema the set belongs to; also the key of the lock and of the record of what was applied. */
  readonly schema: string;
  /** Folders of `NNN-title.sql` files, applied in the order given, each in name order. */
  readonly folders: readonly URL[];
  /** The role that serves, where it is not the one that migrates: it may use what is there and change nothing of it. */
  readonly servedBy?: string | undefined;
}

interface Migration {
  readonly name: string;
  readonly text: string;
}

/**
 * Brings one context's schema up to date: forward only, each file in a transaction of its own, under an advisory
 * lock so that replicas starting together wait for each other (row P-62). `:schema` in a file stands for the schema.
 * @throws MallError naming the file that failed
 */
export function migrate(url: string, set: MigrationSet): Promise<readonly string[]> {
  return underLock(url, set, { shared: false }, async (client) => {
    await client.query(`CREATE SCHEMA IF NOT EXISTS ${set.schema}`);
    await client.query(
      `CREATE TABLE IF NOT EXISTS ${set.schema}.migrations
         (name text PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now())`,
    );
    const applied = await applyMissing(client, set);
    if (set.servedBy !== undefined) await grant(client, set.schema, set.servedBy);
    return applied;
  });
}

/**
 * For a process that serves: migrates where its role may make schemas, else looks whether somebody has.
 * @throws Unavailable while nobody has
 */
export async function ensureMigrated(url: string, set: MigrationSet): Promise<void> {
  const mayMigrate = await underLock(url, set, { shared: true }, async (client) => {
    const { rows } = await client.query<{ may: boolean }>(
      `SELECT has_database_privilege(current_database(), 'CREATE') AS may`,
    );
    if (rows[0]?.may) return true;
    const missing = await missingFrom(client, set);
    if (missing === undefined) return false;
    throw new Unavailable(
      `the schema ${set.schema} lacks the migration ${missing}, and the role that serves may not apply it: ` +
        '`mall serve --migrate` does so as the role of MALL_MIGRATION_URL',
    );
  });
  if (mayMigrate) await migrate(url, set);
}

/** Shared by those who look, so that nobody sees a schema half-way through its migration. */
async function underLock<Result>(
  url: string,
  { schema }: MigrationSet,
  { shared }: { shared: boolean },
  work: (client: pg.Client) => Promise<Result>,
): Promise<Result> {
  const client = new pg.Client({ connectionString: url, application_name: `mall ${schema} migrations` });
  // A connection that breaks fails its query as well; without a listener it would end the process.
  client.on('error', () => undefined);
  try {
    await client.connect();
    const lock = shared ? 'pg_advisory_lock_shared' : 'pg_advisory_lock';
    await client.query(`SELECT ${lock}(hashtext($1))`, [`mall migrations ${schema}`]);
    return await work(client);
  } catch (error) {
    throw explain(error, {});
  } finally {
    await client.end();
  }
}

/** SQLSTATEs of a schema or table that is not there, or not for this role yet. */
const notMadeYet = new Set<unknown>(['3F000', '42P01', '42501']);

/** The first migration that has not been applied. */
async function missingFrom(client: pg.Client, set: MigrationSet): Promise<string | undefined> {
  const applied = await appliedTo(client, set).catch((error: unknown) => {
    if (error instanceof pg.DatabaseError && notMadeYet.has(error.code)) return new Set<string>();
    throw error;
  });
  return (await read(set)).find(({ name }) => !applied.has(name))?.name;
}

async function appliedTo(client: pg.Client, { schema }: MigrationSet): Promise<ReadonlySet<string>> {
  const { rows } = await client.query<{ name: string }>(`SELECT name FROM ${schema}.migrations`);
  return new Set(rows.map((row) => row.name));
}

async function applyMissing(client: pg.Client, set: MigrationSet): Promise<readonly string[]> {
  const applied = await appliedTo(client, set);
  const missing = (await read(set)).filter((migration) => !applied.has(migration.name));
  for (const { name, text } of missing) {
    try {
      await client.query('BEGIN');
      await client.query(text);
      await client.query(`INSERT INTO ${set.schema}.migrations (name) VALUES ($1)`, [name]);
      await client.query('COMMIT');
    } catch (error) {
      throw new MallError('INTERNAL', `migration ${name} of ${set.schema} failed`, { cause: error });
    }
  }
  return missing.map((migration) => migration.name);
}

/** What happened stays as it happened: the role that serves adds to these tables and reads them. */
const appendOnly = ['events'];

/** Rights to work in the schema, and in no other. Given each time, since new tables come with none. */
async function grant(client: pg.Client, schema: string, servedBy: string): Promise<void> {
  const role = client.escapeIdentifier(servedBy);
  const { rows } = await client.query<{ name: string }>(
    'SELECT tablename AS name FROM pg_tables WHERE schemaname = $1 AND tablename = ANY ($2)',
    [schema, appendOnly],
  );
  await client.query('BEGIN');
  await client.query(`GRANT USAGE ON SCHEMA ${schema} TO ${role}`);
  await client.query(`GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ${schema} TO ${role}`);
  await client.query(`REVOKE INSERT, UPDATE, DELETE ON ${schema}.migrations FROM ${role}`);
  for (const { name } of rows) await client.query(`REVOKE UPDATE, DELETE ON ${schema}.${name} FROM ${role}`);
  await client.query('COMMIT');
}

async function read(set: MigrationSet): Promise<readonly Migration[]> {
  const migrations: Migration[] = [];
  for (const folder of set.folders) {
    const label = fileURLToPath(folder).split(/[/\\]/).filter(Boolean).at(-2) ?? '';
    for (const file of (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort()) {
      const text = await readFile(new URL(file, folder), 'utf8');
      migrations.push({ name: `${label}/${file}`, text: text.replaceAll(':schema', set.schema) });
    }
  }
  return migrations;
}
