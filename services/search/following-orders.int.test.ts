import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { messages } from '../../proto/catalogue.ts';
import { OrderingServiceService, type Order as OwnedOrder } from '../../proto/gen/ordering/api.ts';
import { SearchServiceService } from '../../proto/gen/search/api.ts';
import { DeadlineExceeded, NotFound } from '../kernel/domain/index.ts';
import { newId } from '../kernel/messaging/index.ts';
import { rpcService } from '../kernel/rpc/index.ts';
import {
  eventually,
  refusalOf,
  standIn,
  startTestProcess,
  type TestProcess,
} from '../kernel/testing/index.ts';
import { searchModule } from './module.ts';
import { about, bread, handled, OrderStory } from './test-orders.ts';

const { ordering } = messages;
const { getOrder } = SearchServiceService;

/** Orders as ordering would tell them, and how often it leaves the question unanswered first. */
const owned = new Map<string, Partial<OwnedOrder>>();
const silent = new Map<string, number>();

const askedOfOrdering = rpcService(
  { getOrder: OrderingServiceService.getOrder },
  {
    getOrder: async ({ id }) => {
      const times = silent.get(id) ?? 0;
      silent.set(id, times - 1);
      if (times > 0) throw new DeadlineExceeded('ordering is slow today');
      const order = owned.get(id);
      if (!order) throw new NotFound('order with that ID does not exist');
      return { order: { ...blank, id, ...order } };
    },
  },
);
const blank: OwnedOrder = {
  id: '',
  customerId: '',
  paymentId: '',
  items: [],
  status: '',
  invoiceId: '',
  shoppingId: '',
  total: 0,
  version: 0,
};

let mall: TestProcess;
before(async () => {
  mall = await startTestProcess([searchModule, standIn('ordering', askedOfOrdering)], {
    limits: { redeliveryDelaysMs: [20, 20, 20] },
    // Neither has anything to say here; an unknown customer is shown by its id.
    services: {},
  });
});
after(() => mall?.stop());

/** A story whose customer is known, so that nobody need be asked for the name. */
async function story(order: ConstructorParameters<typeof OrderStory>[1] = {}): Promise<OrderStory> {
  const told = new OrderStory(mall, order);
  const { customerId } = told.order;
  const customer = { id: customerId, name: 'Ada Lovelace', smsNumber: '555-1212' };
  await handled(mall, await mall.publish(messages.customers.customerRegistered, customer, about(customerId, 1)));
  return told;
}

async function parked(messageId: string): Promise<string> {
  return eventually(async () => {
    const letters = await mall.rows('SELECT reason FROM search.dead_letters WHERE message_id = $1', [
      messageId,
    ]);
    assert.equal(letters.length, 1);
    return String(letters[0]?.reason);
  });
}
