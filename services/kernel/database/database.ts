import { createHash } from 'node:crypto';
import pg from 'pg';
import { failSpan } from '../telemetry/index.ts';
import type { Deadline } from './deadline.ts';
import { type ConstraintMeanings, explain, isRefusal } from './failures.ts';
import { GatheredReads } from './gathered-reads.ts';
import { GroupCommits } from './group-commits.ts';
import { type Lookup, type LookupOptions, lookupText } from './lookup.ts';
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

/** Of a context's connections the one that commits: what becomes ready while it is at work makes its next group. */
const COMMIT_CONNECTIONS = 1;
/**
 * Writes find their rows by keys, a few at a time, however many there are and whatever Postgres knew of the table when
 * it first planned them: its guess of a hundred rows for each document would have it read young tables as a whole.
 * A row that somebody else holds must not hold up the whole context.
 */
const COMMIT_PLANNING =
  '-c lock_timeout=2000 -c plan_cache_mode=force_generic_plan -c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off -c jit=off';

function openPool({ url, schema, limits }: DatabaseOptions, own: pg.PoolConfig): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    connectionTimeoutMillis: limits.connectTimeoutMs,
    statement_timeout: limits.statementTimeoutMs,
    query_timeout: queryTimeoutMs(limits),
    application_name: `mall ${schema}`,
    types,
    ...own,
  });
  // An idle connection that breaks is replaced at the next use; without a listener it would end the process.
  pool.on('error', () => undefined);
  return pool;
}

/** As the pool's own query does it, but for a refused change: that says nothing against the connection. */
async function runOn<Row extends pg.QueryResultRow>(
  pool: pg.Pool,
  query: pg.QueryConfig,
): Promise<pg.QueryResult<Row>> {
  const client = await pool.connect();
  const ignore = (): void => undefined;
  // A connection that breaks fails its query as well; without a listener it would end the process.
  client.on('error', ignore);
  let broken: Error | undefined;
  try {
    return await client.query<Row>(query);
  } catch (error) {
    if (!isRefusal(error)) broken = error instanceof Error ? error : new Error(String(error));
    throw error;
  } finally {
    client.off('error', ignore);
    client.release(broken);
  }
}

/** One context's door to Postgres: bounded connections, prepared statements, failures told in the domain's words. */
export class Database {
  readonly schema: string;
  readonly url: string;
  readonly #pool: pg.Pool;
  readonly #commitPool: pg.Pool;
  readonly #commits: GroupCommits;
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
    this.#pool = openPool(options, { max: options.limits.maxConnections - COMMIT_CONNECTIONS });
    this.#commitPool = openPool(options, { max: COMMIT_CONNECTIONS, options: COMMIT_PLANNING });
    this.#commits = new GroupCommits((writes) => this.#commit(writes));
  }

  /** Runs one statement outside any transaction. @throws Unavailable, DeadlineExceeded, Conflict */
  query<Row extends pg.QueryResultRow>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
    return this.#traced(
      () => text,
      () => this.#run<Row>(this.#pool, text, values),
    );
  }

  /** The only row, or undefined when there is none. */
  async queryOne<Row extends pg.QueryResultRow>(
    text: string,
    values: readonly unknown[],
  ): Promise<Row | undefined> {
    return (await this.query<Row>(text, values))[0];
  }

  /** Reads rows by a key, with what others ask for at the same moment in one statement. */
  lookup<Row extends pg.QueryResultRow>(options: LookupOptions<Row>): Lookup<Row> {
    const text = lookupText(options);
    const reads = new GatheredReads<Row>(
      (keys) => this.#run<Row>(this.#pool, text, [keys]),
      (row) => row[options.key],
    );
    return (value) =>
      this.#traced(
        () => text,
        () => reads.load(value),
      );
  }

  /**
   * Commits all writes or none, with those of others that are ready at the same moment. Answers what they tell, which
   * may be of others' rows as well.
   * @param signal the commit is not begun once it has aborted
   * @throws Conflict, DuplicateMessage, Unavailable, DeadlineExceeded
   */
  async commit(writes: readonly Write[], signal?: Deadline): Promise<Told> {
    if (writes.length === 0) return {};
    const text = () => writes.map(({ statement }) => statement.text).join('; ');
    return this.#traced(text, () => this.#commits.commit(writes, signal));
  }

  async #commit(writes: readonly Write[]): Promise<Told> {
    const { text, values } = combine(this.schema, writes);
    const [told = {}] = await this.#run<Record<string, unknown>>(this.#commitPool, text, values);
    return told;
  }

  async #run<Row extends pg.QueryResultRow>(
    pool: pg.Pool,
    text: string,
    values: readonly unknown[],
  ): Promise<Row[]> {
    try {
      const { rows } = await runOn<Row>(pool, { name: this.#name(text), text, values: [...values] });
      return rows;
    } catch (cause) {
      throw explain(cause, this.#constraints);
    }
  }

  async #traced<Result>(text: () => string, work: () => Promise<Result>): Promise<Result> {
    const span = this.#spans.start(text);
    try {
      return await work();
    } catch (error) {
      failSpan(span, error);
      throw error;
    } finally {
      span?.end();
    }
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
    const both = [this.#pool, this.#commitPool];
    const sum = (count: (pool: pg.Pool) => number) => both.reduce((total, pool) => total + count(pool), 0);
    return {
      total: sum((pool) => pool.totalCount),
      idle: sum((pool) => pool.idleCount),
      waiting: sum((pool) => pool.waitingCount),
    };
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
    await Promise.all([this.#pool.end(), this.#commitPool.end()]);
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
