import { type Customer as CustomerMessage, CustomersServiceService } from '../../proto/gen/customers/api.ts';
import type { CustomerId } from '../kernel/domain/index.ts';
import type { Versioned } from '../kernel/eventstore/index.ts';
import { type Call, idField, mustOwn, nameField, rpcService } from '../kernel/rpc/index.ts';
import { customersAccess } from './access.ts';
import type { CustomersApplication } from './application.ts';
import type { Customer } from './customer.ts';

/** The customers' gRPC service: requests in, use cases, responses out. */
export function customersService(app: CustomersApplication) {
  return rpcService(
    CustomersServiceService,
    {
      registerCustomer: async (request, { causation }) => {
        const name = nameField('the customer name', request.name);
        const smsNumber = nameField('the SMS number', request.smsNumber);
        return { id: await app.registerCustomer({ name, smsNumber }, causation) };
      },
      authorizeCustomer: async (request) => {
        await app.authorizeCustomer(customerId(request.id));
        return {};
      },
      getCustomer: async (request, call) => {
        const id = ownCustomer(request.id, call);
        return { customer: customerMessage(id, await app.getCustomer(id)) };
      },
      enableCustomer: async (request, { causation }) => {
        await app.changeCustomer(customerId(request.id), { type: 'EnableCustomer' }, causation);
        return {};
      },
      disableCustomer: async (request, { causation }) => {
        await app.changeCustomer(customerId(request.id), { type: 'DisableCustomer' }, causation);
        return {};
      },
      changeSmsNumber: async (request, call) => {
        const id = ownCustomer(request.id, call);
        const smsNumber = nameField('the SMS number', request.smsNumber);
        await app.changeCustomer(id, { type: 'ChangeSmsNumber', smsNumber }, call.causation);
        return {};
      },
    },
    customersAccess,
  );
}

function ownCustomer(text: string, { caller }: Call): CustomerId {
  const id = customerId(text);
  mustOwn(caller, id);
  return id;
}

function customerId(text: string): CustomerId {
  return idField<CustomerId>('the customer id', text);
}

function customerMessage(id: CustomerId, { state, version }: Versioned<Customer>): CustomerMessage {
  const { name, smsNumber, enabled } = state;
  return { id, name, smsNumber, enabled, version };
}
