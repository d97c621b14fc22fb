import type { Database, Write } from '../kernel/database/index.ts';
import { type CustomerId, moneyFromDecimal, moneyToDecimal, type OrderId } from '../kernel/domain/index.ts';
import { type StateTable, type Versioned, VersionedRows } from '../kernel/eventstore/index.ts';
import type { Payment, PaymentStatus } from './payment.ts';

interface Row {
  customer_id: CustomerId;
  amount: string;
  status: PaymentStatus;
  order_id: OrderId;
  captured: string;
  version: number;
}

const changed = { status: 'text', order_id: 'text', captured: 'numeric' } as const;
/** Customer and amount stay what they were when the payment was authorized. */
const created = { customer_id: 'text', amount: 'numeric', ...changed } as const;

/** The payments, one row each; changed only at the version that was read. */
export class PaymentsTable implements StateTable<Payment> {
  readonly #table: string;
  readonly #rows: VersionedRows<typeof created, typeof changed>;

  constructor({ schema }: { schema: string }) {
    this.#table = `${schema}.payments`;
    this.#rows = new VersionedRows(this.#table, { created, changed });
  }

  async find(database: Database, id: string): Promise<Versioned<Payment> | undefined> {
    const row = await database.queryOne<Row>(
      `SELECT customer_id, amount, status, order_id, captured, version FROM ${this.#table} WHERE id = $1`,
      [id],
    );
    if (!row) return undefined;
    const { customer_id: customerId, status, order_id: orderId, version } = row;
    const [amount, captured] = [moneyFromDecimal(row.amount), moneyFromDecimal(row.captured)];
    return { state: { status, customerId, amount, orderId, captured }, version };
  }

  insert(id: string, { customerId, amount, status, orderId, captured }: Payment): Write {
    const change = { status, order_id: orderId, captured: moneyToDecimal(captured) };
    return this.#rows.insert(id, { customer_id: customerId, amount: moneyToDecimal(amount), ...change });
  }

  update(id: string, { status, orderId, captured }: Payment, expectedVersion: number, steps: number): Write {
    const change = { status, order_id: orderId, captured: moneyToDecimal(captured) };
    return this.#rows.update(id, change, expectedVersion, steps);
  }
}
