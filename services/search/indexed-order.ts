import {
  type CustomerId,
  type Money,
  type OrderId,
  type ProductId,
  type StoreId,
  sum,
  times,
} from '../kernel/domain/index.ts';
import type { OrderStatus } from './order-status.ts';

/** An item under the names that store and product had when the order was made. */
export interface OrderItem {
  readonly productId: ProductId;
  readonly storeId: StoreId;
  readonly productName: string;
  readonly storeName: string;
  readonly price: Money;
  readonly quantity: number;
}

/** How far an order has come, and the version of the order that says so. */
export interface Standing {
  readonly status: OrderStatus;
  readonly version: number;
}

/** An order as search shows it. */
export interface IndexedOrder extends Standing {
  readonly orderId: OrderId;
  readonly customerId: CustomerId;
  readonly customerName: string;
  readonly items: readonly OrderItem[];
  readonly total: Money;
  readonly createdAt: Date;
}

/** The exact price of all the items. */
export function totalOf(items: readonly OrderItem[]): Money {
  return sum(items.map(({ price, quantity }) => times(price, quantity)));
}
