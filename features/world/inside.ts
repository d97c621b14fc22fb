import pg from 'pg';
import { contextDatabaseUrl } from '../../cli/malls/context-databases.ts';
import { contextNames } from '../../proto/catalogue.ts';
import type { InsideAddresses } from './mall-under-test.ts';
import { MessageLog } from './message-log.ts';

const connections = 2;
const connectTimeoutMs = 5_000;
const statementTimeoutMs = 10_000;

/** int8 columns hold positions and counts far below 2^53; the driver's default would hand out strings. */
const types = new pg.TypeOverrides();
types.setTypeParser(pg.types.builtins.INT8, Number);

export type Row = Readonly<Record<string, unknown>>;

/** The databases and the broker of a mall, for scenarios that ask why and how often. */
export class Inside {
  readonly addresses: InsideAddresses;
  readonly #pools = new Map<string, pg.Pool>();
  readonly #since: Date;
  #log: Promise<MessageLog> | undefined;

  /** @param since from when on messages are of interest */
  constructor(addresses: InsideAddresses, since: Date) {
    this.addresses = addresses;
    this.#since = since;
  }

  /** Rows of one context: its tables are named with their schema, which tells the database. */
  async rows(text: string, values: readonly unknown[] = []): Promise<Row[]> {
    return (await this.#poolOf(text).query<Row>(text, [...values])).rows;
  }

  async row(text: string, values: readonly unknown[] = []): Promise<Row | undefined> {
    return (await this.rows(text, values))[0];
  }

  /** Locks a table: whoever wants to write or read it waits. Answers what lets go of it. */
  async lock(table: string): Promise<() => Promise<void>> {
    const client = new pg.Client({ connectionString: this.#urlOf(table) });
    // A server that is stopped meanwhile has let go of it.
    client.on('error', () => undefined);
    await client.connect();
    await client.query('BEGIN');
    await client.query(`LOCK TABLE ${table} IN ACCESS EXCLUSIVE MODE`);
    return () => client.end().catch(() => undefined);
  }

  /** The messages of the stream, from the run's beginning on. */
  messages(): Promise<MessageLog> {
    this.#log ??= MessageLog.open(this.addresses, this.#since);
    return this.#log;
  }

  async close(): Promise<void> {
    await Promise.all([...this.#pools.values()].map((pool) => pool.end()));
    await (await this.#log)?.close();
  }

  #urlOf(text: string): string {
    const context = contextNames.find((name) => new RegExp(`\\b${name}\\.`).test(text));
    if (context === undefined) throw new Error(`no context's table is named in: ${text}`);
    return contextDatabaseUrl(this.addresses, context);
  }

  #poolOf(text: string): pg.Pool {
    const url = this.#urlOf(text);
    let pool = this.#pools.get(url);
    if (pool === undefined) {
      pool = new pg.Pool({
        connectionString: url,
        max: connections,
        connectionTimeoutMillis: connectTimeoutMs,
        statement_timeout: statementTimeoutMs,
        application_name: 'mall features',
        types,
      });
      // A server that is stopped under an idle connection is told here; the next query opens another.
      pool.on('error', () => undefined);
      this.#pools.set(url, pool);
    }
    return pool;
  }
}
