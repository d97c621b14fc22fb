import { createHash } from 'node:crypto';
import pg from 'pg';
import { failSpan } from '../telemetry/index.ts';
import { type ConstraintMeanings, explain } from './failures.ts';
import { QuerySpans } from './query-spans.ts';
import { combine, type Told, type Write } from './write.ts';

export interface DatabaseOptions {
  readonly url: string;
  /** Name of the context's schema; every statement names it. */
  readonly schema: string;
  readonly limits: {
    readonly maxConnections: number;
    readonly connectTimeoutMs: number;
    readonly statementTimeoutMs: number;
  };
  readonly constraints?: ConstraintMeanings;
}

/** int8 columns hold positions and counts far below 2^53; the driver's default would hand out strings. */
const types = new pg.TypeOverrides();
types.setTypeParser(pg.types.builtins.INT8, Number);

/** A server that is halted, or cut off, ends no statement by itself: the client gives up a little later. */
function queryTimeoutMs({ statementTimeoutMs }: DatabaseOptions['limits']): number {
  return statementTimeoutMs + 500;
}

/** One context's door to Postgres: bounded connections, prepared statements, failures told in the domain's words. */
export class Database {
  readonly schema: string;
  readonly url: string;
  readonly #pool: pg.Pool;
  readonly #constraints: ConstraintMeanings;
  readonly #limits: DatabaseOptions['limits'];
  readonly #names = new Map<string, string>();
  readonly #spans: QuerySpans;

  constructor(options: DatabaseOptions) {
    this.schema = options.schema;
    this.url = options.url;
    this.#constraints = options.constraints ?? {};
    this.#limits = options.limits;
    this.#spans = new QuerySpans(options.url);
    this.#pool = new pg.Pool({
      connectionString: options.url,
      max: options.limits.maxConnections,
      connectionTimeoutMillis: options.limits.connectTimeoutMs,
      statement_timeout: options.limits.statementTimeoutMs,
      query_timeout: queryTimeoutMs(options.limits),
      application_name: `mall ${options.schema}`,
      types,
    });
    // An idle connection that breaks is replaced at the next use; without a listener it would end the process.
    this.#pool.on('error', () => undefined);
  }

  /** Runs one statement outside any transaction. @throws Unavailable, DeadlineExceeded, Conflict */
  async query<Row extends pg.QueryResultRow>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
    const span = this.#spans.start(text);
    try {
      const result = await this.#pool.query<Row>({ name: this.#name(text), text, values: [...values] });
      return result.rows;
    } catch (cause) {
      const error = explain(cause, this.#constraints);
      failSpan(span, error);
      throw error;
    } finally {
      span?.end();
    }
  }

  /** The only row, or undefined when there is none. */
  async queryOne<Row extends pg.QueryResultRow>(
    text: string,
    values: readonly unknown[],
  ): Promise<Row | undefined> {
    return (await this.query<Row>(text, values))[0];
  }

  /**
   * Commits all writes or none, in one round trip. Answers what they tell.
   * @throws Conflict, DuplicateMessage, Unavailable
   */
  async commit(writes: readonly Write[]): Promise<Told> {
    if (writes.length === 0) return {};
    const { text, values } = combine(this.schema, writes);
    return (await this.queryOne<Record<string, unknown>>(text, values)) ?? {};
  }

  /**
   * A connection of its own for what needs a session: LISTEN, advisory locks. The caller ends it.
   * @param options.lazyCommits commits do not wait for the disk: only for what may be lost with a crash
   */
  async session(options: { readonly lazyCommits: boolean }): Promise<pg.Client> {
    const client = new pg.Client({
      connectionString: this.url,
      application_name: `mall ${this.schema} session`,
      connectionTimeoutMillis: this.#limits.connectTimeoutMs,
      statement_timeout: this.#limits.statementTimeoutMs,
      query_timeout: queryTimeoutMs(this.#limits),
      keepAlive: true,
      ...(options.lazyCommits && { options: '-c synchronous_commit=off' }),
      types,
    });
    client.on('error', () => undefined);
    try {
      await client.connect();
      return client;
    } catch (error) {
      throw explain(error, this.#constraints);
    }
  }

  /** Connections in use, idle and awaited, for metrics. */
  get connections(): { total: number; idle: number; waiting: number } {
    const { totalCount, idleCount, waitingCount } = this.#pool;
    return { total: totalCount, idle: idleCount, waiting: waitingCount };
  }

  /** Whether the database answers; one that refuses us does not. */
  async ping(): Promise<boolean> {
    try {
      await this.query('SELECT 1');
      return true;
    } catch {
      return false;
    }
  }

  async close(): Promise<void> {
    await this.#pool.end();
  }

  /** Statements are few and repeat, so each is prepared once per connection under a name made from its text. */
  #name(text: string): string {
    let name = this.#names.get(text);
    if (!name) {
      name = createHash('sha1').update(text).digest('base64url');
      this.#names.set(text, name);
    }
    return name;
  }
}
