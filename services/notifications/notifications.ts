import { type Database, insertion, type Write, write } from '../kernel/database/index.ts';
import type { CustomerId, OrderId } from '../kernel/domain/index.ts';
import { derivedId } from '../kernel/messaging/index.ts';
import { type OrderNews, textOf } from './notification.ts';

/** A notification to be sent now. */
export interface DueNotification {
  readonly id: string;
  readonly orderId: OrderId;
  readonly customerId: CustomerId;
  readonly text: string;
  /** Attempts including this one. */
  readonly attempts: number;
  /**
   * The customer's number as the cache knows it at this moment; undefined when it does not know the customer.
   */
  readonly smsNumber: string | undefined;
}

/** What became of an attempt. */
export interface DeliveryOutcome {
  readonly id: string;
  readonly status: 'sent' | 'pending' | 'undeliverable';
  readonly reason: string;
  /** When a pending one is to be tried again, from now. */
  readonly againInMs?: number;
}

interface Row {
  id: string;
  order_id: OrderId;
  customer_id: CustomerId;
  text: string;
  attempts: number;
  sms_number: string | null;
}

const addTo = (table: string) =>
  insertion({
    table,
    columns: { id: 'text', order_id: 'text', customer_id: 'text', kind: 'text', text: 'text' },
    key: ['order_id', 'kind'],
    onConflict: 'ON CONFLICT (order_id, kind) DO NOTHING',
  });

/** All notifications, sent or to be sent: one for each order and kind (row N1). */
export class Notifications {
  readonly #database: Database;
  readonly #add: ReturnType<typeof addTo>;

  constructor(database: Database) {
    this.#database = database;
    this.#add = addTo(`${database.schema}.notifications`);
  }

  /** Records what is to be told; what was recorded before stays as it is. */
  add(news: OrderNews): Write {
    const { orderId, customerId, kind } = news;
    const id = derivedId('notification', orderId, kind);
    return write(this.#add, { id, order_id: orderId, customer_id: customerId, kind, text: textOf(news) });
  }

  /**
   * Takes what is due, the longest due first, for a while, so that no other replica sends it too. News of one
   * order wait for those recorded before them: nobody reads that an order is ready before it was received.
   */
  async take(batch: number, leaseMs: number): Promise<readonly DueNotification[]> {
    const { schema } = this.#database;
    const rows = await this.#database.query<Row>(
      `WITH due AS MATERIALIZED (
         SELECT n.id, n.customer_id FROM ${schema}.notifications n
         WHERE n.status = 'pending' AND n.due_at <= now() AND NOT EXISTS (
           SELECT FROM ${schema}.notifications earlier
           WHERE earlier.order_id = n.order_id AND earlier.status = 'pending'
             AND earlier.position < n.position)
         ORDER BY n.due_at, n.position LIMIT $1 FOR UPDATE OF n SKIP LOCKED)
       UPDATE ${schema}.notifications n
       SET attempts = n.attempts + 1, due_at = now() + interval '1 ms' * $2, updated_at = now()
       FROM due LEFT JOIN ${schema}.customers_cache c ON c.id = due.customer_id
       WHERE n.id = due.id
       RETURNING n.id, n.order_id, n.customer_id, n.text, n.attempts, c.sms_number`,
      [batch, leaseMs],
    );
    return rows.map(({ order_id, customer_id, sms_number, ...row }) => ({
      ...row,
      orderId: order_id,
      customerId: customer_id,
      smsNumber: sms_number ?? undefined,
    }));
  }

  /** Records what became of attempts. */
  async settle(outcomes: readonly DeliveryOutcome[]): Promise<void> {
    await this.#database.query(
      `UPDATE ${this.#database.schema}.notifications n
       SET status = o.status, reason = o.reason, updated_at = now(),
           due_at = now() + interval '1 ms' * o.again_in_ms,
           sent_at = CASE WHEN o.status = 'sent' THEN now() END
       FROM unnest($1::text[], $2::text[], $3::text[], $4::float8[]) AS o(id, status, reason, again_in_ms)
       WHERE n.id = o.id AND n.status = 'pending'`,
      [
        outcomes.map(({ id }) => id),
        outcomes.map(({ status }) => status),
        outcomes.map(({ reason }) => reason),
        outcomes.map(({ againInMs }) => againInMs ?? 0),
      ],
    );
  }
}
