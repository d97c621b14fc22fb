import type { Database, Write } from '../kernel/database/index.ts';
import { type CustomerId, moneyFromDecimal, moneyToDecimal, type OrderId } from '../kernel/domain/index.ts';
import type { StateTable, Versioned } from '../kernel/eventstore/index.ts';
import type { Payment, PaymentStatus } from './payment.ts';

interface Row {
  customer_id: CustomerId;
  amount: string;
  status: PaymentStatus;
  order_id: OrderId;
  captured: string;
  version: number;
}

/** The payments, one row each; changed only at the version that was read. */
export class PaymentsTable implements StateTable<Payment> {
  readonly #table: string;

  constructor({ schema }: { schema: string }) {
    this.#table = `${schema}.payments`;
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
    return {
      text: `INSERT INTO ${this.#table} (id, customer_id, amount, status, order_id, captured, version)
             VALUES ($1, $2, $3, $4, $5, $6, 1)`,
      values: [id, customerId, moneyToDecimal(amount), status, orderId, moneyToDecimal(captured)],
    };
  }

  /** Customer and amount stay what they were when the payment was authorized. */
  update(id: string, { status, orderId, captured }: Payment, expectedVersion: number, steps: number): Write {
    return {
      text: `UPDATE ${this.#table}
             SET status = $3, order_id = $4, captured = $5, version = version + $6, updated_at = now()
             WHERE id = $1 AND version = $2`,
      values: [id, expectedVersion, status, orderId, moneyToDecimal(captured), steps],
    };
  }
}
