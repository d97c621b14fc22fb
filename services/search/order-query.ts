import type { CustomerId, Money, ProductId, StoreId } from '../kernel/domain/index.ts';
import { moneyToDecimal } from '../kernel/domain/index.ts';
import type { Position } from './cursor.ts';
import type { OrderStatus } from './order-status.ts';

/** What an order must meet to be found; what is undefined is not asked for. */
export interface OrderFilters {
  readonly customerId?: CustomerId | undefined;
  /** Created later than this. */
  readonly after?: Date | undefined;
  /** Created earlier than this. */
  readonly before?: Date | undefined;
  /** Holds an item of any of these stores. */
  readonly storeIds?: readonly StoreId[] | undefined;
  /** Holds any of these products. */
  readonly productIds?: readonly ProductId[] | undefined;
  /** Inclusive. */
  readonly minTotal?: Money | undefined;
  /** Inclusive. */
  readonly maxTotal?: Money | undefined;
  readonly status?: OrderStatus | undefined;
}

export interface OrderQuery {
  readonly filters: OrderFilters;
  /** Where the page before ended; undefined for the first. */
  readonly from: Position | undefined;
  readonly limit: number;
}

export interface Conditions {
  /** A boolean expression over the columns of `orders`, its parameters numbered from `$1`. */
  readonly text: string;
  readonly values: readonly unknown[];
}

/**
 * What a query asks of a row. Only conditions that are asked for are there: the planner then uses the index
 * that fits, and the texts, at most 512, are each prepared once.
 */
export function conditionsOf({ filters, from }: OrderQuery): Conditions {
  const parts: string[] = [];
  const values: unknown[] = [];
  const ask = (value: unknown, text: (parameter: string) => string): void => {
    if (value === undefined) return;
    values.push(value);
    parts.push(text(`$${values.length}`));
  };
  const { minTotal, maxTotal } = filters;
  ask(filters.customerId, (id) => `customer_id = ${id}`);
  ask(filters.status, (status) => `status = ${status}`);
  ask(filters.after, (time) => `created_at > ${time}::timestamptz`);
  ask(filters.before, (time) => `created_at < ${time}::timestamptz`);
  ask(filters.storeIds, (ids) => `store_ids && ${ids}::text[]`);
  ask(filters.productIds, (ids) => `product_ids && ${ids}::text[]`);
  ask(minTotal === undefined ? undefined : moneyToDecimal(minTotal), (total) => `total >= ${total}::numeric`);
  ask(maxTotal === undefined ? undefined : moneyToDecimal(maxTotal), (total) => `total <= ${total}::numeric`);
  if (from) {
    values.push(from.createdAt, from.orderId);
    const [createdAt, orderId] = [`$${values.length - 1}::timestamptz`, `$${values.length}`];
    // The first half bounds the index scan, the second settles orders of the same moment.
    parts.push(`created_at <= ${createdAt} AND (created_at < ${createdAt} OR order_id > ${orderId})`);
  }
  return { text: parts.join(' AND ') || 'true', values };
}
