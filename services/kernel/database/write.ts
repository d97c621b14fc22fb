/** Postgres types of the columns that writes bring. */
export type ColumnType =
  | 'text'
  | 'text[]'
  | 'int'
  | 'boolean'
  | 'numeric'
  | 'jsonb'
  | 'bytea'
  | 'timestamptz';

/** Columns that a write brings, by name. */
export type WriteColumns = Readonly<Record<string, ColumnType>>;

/** What one kind of write does, whatever its rows: made once, since a commit joins the writes of the same one. */
export interface WriteStatement<Columns extends WriteColumns> {
  /** The table with its schema. */
  readonly table: string;
  /**
   * One INSERT, UPDATE or DELETE without RETURNING. It finds the rows under `{rows}`, as `r`, with their places among
   * each other as `r.n`. All writes of a commit see the same snapshot, so two must never touch the same row of it.
   */
  readonly text: string;
  readonly columns: Columns;
  /** Columns that tell the rows of the table apart: commits that touch the same row never share a statement. */
  readonly key: readonly string[];
  /** Goes before other writes, so that a repeat is known by this one and not by an id that is found taken. */
  readonly first?: true;
  /**
   * What the commit tells of it: a name and a scalar query each, which finds the written rows in `{written}` and in
   * all tables the state before. `returning` names the columns of `{written}`.
   */
  readonly tell?: { readonly returning: string; readonly scalars: Readonly<Record<string, string>> };
}

type Statement = WriteStatement<WriteColumns>;

/** One row and what is done with it. */
export interface Write {
  readonly statement: Statement;
  readonly row: Readonly<Record<string, unknown>>;
  /** The row must be touched; if it is not, the whole unit is undone as a Conflict about this. */
  readonly expect?: string;
}

/**
 * The write of one row. Values are as JSON has them: dates as they are, numerics as text, bytes through
 * {@link bytesColumn}, documents as objects.
 */
export function write<Columns extends WriteColumns>(
  statement: WriteStatement<Columns>,
  row: { readonly [Name in keyof Columns]: unknown },
): Write {
  return { statement, row };
}

/** A statement whose key columns are among those it brings. */
type Declared<Columns extends WriteColumns> = Omit<WriteStatement<Columns>, 'key'> & {
  readonly key: readonly (keyof Columns & string)[];
};

/** A statement with a text of its own. */
export function writeStatement<const Columns extends WriteColumns>(
  statement: Declared<Columns>,
): WriteStatement<Columns> {
  return statement;
}

/** A statement that adds its rows in their order; `onConflict` says what happens to one that is there already. */
export function insertion<const Columns extends WriteColumns>({
  onConflict = '',
  ...statement
}: Omit<Declared<Columns>, 'text'> & { readonly onConflict?: string }): WriteStatement<Columns> {
  const names = Object.keys(statement.columns);
  const text = `INSERT INTO ${statement.table} (${names.join(', ')})
    SELECT ${names.map((name) => `r.${name}`).join(', ')} FROM {rows} ORDER BY r.n ${onConflict}`;
  return { ...statement, text };
}

/** A statement that every context has in its own schema, made once for each. */
export function perSchema<Made>(make: (schema: string) => Made): (schema: string) => Made {
  const known = new Map<string, Made>();
  return (schema) => {
    const made = known.get(schema) ?? make(schema);
    known.set(schema, made);
    return made;
  };
}

/** Bytes as JSON can carry them to a `bytea` column. */
export function bytesColumn(bytes: Uint8Array): string {
  return `\\x${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex')}`;
}

/** What the writes of a commit told, by name. */
export type Told = Readonly<Record<string, unknown>>;

export interface CombinedStatement {
  readonly text: string;
  readonly values: unknown[];
}

/** Rows of one statement, those that must all be touched apart from the others. */
interface Part {
  readonly statement: Statement;
  readonly guarded: boolean;
  readonly rows: Write['row'][];
  readonly what: string;
}

/**
 * Combines writes into one statement: a transaction in a single round trip. Rows of the same statement go as one JSON
 * document into one parameter, so the text depends on which statements there are and never on how many rows.
 * Postgres runs each part when the final SELECT first counts its rows, and would run parts nobody reads last to
 * first. Expectations are checked inside the statement, by `<schema>.expect_rows`, so a miss rolls everything back.
 */
export function combine(schema: string, writes: readonly Write[]): CombinedStatement {
  const parts = partsOf(writes);
  const values = parts.flatMap(({ guarded, rows, what }) => {
    const json = JSON.stringify(rows);
    return guarded ? [json, rows.length, what] : [json];
  });
  return { text: textOf(schema, parts), values };
}

/** Texts by schema and the numbers of their statements: the same few come with every commit. */
const texts = new Map<string, string>();
const numbers = new WeakMap<Statement, number>();
let lastNumber = 0;

function textOf(schema: string, parts: readonly Part[]): string {
  let name = schema;
  for (const { statement, guarded } of parts) name += `${guarded ? '!' : ' '}${numberOf(statement)}`;
  const text = texts.get(name) ?? writeText(schema, parts);
  texts.set(name, text);
  return text;
}

function numberOf(statement: Statement): number {
  const number = numbers.get(statement) ?? ++lastNumber;
  numbers.set(statement, number);
  return number;
}

function writeText(schema: string, parts: readonly Part[]): string {
  const ctes: string[] = [];
  const checks: string[] = [];
  let parameters = 0;
  parts.forEach(({ statement, guarded }, index) => {
    const written = `w${index}`;
    const text = statement.text.replace('{rows}', rowSet(statement.columns, `$${++parameters}`));
    ctes.push(`${written} AS (${text} RETURNING ${statement.tell?.returning ?? 1})`);
    const count = `(SELECT count(*) FROM ${written})`;
    if (guarded)
      checks.push(`${schema}.expect_rows(${count}, $${++parameters}::int, $${++parameters}::text)`);
    else checks.push(count);
    for (const [name, scalar] of Object.entries(statement.tell?.scalars ?? {})) {
      checks.push(`(${scalar.replaceAll('{written}', written)}) AS ${name}`);
    }
  });
  return `WITH ${ctes.join(', ')} SELECT ${checks.join(', ')}`;
}

/** The same statements always in the same order, so that few texts are prepared. */
function partsOf(writes: readonly Write[]): readonly Part[] {
  const guardedParts = new Map<Statement, Part>();
  const freeParts = new Map<Statement, Part>();
  for (const { statement, row, expect } of writes) {
    const guarded = expect !== undefined;
    const parts = guarded ? guardedParts : freeParts;
    const part = parts.get(statement);
    if (part) part.rows.push(row);
    else parts.set(statement, { statement, guarded, rows: [row], what: expect ?? '' });
  }
  return [...guardedParts.values(), ...freeParts.values()].sort(inOrder);
}

/** What tells repeats first, then what must be touched, then by text. */
function inOrder(one: Part, other: Part): number {
  const firstOf = ({ statement }: Part) => Number(statement.first ?? false);
  return (
    firstOf(other) - firstOf(one) ||
    Number(other.guarded) - Number(one.guarded) ||
    (one.statement.text < other.statement.text ? -1 : 1)
  );
}

function rowSet(columns: Statement['columns'], parameter: string): string {
  const names = Object.keys(columns);
  const typed = names.map((name) => `${name} ${columns[name]}`).join(', ');
  return `ROWS FROM (json_to_recordset(${parameter}::json) AS (${typed})) WITH ORDINALITY AS r(${names.join(', ')}, n)`;
}

/** Names the row of its table that a write touches. */
export function touchedRow({ statement, row }: Write): string | undefined {
  if (statement.key.length === 0) return undefined;
  return [statement.table, ...statement.key.map((name) => String(row[name]))].join('\u0000');
}
