import { randomBytes } from 'node:crypto';
import type pg from 'pg';
import { connected } from '../embedded/index.ts';

export interface ServiceDatabasesOptions {
  /** A superuser, or a role that may create databases and roles; any database of the server. */
  readonly adminUrl: string;
  /** Names of the databases by their contexts. */
  readonly databases: Readonly<Record<string, string>>;
}

/** The database of one context and the two roles that may enter it. */
export interface ServiceDatabase {
  readonly context: string;
  /** The role that serves. */
  readonly user: string;
  /** As that role: it can read and write its schema's rows and change nothing else. */
  readonly url: string;
  /** As the role that owns the database and migrates it. */
  readonly migrationUrl: string;
}

/** Name of a context's database, as the original has it: that of the context. */
export function serviceDatabaseName(prefix: string, context: string): string {
  return `${prefix}${context}`;
}

/** The same server and user, another database. */
export function onDatabase(url: string, database: string): string {
  const there = new URL(url);
  there.pathname = `/${encodeURIComponent(database)}`;
  return there.href;
}

/**
 * Makes sure that every context has a database of its own with a role that owns it (`<s>_owner`) and one that serves
 * (`<s>_user`); nobody else may connect. Both get new passwords each time, which are kept nowhere.
 * @throws the driver's error where the admin may not do this
 */
export async function prepareServiceDatabases(
  options: ServiceDatabasesOptions,
): Promise<readonly ServiceDatabase[]> {
  return connected(options.adminUrl, async (admin) => {
    const prepared: ServiceDatabase[] = [];
    for (const [context, name] of Object.entries(options.databases)) {
      prepared.push(await prepare(admin, { context, name, adminUrl: options.adminUrl }));
    }
    return prepared;
  });
}

async function prepare(
  admin: pg.Client,
  { context, name, adminUrl }: { context: string; name: string; adminUrl: string },
): Promise<ServiceDatabase> {
  const [owner, user] = [`${name}_owner`, `${name}_user`];
  const [ownerPassword, userPassword] = [newPassword(), newPassword()];
  await login(admin, owner, ownerPassword);
  await login(admin, user, userPassword);
  const database = admin.escapeIdentifier(name);
  const quotedOwner = admin.escapeIdentifier(owner);
  const { rowCount } = await admin.query('SELECT 1 FROM pg_database WHERE datname = $1', [name]);
  if (rowCount === 0) {
    // An admin that is no superuser may give a database to a role it belongs to only.
    await admin.query(`GRANT ${quotedOwner} TO CURRENT_USER`);
    await admin.query(`CREATE DATABASE ${database} OWNER ${quotedOwner}`);
  }
  await admin.query(`REVOKE ALL ON DATABASE ${database} FROM PUBLIC`);
  await admin.query(`GRANT CONNECT ON DATABASE ${database} TO ${admin.escapeIdentifier(user)}`);
  const as = (role: string, password: string) => {
    const url = new URL(onDatabase(adminUrl, name));
    url.username = encodeURIComponent(role);
    url.password = password;
    return url.href;
  };
  return { context, user, url: as(user, userPassword), migrationUrl: as(owner, ownerPassword) };
}

function newPassword(): string {
  return randomBytes(24).toString('base64url');
}

/** Lets a role log in with this password, and makes it where it is not there. */
async function login(admin: pg.Client, role: string, password: string): Promise<void> {
  const { rowCount } = await admin.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [role]);
  const verb = rowCount === 0 ? 'CREATE' : 'ALTER';
  await admin.query(
    `${verb} ROLE ${admin.escapeIdentifier(role)} LOGIN PASSWORD ${admin.escapeLiteral(password)}`,
  );
}
