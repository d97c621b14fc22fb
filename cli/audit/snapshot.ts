import pg from 'pg';

/** int8 columns hold positions and counts far below 2^53. */
const types = new pg.TypeOverrides();
types.setTypeParser(pg.types.builtins.INT8, Number);

/** Rows fetched at once: some hundred kilobytes, and few round trips. */
const PAGE_ROWS = 2_000;

/**
 * A database as it was at one moment: a read-only transaction that sees one state of all contexts in it, however much
 * is committed meanwhile.
 */
export class Snapshot {
  readonly #client: pg.Client;
  #cursors = 0;

  private constructor(client: pg.Client) {
    this.#client = client;
  }

  /** @throws the driver's error when the database cannot be used */
  static async open(url: string): Promise<Snapshot> {
    const client = new pg.Client({
      connectionString: url,
      application_name: 'mall audit',
      connectionTimeoutMillis: 5_000,
      options: '-c default_transaction_read_only=on',
      types,
    });
    // A connection that breaks fails its query as well; without a listener it would end the process.
    client.on('error', () => undefined);
    await client.connect();
    return new Snapshot(client);
  }

  /** From here on every query sees the same state. */
  async freeze(): Promise<void> {
    await this.#client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    // Sorts of whole tables stay in memory up to a point; compiling costs more than these queries gain by it.
    await this.#client.query(`SET LOCAL work_mem = '32MB'; SET LOCAL jit = off; SELECT 1`);
  }

  async rows<Row extends pg.QueryResultRow>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
    return (await this.#client.query<Row>(text, [...values])).rows;
  }

  /** The single row of an aggregate query. */
  async row<Row extends pg.QueryResultRow>(text: string, values: readonly unknown[] = []): Promise<Row> {
    const [row] = await this.rows<Row>(text, values);
    if (row === undefined) throw new TypeError('the query has no row');
    return row;
  }

  /** Any number of rows, page by page through a cursor; needs {@link freeze}. */
  async *pages<Row extends pg.QueryResultRow>(
    text: string,
    values: readonly unknown[] = [],
  ): AsyncGenerator<Row[], undefined> {
    const cursor = `audit_${++this.#cursors}`;
    await this.#client.query(`DECLARE ${cursor} NO SCROLL CURSOR FOR ${text}`, [...values]);
    for (;;) {
      const page = await this.rows<Row>(`FETCH ${PAGE_ROWS} FROM ${cursor}`);
      if (page.length > 0) yield page;
      if (page.length < PAGE_ROWS) break;
    }
    await this.#client.query(`CLOSE ${cursor}`);
  }

  async close(): Promise<void> {
    await this.#client.end();
  }
}
