import type { Database, Lookup, Write } from '../kernel/database/index.ts';
import { type StateTable, type Versioned, VersionedRows } from '../kernel/eventstore/index.ts';
import type { Customer } from './customer.ts';

interface Row {
  id: string;
  name: string;
  sms_number: string;
  enabled: boolean;
  version: number;
}

const columns = { name: 'text', sms_number: 'text', enabled: 'boolean' } as const;

/** The customers, one row each; changed only at the version that was read (row C4). */
export class CustomersTable implements StateTable<Customer> {
  readonly #byId: Lookup<Row>;
  readonly #rows: VersionedRows<typeof columns, typeof columns>;

  constructor(database: Database) {
    const table = `${database.schema}.customers`;
    this.#byId = database.lookup({ table, columns: 'id, name, sms_number, enabled, version', key: 'id' });
    this.#rows = new VersionedRows(table, { created: columns, changed: columns });
  }

  async find(id: string): Promise<Versioned<Customer> | undefined> {
    const [row] = await this.#byId(id);
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
