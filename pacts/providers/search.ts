import assert from 'node:assert/strict';
import { messages } from '../../proto/catalogue.ts';
import { eventually } from '../../services/kernel/testing/index.ts';
import { forgetAll, version } from '../harness/context.ts';
import { orderIn } from '../harness/orders.ts';
import type { Provider } from '../harness/provider.ts';

const { customers, ordering } = messages;

/** Orders as search finds them, told of by the contexts they come from. */
export const search: Provider = {
  context: 'search',
  contexts: ['search'],
  forget: (mall) => forgetAll(mall, 'search'),
  states: {
    'an order was placed': async (stage, about) => {
      const { mall } = stage;
      const order = orderIn(stage, about);
      const customer = { id: order.customerId, name: 'NewCustomer', smsNumber: '555-555-1212' };
      await mall.publish(customers.customerRegistered, customer, { metadata: version(1) });
      await eventually(async () =>
        assert.equal((await mall.rows('SELECT 1 FROM search.customers_cache')).length, 1),
      );
      await mall.publish(ordering.orderCreated, { ...order, shoppingId: '' }, { metadata: version(1) });
      await eventually(async () =>
        assert.equal((await mall.rest('GET', `/api/search/orders/${order.id}`)).told, '200'),
      );
    },
  },
};
