import type { Database, Write } from '../kernel/database/index.ts';
import { type StateTable, type Versioned, VersionedRows } from '../kernel/eventstore/index.ts';
import type { Customer } from './customer.ts';

interface Row {
  name: string;
  sms_number: string;
  enabled: boolean;
  version: number;
}

const columns = { name: 'text', sms_number: 'text', enabled: 'boolean' } as const;

/** The customers, one row each; changed only at the version that was read (row C4). */
export class CustomersTable implements StateTable<Customer> {
  readonly #table: string;
  readonly #rows: VersionedRows<typeof columns, typeof columns>;

  constructor({ schema }: { schema: string }) {
    this.#table = `${schema}.customers`;
    this.#rows = new VersionedRows(this.#table, { created: columns, changed: columns });
  }

  async find(database: Database, id: string): Promise<Versioned<Customer> | undefined> {
    const row = await database.queryOne<Row>(
      `SELECT name, sms_number, enabled, version FROM ${this.#table} WHERE id = $1`,
      [id],
    );
    if (!row) return undefined;
    const { name, sms_number: smsNumber, enabled, version } = row;
    return { state: { exists: true, name, smsNumber, enabled }, version };
  }

  insert(id: string, { name, smsNumber, enabled }: Customer): Write {
    return this.#rows.insert(id, { name, sms_number: smsNumber, enabled });
  }

  update(id: string, { name, smsNumber, enabled }: Customer, expectedVersion: number, steps: number): Write {
    return this.#rows.update(id, { name, sms_number: smsNumber, enabled }, expectedVersion, steps);
  }
}
