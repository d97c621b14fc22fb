import pg from 'pg';
import { errorCode } from '../../containers/embedded/index.ts';
import { type ContextName, contextNames } from '../../proto/catalogue.ts';
import { CliError } from '../cli-error.ts';
import { exitCodes } from '../exit-codes.ts';
import { contextDatabaseUrl, type DatabaseLayout } from '../malls/context-databases.ts';
import { withoutPassword } from '../malls/state.ts';

const connectTimeoutMs = 5_000;
const statementTimeoutMs = 30_000;

/** int8 columns hold positions and counts far below 2^53; the driver's default would hand out strings. */
const types = new pg.TypeOverrides();
types.setTypeParser(pg.types.builtins.INT8, Number);

/** Postgres' codes for a table or column that is not there: another version's migrations, or none. */
const notMigrated = new Set(['42P01', '42703', '3F000']);

/** A mall's databases, of which those are opened that are looked into. */
export class DeskDatabase {
  readonly #layout: DatabaseLayout;
  readonly #connections = new Map<string, DeskConnection>();

  private constructor(layout: DatabaseLayout) {
    this.#layout = layout;
  }

  /**
   * Does the work and closes what it has opened.
   * @throws CliError (4) when a database cannot be used or is not of this version, and whatever the work throws
   */
  static async use<T>(layout: DatabaseLayout, work: (database: DeskDatabase) => Promise<T>): Promise<T> {
    const database = new DeskDatabase(layout);
    try {
      return await work(database);
    } finally {
      for (const connection of database.#connections.values()) await connection.close();
    }
  }

  /** The database of a context; all contexts may share one. */
  of(context: ContextName): DeskConnection {
    const url = contextDatabaseUrl(this.#layout, context);
    let connection = this.#connections.get(url);
    if (connection === undefined) {
      connection = new DeskConnection(url);
      this.#connections.set(url, connection);
    }
    return connection;
  }

  /** The contexts that have a table of this name here. */
  async contextsWith(table: string): Promise<readonly ContextName[]> {
    const found: ContextName[] = [];
    for (const name of contextNames) {
      const [row] = await this.of(name).query<{ there: boolean }>(
        `SELECT to_regclass($1) IS NOT NULL AS there`,
        [`${name}.${table}`],
      );
      if (row?.there === true) found.push(name);
    }
    return found;
  }
}

/** One connection to one database, opened when it is first needed. */
export class DeskConnection {
  readonly #url: string;
  #opened: Promise<pg.Client> | undefined;

  constructor(url: string) {
    this.#url = url;
  }

  async query<Row extends pg.QueryResultRow>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
    this.#opened ??= open(this.#url);
    const client = await this.#opened;
    try {
      return (await client.query<Row>(text, [...values])).rows;
    } catch (error) {
      if (!notMigrated.has(errorCode(error) ?? '')) throw error;
      throw unusable('The mall runs in another version than this command.', error);
    }
  }

  /** Runs the work in a transaction: all of it or nothing. */
  async transaction<T>(work: () => Promise<T>): Promise<T> {
    await this.query('BEGIN');
    try {
      const result = await work();
      await this.query('COMMIT');
      return result;
    } catch (error) {
      await this.query('ROLLBACK').catch(() => undefined);
      throw error;
    }
  }

  async close(): Promise<void> {
    const client = await this.#opened?.catch(() => undefined);
    await client?.end();
  }
}

async function open(url: string): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: connectTimeoutMs,
    statement_timeout: statementTimeoutMs,
    application_name: 'mall desk',
    types,
  });
  // A server that goes away between two queries is told here first; the query's own rejection tells it again.
  client.on('error', () => undefined);
  try {
    await client.connect();
    return client;
  } catch (error) {
    throw unusable(`The mall's database at ${withoutPassword(url)} does not answer.`, error);
  }
}

function unusable(sentence: string, cause: unknown): CliError {
  return new CliError(sentence, {
    exitCode: exitCodes.environment,
    cause,
    next: '`mall ps` shows how it is; `mall down` and `mall up --detach` start it anew, its data stays',
  });
}
