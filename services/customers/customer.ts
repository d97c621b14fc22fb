import { AlreadyExists, BadRequest, type Decider, Forbidden, isBlank } from '../kernel/domain/index.ts';

/** Somebody known to the mall. A disabled customer may not order. */
export interface Customer {
  readonly exists: boolean;
  readonly name: string;
  readonly smsNumber: string;
  readonly enabled: boolean;
}

export type CustomerCommand =
  | { readonly type: 'RegisterCustomer'; readonly name: string; readonly smsNumber: string }
  /** Asks whether the customer may order; changes nothing. */
  | { readonly type: 'AuthorizeCustomer' }
  | { readonly type: 'EnableCustomer' }
  | { readonly type: 'DisableCustomer' }
  | { readonly type: 'ChangeSmsNumber'; readonly smsNumber: string };

export type CustomerEvent =
  | { readonly type: 'customers.CustomerRegistered'; readonly name: string; readonly smsNumber: string }
  | { readonly type: 'customers.CustomerAuthorized' }
  | { readonly type: 'customers.CustomerEnabled' }
  | { readonly type: 'customers.CustomerDisabled' }
  | { readonly type: 'customers.CustomerSmsChanged'; readonly smsNumber: string };

export const customer: Decider<Customer, CustomerCommand, CustomerEvent> = {
  initial: { exists: false, name: '', smsNumber: '', enabled: false },
  decide,
  evolve,
};

function decide(command: CustomerCommand, state: Customer): readonly CustomerEvent[] {
  switch (command.type) {
    case 'RegisterCustomer': {
      const { name, smsNumber } = command;
      if (state.exists) throw new AlreadyExists('customer with that ID already exists');
      if (isBlank(name)) throw new BadRequest('the customer name cannot be blank');
      checkSmsNumber(smsNumber);
      return [{ type: 'customers.CustomerRegistered', name, smsNumber }];
    }
    case 'AuthorizeCustomer':
      // The customer is known but may not; who is asking is not in doubt (row C5).
      if (!state.enabled) throw new Forbidden('customer is not authorized');
      return [{ type: 'customers.CustomerAuthorized' }];
    case 'EnableCustomer':
      if (state.enabled) throw new BadRequest('the customer is already enabled');
      return [{ type: 'customers.CustomerEnabled' }];
    case 'DisableCustomer':
      if (!state.enabled) throw new BadRequest('the customer is already disabled');
      return [{ type: 'customers.CustomerDisabled' }];
    case 'ChangeSmsNumber': {
      const { smsNumber } = command;
      checkSmsNumber(smsNumber);
      // The number it has already is no news (row C1).
      return smsNumber === state.smsNumber ? [] : [{ type: 'customers.CustomerSmsChanged', smsNumber }];
    }
  }
}

/** People write numbers in many ways, such as `555-555-1212`; refused is what cannot be dialled (row C7). */
function checkSmsNumber(smsNumber: string): void {
  if (isBlank(smsNumber)) throw new BadRequest('the SMS number cannot be blank');
  const digits = smsNumber.replace(/\D/g, '').length;
  if (!/^\+?[\d ().-]+$/.test(smsNumber) || digits < 3 || digits > 20) {
    throw new BadRequest(
      'the SMS number must be 3 to 20 digits, with spaces, dashes, dots, parentheses or a leading +',
    );
  }
}

function evolve(state: Customer, event: CustomerEvent): Customer {
  switch (event.type) {
    case 'customers.CustomerRegistered':
      return { exists: true, name: event.name, smsNumber: event.smsNumber, enabled: true };
    case 'customers.CustomerAuthorized':
      return state;
    case 'customers.CustomerEnabled':
      return { ...state, enabled: true };
    case 'customers.CustomerDisabled':
      return { ...state, enabled: false };
    case 'customers.CustomerSmsChanged':
      return { ...state, smsNumber: event.smsNumber };
  }
}
