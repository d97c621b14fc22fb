import type { Causation, Database, UnitOfWork } from '../kernel/database/index.ts';
import type { CustomerId, OrderId } from '../kernel/domain/index.ts';
import type { RpcChannels } from '../kernel/rpc/index.ts';
import { type IndexedOrder, type OrderItem, type Standing, totalOf } from './indexed-order.ts';
import type { Names } from './names.ts';
import type { OrderQuery } from './order-query.ts';
import { orderOfOrdering } from './ordering-orders.ts';
import { Orders } from './orders.ts';

/** An order as its creation tells it; names may be blank. */
export interface CreatedOrder {
  readonly orderId: OrderId;
  readonly customerId: CustomerId;
  readonly items: readonly OrderItem[];
  readonly createdAt: Date;
}

/** A step in an order's life. */
export interface OrderMove extends Standing {
  readonly orderId: OrderId;
  readonly occurredAt: Date;
}

/** The use cases of search: following orders, and finding them. */
export class SearchApplication {
  readonly orders: Orders;
  readonly #names: Names;
  readonly #channels: RpcChannels;

  constructor({ database, names, channels }: { database: Database; names: Names; channels: RpcChannels }) {
    this.orders = new Orders(database);
    this.#names = names;
    this.#channels = channels;
  }

  search(query: OrderQuery): Promise<{ orders: IndexedOrder[]; next: string }> {
    return this.orders.search(query);
  }

  /**
   * Shows a new order, under the names of this moment: what is renamed later stays as it was ordered (row
   * S11).
   */
  async orderCreated(unit: UnitOfWork, order: CreatedOrder, standing: Standing): Promise<void> {
    const named = await this.#named(order, unit.causation);
    unit.add(this.orders.put({ ...named, total: totalOf(order.items), ...standing }));
  }

  /**
   * Shows how far an order has come. One whose creation has not been seen is fetched from ordering (row S10),
   * dated by this step until its creation comes.
   * @throws NotFound when ordering does not know it either: the message is parked for somebody to look at
   */
  async orderMoved(unit: UnitOfWork, { orderId, occurredAt, ...moved }: OrderMove): Promise<void> {
    if (await this.orders.has(orderId)) {
      unit.add(this.orders.move(orderId, moved));
      return;
    }
    const owned = await orderOfOrdering(this.#channels, orderId, unit.causation);
    const { customerId, items } = owned;
    const { status, version } = owned.version > moved.version ? owned : moved;
    await this.orderCreated(unit, { orderId, customerId, items, createdAt: occurredAt }, { status, version });
  }

  async #named(
    order: CreatedOrder,
    causation: Causation,
  ): Promise<CreatedOrder & Pick<IndexedOrder, 'customerName'>> {
    const [customerName, items] = await Promise.all([
      this.#names.customer(order.customerId, causation),
      Promise.all(order.items.map((item) => this.#namedItem(item, causation))),
    ]);
    return { ...order, customerName, items };
  }

  /**
   * The names the order was made with count; only a sender that leaves them out has them looked up (row O12).
   */
  async #namedItem(item: OrderItem, causation: Causation): Promise<OrderItem> {
    const [productName, storeName] = await Promise.all([
      item.productName || this.#names.product(item.productId, causation),
      item.storeName || this.#names.store(item.storeId, causation),
    ]);
    return { ...item, productName, storeName };
  }
}
