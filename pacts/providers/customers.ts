import assert from 'node:assert/strict';
import { messages } from '../../proto/catalogue.ts';
import { sentCommand } from '../harness/commands.ts';
import type { About, Provider } from '../harness/provider.ts';
import type { Stage } from '../harness/stage.ts';

/** Customers, by their REST door, and their answers to the saga. */
export const customers: Provider = {
  context: 'customers',
  contexts: ['customers'],
  states: {
    'a customer was registered': async (stage, about) => {
      const customer = { name: about.text('name'), smsNumber: about.text('smsNumber') };
      stage.call(about.text('id'), await stage.mall.created('/api/customers', customer));
    },
    'the customer has a new number': (stage, about) =>
      change(stage, about, 'change-sms', { smsNumber: about.text('smsNumber') }),
    'the customer was disabled': (stage, about) => change(stage, about, 'disable', {}),
    'the customer was enabled': (stage, about) => change(stage, about, 'enable', {}),
    'the saga asked to authorize the customer': (stage, about) =>
      stage.mall.publish(
        messages.customers.authorizeCustomer,
        { id: stage.id(about.text('id')) },
        { metadata: sentCommand(stage, about) },
      ),
  },
};

async function change(stage: Stage, about: About, what: string, body: unknown): Promise<void> {
  const answer = await stage.mall.rest('PUT', `/api/customers/${stage.id(about.text('id'))}/${what}`, body);
  assert.equal(answer.told, '200', what);
}
