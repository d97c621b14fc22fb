import { insertion, type Write, type WriteColumns, type WriteStatement, write } from '../database/index.ts';

type Row<Of extends WriteColumns> = { readonly [Name in keyof Of]: unknown };

const described = { id: 'text', version: 'int' } as const;

/** Writes to a table of `id`, `version` and other columns, whose rows change only at the version that was read. */
export class VersionedRows<const Created extends WriteColumns, const Changed extends WriteColumns> {
  readonly #insert: WriteStatement<WriteColumns>;
  readonly #update: WriteStatement<WriteColumns>;

  /** @param columns those a row is made with, and those of them that change later */
  constructor(table: string, columns: { readonly created: Created; readonly changed: Changed }) {
    this.#insert = insertion({ table, columns: { ...described, ...columns.created }, key: ['id'] });
    const changes = Object.keys(columns.changed).map((name) => `${name} = r.${name}`);
    this.#update = {
      table,
      columns: { ...described, expected: 'int', ...columns.changed },
      key: ['id'],
      text: `UPDATE ${table} AS t SET ${changes.join(', ')}, version = r.version, updated_at = now()
             FROM {rows} WHERE t.id = r.id AND t.version = r.expected`,
    };
  }

  /** Makes the row, at version 1. */
  insert(id: string, row: Row<Created>): Write {
    return write(this.#insert, { id, version: 1, ...row });
  }

  /** Changes the row at `expected` and raises its version by `steps`; at any other version the unit is a Conflict. */
  update(id: string, row: Row<Changed>, expected: number, steps: number): Write {
    const change = write(this.#update, { id, version: expected + steps, expected, ...row });
    return { ...change, expect: `${id} at version ${expected}` };
  }
}
