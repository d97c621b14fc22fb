import type { Served } from './purchases.ts';

/** The orders of the mall that violations are planted in. */
export type Orders = Served & { readonly cancelled: string };

export interface Planting {
  readonly rule: string;
  readonly what: string;
  readonly plant: (orders: Orders) => readonly string[];
  /** One of the ids to look at. */
  readonly id?: (orders: Orders) => string;
  readonly says: RegExp;
}

export const where = (order: string) => `WHERE order_id = '${order}'`;
export const firstOutbox = (context: string) =>
  `(SELECT id FROM ${context}.outbox ORDER BY position LIMIT 1)`;
