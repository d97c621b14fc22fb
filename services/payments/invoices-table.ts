import type { Database, Lookup, Write } from '../kernel/database/index.ts';
import {
  type InvoiceId,
  moneyFromDecimal,
  moneyToDecimal,
  type OrderId,
  type PaymentId,
} from '../kernel/domain/index.ts';
import { type StateTable, type Versioned, VersionedRows } from '../kernel/eventstore/index.ts';
import type { Invoice, InvoiceStatus } from './invoice.ts';

/** An invoice with the id it is found under. */
export interface KnownInvoice extends Versioned<Invoice> {
  readonly id: InvoiceId;
}

interface Row {
  id: InvoiceId;
  order_id: OrderId;
  payment_id: PaymentId;
  amount: string;
  status: InvoiceStatus;
  version: number;
}

const COLUMNS = 'id, order_id, payment_id, amount, status, version';

const changed = { amount: 'numeric', status: 'text' } as const;
/** Order and payment stay what they were at the creation. */
const created = { order_id: 'text', payment_id: 'text', ...changed } as const;

/** The invoices, one row each, one per order (row P14); changed only at the version that was read (row P11). */
export class InvoicesTable implements StateTable<Invoice> {
  readonly #byId: Lookup<Row>;
  readonly #byOrder: Lookup<Row>;
  readonly #rows: VersionedRows<typeof created, typeof changed>;

  constructor(database: Database) {
    const table = `${database.schema}.invoices`;
    this.#byId = database.lookup({ table, columns: COLUMNS, key: 'id' });
    this.#byOrder = database.lookup({ table, columns: COLUMNS, key: 'order_id' });
    this.#rows = new VersionedRows(table, { created, changed });
  }

  async find(id: string): Promise<KnownInvoice | undefined> {
    const [row] = await this.#byId(id);
    return row && toInvoice(row);
  }

  async findByOrder(orderId: OrderId): Promise<KnownInvoice | undefined> {
    const [row] = await this.#byOrder(orderId);
    return row && toInvoice(row);
  }

  insert(id: string, { orderId, paymentId, amount, status }: Invoice): Write {
    const change = { amount: moneyToDecimal(amount), status };
    return this.#rows.insert(id, { order_id: orderId, payment_id: paymentId, ...change });
  }

  update(id: string, { amount, status }: Invoice, expectedVersion: number, steps: number): Write {
    return this.#rows.update(id, { amount: moneyToDecimal(amount), status }, expectedVersion, steps);
  }
}

function toInvoice({ id, order_id, payment_id, amount, status, version }: Row): KnownInvoice {
  const state = { status, orderId: order_id, paymentId: payment_id, amount: moneyFromDecimal(amount) };
  return { id, state, version };
}
