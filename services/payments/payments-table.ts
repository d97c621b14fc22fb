import type { Database, Lookup, Write } from '../kernel/database/index.ts';
import { type CustomerId, moneyFromDecimal, moneyToDecimal, type OrderId } from '../kernel/domain/index.ts';
import { type StateTable, type Versioned, VersionedRows } from '../kernel/eventstore/index.ts';
import type { Payment, PaymentStatus } from './payment.ts';

interface Row {
  id: string;
  customer_id: CustomerId;
  amount: string;
  status: PaymentStatus;
  order_id: OrderId;
  captured: string;
  version: number;
}

const COLUMNS = 'id, customer_id, amount, status, order_id, captured, version';

const changed = { status: 'text', order_id: 'text', captured: 'numeric' } as const;
/** Customer and amount stay what they were when the payment was authorized. */
const created = { customer_id: 'text', amount: 'numeric', ...changed } as const;

/** The payments, one row each; changed only at the version that was read. */
export class PaymentsTable implements StateTable<Payment> {
  readonly #byId: Lookup<Row>;
  readonly #rows: VersionedRows<typeof created, typeof changed>;

  constructor(database: Database) {
    const table = `${database.schema}.payments`;
    this.#byId = database.lookup({ table, columns: COLUMNS, key: 'id' });
    this.#rows = new VersionedRows(table, { created, changed });
  }

  async find(id: string): Promise<Versioned<Payment> | undefined> {
    const [row] = await this.#byId(id);
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
