/**
 * One data-modifying statement of a unit of work: INSERT, UPDATE or DELETE without RETURNING, its parameters
 * numbered from `$1`. All writes of a unit run as one statement against one snapshot, so two writes must never
 * touch the same row: fold the change first, write it once.
 */
export interface Write {
  readonly text: string;
  readonly values: readonly unknown[];
  /** How many rows it must touch; any other number undoes the whole unit as a Conflict about `what`. */
  readonly expect?: { readonly rows: number; readonly what: string };
  /**
   * What the commit tells of it: a name and a scalar query each, which finds the written rows in `{rows}` and in all
   * tables the state before. `returning` names the columns of `{rows}`.
   */
  readonly tell?: { readonly returning: string; readonly scalars: Readonly<Record<string, string>> };
}

/** What the writes of a commit told, by name. */
export type Told = Readonly<Record<string, unknown>>;

export interface CombinedStatement {
  readonly text: string;
  readonly values: unknown[];
}

/**
 * Combines writes into one statement: a transaction in a single round trip, which measured four times the
 * throughput of BEGIN, statements and COMMIT sent one after the other.
 * Writes run in the order given: Postgres runs each part when the final SELECT first counts its rows, and would run
 * parts nobody reads last to first.
 * Row expectations are checked inside the statement, by `<schema>.expect_rows`, so a miss rolls everything back.
 */
export function combine(schema: string, writes: readonly Write[]): CombinedStatement {
  const values: unknown[] = [];
  const parts: string[] = [];
  const checks: string[] = [];
  writes.forEach((write, index) => {
    const offset = values.length;
    const renumbered = (text: string) =>
      text.replace(/\$(\d+)/g, (_, number: string) => `$${offset + Number(number)}`);
    parts.push(`w${index} AS (${renumbered(write.text)} RETURNING ${write.tell?.returning ?? 1})`);
    values.push(...write.values);
    const count = `(SELECT count(*) FROM w${index})`;
    if (!write.expect) checks.push(count);
    else {
      values.push(write.expect.rows, write.expect.what);
      checks.push(`${schema}.expect_rows(${count}, $${values.length - 1}::int, $${values.length}::text)`);
    }
    for (const [name, scalar] of Object.entries(write.tell?.scalars ?? {})) {
      checks.push(`(${renumbered(scalar).replaceAll('{rows}', `w${index}`)}) AS ${name}`);
    }
  });
  return { text: `WITH ${parts.join(', ')} SELECT ${checks.join(', ')}`, values };
}
