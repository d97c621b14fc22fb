export interface LookupOptions<Row> {
  /** The table with its schema. */
  readonly table: string;
  /** What is read of each row; the key is among it. */
  readonly columns: string;
  /** A text column with an index. */
  readonly key: keyof Row & string;
  /** An ORDER BY expression for rows with the same key. */
  readonly order?: string;
}

/** The rows with a key; none where there are none. @throws Unavailable, DeadlineExceeded */
export type Lookup<Row> = (key: string) => Promise<readonly Row[]>;

/**
 * The statement for many keys, an array in `$1`. Each key is looked up by itself: of a young table, which it takes for
 * small, Postgres would otherwise plan to read every row, and still do so when it has grown.
 */
export function lookupText<Row>({ table, columns, key, order }: LookupOptions<Row>): string {
  const ordered = order === undefined ? '' : `ORDER BY ${order}`;
  return `SELECT r.* FROM unnest($1::text[]) AS k(key)
    CROSS JOIN LATERAL (SELECT ${columns} FROM ${table} WHERE ${key} = k.key ${ordered} OFFSET 0) AS r`;
}
