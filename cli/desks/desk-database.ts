import pg from 'pg';
import { errorCode } from '../../containers/embedded/index.ts';
import { type ContextName, contextNames } from '../../proto/catalogue.ts';
import { CliError } from '../cli-error.ts';
import { exitCodes } from '../exit-codes.ts';
import { withoutPassword } from '../malls/state.ts';

const connectTimeoutMs = 5_000;
const statementTimeoutMs = 30_000;

/** int8 columns hold positions and counts far below 2^53; the driver's default would hand out strings. */
const types = new pg.TypeOverrides();
types.setTypeParser(pg.types.builtins.INT8, Number);

/** Postgres' codes for a table or column that is not there: another version's migrations, or none. */
const notMigrated = new Set(['42P01', '42703', '3F000']);

/** One connection to a mall's database, over all contexts. */
export class DeskDatabase {
  readonly #client: pg.Client;

  private constructor(client: pg.Client) {
    this.#client = client;
  }

  /**
   * Opens it, does the work and closes it.
   * @throws CliError (4) when the database cannot be used or is not of this version, and whatever the work throws
   */
  static async use<T>(url: string, work: (database: DeskDatabase) => Promise<T>): Promise<T> {
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
    } catch (error) {
      throw unusable(`The mall's database at ${withoutPassword(url)} does not answer.`, error);
    }
    try {
      return await work(new DeskDatabase(client));
    } finally {
      await client.end();
    }
  }

  async query<Row extends pg.QueryResultRow>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
    try {
      return (await this.#client.query<Row>(text, [...values])).rows;
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
      await this.#client.query('ROLLBACK').catch(() => undefined);
      throw error;
    }
  }

  /** The contexts that have a table of this name here. */
  async contextsWith(table: string): Promise<readonly ContextName[]> {
    const rows = await this.query<{ name: string }>(
      `SELECT name FROM unnest($1::text[]) AS c(name) WHERE to_regclass(name || '.' || $2) IS NOT NULL`,
      [contextNames, table],
    );
    const found = new Set(rows.map(({ name }) => name));
    return contextNames.filter((name) => found.has(name));
  }
}

function unusable(sentence: string, cause: unknown): CliError {
  return new CliError(sentence, {
    exitCode: exitCodes.environment,
    cause,
    next: '`mall ps` shows how it is; `mall down` and `mall up --detach` start it anew, its data stays',
  });
}
