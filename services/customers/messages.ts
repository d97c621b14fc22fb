import { consumerGroups, messages } from '../../proto/catalogue.ts';
import type { UnitOfWork } from '../kernel/database/index.ts';
import { type CustomerId, id } from '../kernel/domain/index.ts';
import type { Recorded } from '../kernel/eventstore/index.ts';
import {
  type Outbox,
  onCommand,
  type Publication,
  publication,
  type SubscribedGroup,
  subscribe,
} from '../kernel/messaging/index.ts';
import type { CustomersApplication } from './application.ts';
import type { Customer, CustomerEvent } from './customer.ts';

const { customers } = messages;

/** Tells the other contexts what happened to a customer. */
export function publishCustomerEvent(outbox: Outbox) {
  return (recorded: Recorded<Customer, CustomerEvent>, unit: UnitOfWork): void => {
    const { aggregateId, event, occurredAt, version } = recorded;
    const message = customerMessage(aggregateId, event);
    const subject = { name: 'customers.CustomerAggregate', id: aggregateId, version };
    if (message) outbox.event(unit, message, { id: recorded.id, subject, occurredAt });
  };
}

function customerMessage(id: string, event: CustomerEvent): Publication<unknown> | undefined {
  switch (event.type) {
    case 'customers.CustomerRegistered':
      return publication(customers.customerRegistered, { id, name: event.name, smsNumber: event.smsNumber });
    case 'customers.CustomerSmsChanged':
      return publication(customers.customerSmsChanged, { id, smsNumber: event.smsNumber });
    case 'customers.CustomerEnabled':
      return publication(customers.customerEnabled, { id });
    case 'customers.CustomerDisabled':
      return publication(customers.customerDisabled, { id });
    case 'customers.CustomerAuthorized':
      return undefined;
  }
}

/** What customers handle: the saga asks whether a customer may order. */
export function customersSubscriptions(
  app: CustomersApplication,
  outbox: Outbox,
): readonly SubscribedGroup[] {
  return [
    subscribe(
      consumerGroups.customerCommands,
      onCommand(outbox, customers.authorizeCustomer, async ({ payload }) => {
        await app.authorizeCustomer(id<CustomerId>(payload.id));
        return undefined;
      }),
    ),
  ];
}
