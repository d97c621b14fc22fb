import { type Causation, type Database, inUnitOfWork } from '../kernel/database/index.ts';
import { type CustomerId, id } from '../kernel/domain/index.ts';
import { type Reaction, StateStored, type Versioned } from '../kernel/eventstore/index.ts';
import { mintId } from '../kernel/messaging/index.ts';
import type { Metrics } from '../kernel/telemetry/index.ts';
import { type Customer, type CustomerCommand, type CustomerEvent, customer } from './customer.ts';
import { CustomersTable } from './customers-table.ts';

export interface CustomersOptions {
  readonly database: Database;
  readonly metrics: Metrics;
  /** Tells the other contexts about each event. */
  readonly publish: Reaction<Customer, CustomerEvent>;
}

/** The registry of customers: who they are and whether they may order. */
export class CustomersApplication {
  readonly #database: Database;
  readonly #customers;

  constructor({ database, metrics, publish }: CustomersOptions) {
    this.#database = database;
    const registered = metrics.counter('customers_registered_count', 'Customers registered');
    this.#customers = new StateStored({
      decider: customer,
      table: new CustomersTable(database),
      notFound: 'customer with that ID does not exist',
      react: (recorded, unit) => {
        publish(recorded, unit);
        if (recorded.event.type === 'customers.CustomerRegistered') unit.afterCommit(() => registered.inc());
      },
    });
  }

  async registerCustomer(
    details: { name: string; smsNumber: string },
    causation: Causation,
  ): Promise<CustomerId> {
    const customerId = id<CustomerId>(mintId(causation));
    await inUnitOfWork(this.#database, causation, (unit) =>
      this.#customers.create(unit, customerId, { type: 'RegisterCustomer', ...details }),
    );
    return customerId;
  }

  /** @throws NotFound (row C3) */
  async getCustomer(customerId: CustomerId): Promise<Versioned<Customer>> {
    return this.#customers.load(customerId);
  }

  /**
   * Asks whether the customer may order. The rules answer and nothing is recorded: a customer's orders would
   * otherwise race for the customer's version. @throws NotFound, Forbidden
   */
  async authorizeCustomer(customerId: CustomerId): Promise<void> {
    const { state } = await this.#customers.load(customerId);
    customer.decide({ type: 'AuthorizeCustomer' }, state);
  }

  /** Does to an existing customer what the command says. @throws NotFound */
  async changeCustomer(
    customerId: CustomerId,
    command: Exclude<CustomerCommand, { type: 'RegisterCustomer' | 'AuthorizeCustomer' }>,
    causation: Causation,
  ): Promise<void> {
    await inUnitOfWork(this.#database, causation, (unit) =>
      this.#customers.execute(unit, customerId, command),
    );
  }
}
