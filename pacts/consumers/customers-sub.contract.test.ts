import { after, test } from 'node:test';
import { consumerGroups, messages } from '../../proto/catalogue.ts';
import { answerTo, commandHeaders } from '../harness/commands.ts';
import { startContexts } from '../harness/context.ts';
import { MessageContracts } from '../harness/message-consumer.ts';
import { anOrder } from '../harness/orders.ts';

/* What customers read of the saga's command. */
const mall = await startContexts('customers');
after(() => mall.stop());

const ofCosec = new MessageContracts(mall, consumerGroups.customerCommands, 'cosec');

test('AuthorizeCustomer: the customer is looked up, and the saga told', () =>
  ofCosec.receives(
    messages.customers.authorizeCustomer,
    {
      given: [['an order was created', anOrder]],
      payload: { id: 'customer-id' },
      headers: commandHeaders,
    },
    async (publish) => {
      await mall.rows(
        `INSERT INTO customers.customers (id, name, sms_number, enabled, version)
         VALUES ('customer-id', 'NewCustomer', '555-555-1212', true, 1)`,
      );
      await answerTo(mall, publish, messages.am.success);
    },
  ));
