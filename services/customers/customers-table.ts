import type { Database, Write } from '../kernel/database/index.ts';
import type { StateTable, Versioned } from '../kernel/eventstore/index.ts';
import type { Customer } from './customer.ts';

interface Row {
  name: string;
  sms_number: string;
  enabled: boolean;
  version: number;
}

/** The customers, one row each; changed only at the version that was read (row C4). */
export class CustomersTable implements StateTable<Customer> {
  readonly #table: string;

  constructor({ schema }: { schema: string }) {
    this.#table = `${schema}.customers`;
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
    return {
      text: `INSERT INTO ${this.#table} (id, name, sms_number, enabled, version) VALUES ($1, $2, $3, $4, 1)`,
      values: [id, name, smsNumber, enabled],
    };
  }

  update(id: string, { name, smsNumber, enabled }: Customer, expectedVersion: number, steps: number): Write {
    return {
      text: `UPDATE ${this.#table}
             SET name = $3, sms_number = $4, enabled = $5, version = version + $6, updated_at = now()
             WHERE id = $1 AND version = $2`,
      values: [id, expectedVersion, name, smsNumber, enabled, steps],
    };
  }
}
