import { type Causation, type Database, inUnitOfWork, type UnitOfWork } from '../kernel/database/index.ts';
import { Conflict, id, type OrderId } from '../kernel/domain/index.ts';
import { EventSourced, type Reaction, type Versioned } from '../kernel/eventstore/index.ts';
import { mintId } from '../kernel/messaging/index.ts';
import { type CreateOrder, type Order, type OrderCommand, type OrderEvent, order } from './order.ts';
import { storedOrder } from './stored-order.ts';

/** The life of orders: made at a checkout, approved or rejected by the saga, readied, completed. */
export class OrderingApplication {
  readonly #database: Database;
  readonly #orders;

  /** @param react tells the other contexts about each event */
  constructor({ database, react }: { database: Database; react: Reaction<Order, OrderEvent> }) {
    this.#database = database;
    this.#orders = new EventSourced({
      database,
      decider: order,
      codec: storedOrder,
      notFound: 'order with that ID does not exist',
      react,
    });
  }

  async createOrder(details: Omit<CreateOrder, 'type'>, causation: Causation): Promise<OrderId> {
    const orderId = id<OrderId>(mintId(causation));
    await inUnitOfWork(this.#database, causation, (unit) =>
      this.#orders.create(unit, orderId, { type: 'CreateOrder', ...details }),
    );
    return orderId;
  }

  /** Makes the order of a basket, under the basket's id; one that is there already is this one (row O14). */
  async createFromBasket(
    unit: UnitOfWork,
    orderId: OrderId,
    details: Omit<CreateOrder, 'type'>,
  ): Promise<void> {
    if (await this.#orders.find(orderId)) return;
    await this.#orders.create(unit, orderId, { type: 'CreateOrder', ...details });
  }

  /** @throws NotFound */
  async getOrder(orderId: OrderId): Promise<Versioned<Order>> {
    return this.#orders.load(orderId);
  }

  /** Does to an existing order what the command says, as part of a message's unit of work. @throws NotFound */
  async execute(unit: UnitOfWork, orderId: OrderId, command: OrderCommand): Promise<void> {
    await this.#orders.execute(unit, orderId, command);
  }

  /**
   * Readies an order whose shopping is done. A bot may be done before the saga has told ordering of the approval:
   * then it is too early, and the message comes again. @throws Conflict, NotFound
   */
  async readyAfterShopping(unit: UnitOfWork, orderId: OrderId): Promise<void> {
    const current = await this.#orders.load(orderId);
    if (current.state.status === 'pending') throw new Conflict('the order is not approved yet');
    this.#orders.record(unit, orderId, current, { type: 'ReadyOrder' });
  }

  /** As {@link execute}, in a unit of work of its own. @throws NotFound */
  async changeOrder(orderId: OrderId, command: OrderCommand, causation: Causation): Promise<void> {
    await inUnitOfWork(this.#database, causation, (unit) => this.execute(unit, orderId, command));
  }
}
