import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { given, history, proveOutcomes } from '../kernel/domain/given-when-then.ts';
import { fold } from '../kernel/domain/index.ts';
import { type CustomerCommand, type CustomerEvent, customer } from './customer.ts';

const person = { name: 'John Smith', smsNumber: '555-555-1212' };
const registered: CustomerEvent = { type: 'customers.CustomerRegistered', ...person };
const disabled: CustomerEvent = { type: 'customers.CustomerDisabled' };
const enabled: CustomerEvent = { type: 'customers.CustomerEnabled' };

const situations = {
  'no customer': [],
  'an enabled customer': [registered],
  'a disabled customer': [registered, disabled],
  'a customer enabled again': [registered, disabled, enabled],
} satisfies Record<string, readonly CustomerEvent[]>;

const commands = {
  RegisterCustomer: { type: 'RegisterCustomer', ...person },
  'RegisterCustomer without name': { type: 'RegisterCustomer', name: ' ', smsNumber: '' },
  'RegisterCustomer without number': { type: 'RegisterCustomer', name: 'John Smith', smsNumber: ' ' },
  AuthorizeCustomer: { type: 'AuthorizeCustomer' },
  EnableCustomer: { type: 'EnableCustomer' },
  DisableCustomer: { type: 'DisableCustomer' },
  ChangeSmsNumber: { type: 'ChangeSmsNumber', smsNumber: '555-555-3434' },
  'ChangeSmsNumber to the same': { type: 'ChangeSmsNumber', smsNumber: '555-555-1212' },
  'ChangeSmsNumber to blank': { type: 'ChangeSmsNumber', smsNumber: '' },
} satisfies Record<string, CustomerCommand>;

const exists = 'AlreadyExists: customer with that ID already exists';

const active = {
  RegisterCustomer: exists,
  'RegisterCustomer without name': exists,
  'RegisterCustomer without number': exists,
  AuthorizeCustomer: 'customers.CustomerAuthorized',
  EnableCustomer: 'BadRequest: the customer is already enabled',
  DisableCustomer: 'customers.CustomerDisabled',
  ChangeSmsNumber: 'customers.CustomerSmsChanged',
  'ChangeSmsNumber to the same': 'nothing',
  'ChangeSmsNumber to blank': 'BadRequest: the SMS number cannot be blank',
} as const;

const inactive = {
  ...active,
  AuthorizeCustomer: 'Forbidden: customer is not authorized',
  EnableCustomer: 'customers.CustomerEnabled',
  DisableCustomer: 'BadRequest: the customer is already disabled',
} as const;

describe('every command in every situation', () => {
  proveOutcomes(customer, situations, commands, {
    // Row C3: that there is no such customer is found out before the rules are asked.
    'no customer': {
      ...inactive,
      RegisterCustomer: 'customers.CustomerRegistered',
      'RegisterCustomer without name': 'BadRequest: the customer name cannot be blank',
      'RegisterCustomer without number': 'BadRequest: the SMS number cannot be blank',
      'ChangeSmsNumber to the same': 'customers.CustomerSmsChanged',
    },
    'an enabled customer': active,
    'a disabled customer': inactive,
    'a customer enabled again': active,
  });
});

describe('what the commands leave behind', () => {
  const { state, when } = given(customer, registered);

  test('a registered customer is enabled', () => {
    given(customer).when(commands.RegisterCustomer).gives(registered);
    given(customer)
      .when(commands.RegisterCustomer)
      .leaves({ exists: true, ...person, enabled: true });
  });
  test('authorizing changes nothing', () => {
    when(commands.AuthorizeCustomer).leaves(state);
  });
  test('row C5: a disabled customer is forbidden, not unknown', () => {
    when(commands.DisableCustomer).leaves({ ...state, enabled: false });
    const other = given(customer, registered, disabled);
    other.when(commands.AuthorizeCustomer).isRefused('Forbidden: customer is not authorized');
    other.when(commands.EnableCustomer).leaves(state);
  });
  test('row C1: the SMS number can be changed, and the same one is no event', () => {
    when(commands.ChangeSmsNumber).gives({ type: 'customers.CustomerSmsChanged', smsNumber: '555-555-3434' });
    when(commands.ChangeSmsNumber).leaves({ ...state, smsNumber: '555-555-3434' });
    when(commands['ChangeSmsNumber to the same']).gives();
  });
});

describe('row C7: SMS numbers', () => {
  const change = (smsNumber: string) =>
    given(customer, registered).when({ type: 'ChangeSmsNumber', smsNumber });
  const allowed = '3 to 20 digits, with spaces, dashes, dots, parentheses or a leading +';
  const refusal = `BadRequest: the SMS number must be ${allowed}` as const;

  for (const smsNumber of ['112', '+491701234567', '(555) 555.1212', '+1 555 555 1212', '1'.repeat(20)]) {
    test(`${smsNumber} can be dialled`, () => {
      change(smsNumber).gives({ type: 'customers.CustomerSmsChanged', smsNumber });
    });
  }
  for (const smsNumber of [
    '12',
    '1'.repeat(21),
    '+',
    'call me',
    '555-CALL-NOW',
    '1+234',
    '++1234',
    '123\n456',
    '١٢٣',
  ]) {
    test(`${JSON.stringify(smsNumber)} cannot be dialled`, () => {
      change(smsNumber).isRefused(refusal);
      given(customer)
        .when({ ...commands.RegisterCustomer, smsNumber })
        .isRefused(refusal);
    });
  }
});

test('whatever is asked, the customer has the name of the registration and the last number told', () => {
  const asked = fc.array(fc.constantFrom<CustomerCommand>(...Object.values(commands)));
  fc.assert(
    fc.property(asked, (sequence) => {
      const events = history(customer, [commands.RegisterCustomer, ...sequence]);
      const numbers = events.flatMap((event) => ('smsNumber' in event ? [event.smsNumber] : []));
      const { name, smsNumber, exists: known } = fold(customer, events);
      assert.deepEqual(
        { name, smsNumber, known },
        { name: 'John Smith', smsNumber: numbers.at(-1), known: true },
      );
    }),
  );
});
