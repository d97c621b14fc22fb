import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before } from 'node:test';
import { eventually, startTestProcess, type TestProcess } from '../kernel/testing/index.ts';
import { mallModules } from '../mall.ts';
import { ForeignProgram, partOf, textOf, type WireMessage } from './foreign-wire.ts';
import { type Decoded, double, type Fields, text } from './protobuf-wire.ts';

/**
 * A mall of all contexts for one test file and a program of the original beside it: what that sends is put together
 * from documented numbers and types and has none of our additions, what we send is read by its definitions.
 */
export function wireGround() {
  const running: { mall?: TestProcess; foreign?: ForeignProgram } = {};
  before(async () => {
    running.mall = await startTestProcess(mallModules());
    running.foreign = await ForeignProgram.open(running.mall);
  });
  after(async () => {
    await running.foreign?.close();
    await running.mall?.stop();
  });
  const started = {
    get mall(): TestProcess {
      return running.mall ?? assert.fail('the mall is started before the first test');
    },
    get foreign(): ForeignProgram {
      return running.foreign ?? assert.fail('the foreign program is started before the first test');
    },
  };
  const calls = callsOf(started);
  return Object.assign(started, calls, {
    state: stateOf(started, calls),
    command: (channel: string, name: string, payload: Fields) => command(started, channel, name, payload),
  });
}

type Started = { readonly mall: TestProcess; readonly foreign: ForeignProgram };
type Calls = ReturnType<typeof callsOf>;

/** The services of the original, and what tests make with them over and over. */
function callsOf(ground: Started) {
  const service =
    (name: string) =>
    (method: string, ...request: Fields[]) =>
      ground.foreign.call(`${name}/${method}`, ...request);
  const stores = service('storespb.StoresService');
  const customers = service('customerspb.CustomersService');
  const payments = service('paymentspb.PaymentsService');
  return {
    stores,
    customers,
    payments,
    baskets: service('basketspb.BasketService'),
    depot: service('depotpb.DepotService'),
    ordering: service('orderingpb.OrderingService'),
    notifications: service('notificationspb.NotificationsService'),
    search: service('searchpb.SearchService'),
    store: () => idOf(stores('CreateStore', text(1, 'Waldorf Books'), text(2, 'the mall'))),
    product: (storeId: string, price: number) =>
      idOf(
        stores(
          'AddProduct',
          text(1, storeId),
          text(2, 'Wizard w/ crystal'),
          text(3, 'a wizard'),
          text(4, 'wizard'),
          double(5, price),
        ),
      ),
    customer: () => idOf(customers('RegisterCustomer', text(1, 'Zoë'), text(2, '555-555-1212'))),
    payment: (customerId: string, amount: number) =>
      idOf(payments('AuthorizePayment', text(1, customerId), double(2, amount))),
  };
}

/** What is stored, waited for or put there. */
function stateOf(ground: Started, { ordering }: Calls) {
  return {
    async becomes(expected: Readonly<Record<string, unknown>>, query: string, id: string): Promise<void> {
      await eventually(async () => {
        const [row] = await ground.mall.rows(query, [id]);
        assert.deepEqual(row, expected);
      });
    },
    orderIs: (orderId: string, expected: string): Promise<Decoded> =>
      eventually(async () => {
        const order = partOf(await ordering('GetOrder', text(1, orderId)), 'order');
        assert.equal(order.status, expected);
        return order;
      }),
    async listOfOrder(orderId: string): Promise<string> {
      const [row] = await ground.mall.rows('SELECT id FROM depot.shopping_lists WHERE order_id = $1', [
        orderId,
      ]);
      assert.ok(typeof row?.id === 'string', 'the order has a shopping list');
      return row.id;
    },
    storedOrder: (state: 'pending' | 'approved' = 'pending') => storeOrder(ground.mall, state),
  };
}

/** Sends a command as the original's saga does and awaits the reply on the channel it names. */
async function command(
  { mall, foreign }: Started,
  channel: string,
  name: string,
  payload: Fields,
): Promise<WireMessage> {
  const sagaId = randomUUID();
  const replyChannel = `${mall.ground.stream}.cosec.replies.${sagaId}`;
  await foreign.publish(channel, name, payload, {
    COMMAND_REPLY_CHANNEL: replyChannel,
    COMMAND_SAGA_ID: sagaId,
    COMMAND_SAGA_NAME: 'cosec.CreateOrder',
  });
  const reply = await foreign.next(`a reply to ${name}`, ({ subject }) => subject === replyChannel);
  const { REPLY_REPLY_CHANNEL, REPLY_SAGA_ID, REPLY_SAGA_NAME } = reply.metadata;
  assert.deepEqual(
    [REPLY_REPLY_CHANNEL, REPLY_SAGA_ID, REPLY_SAGA_NAME],
    [replyChannel, sagaId, 'cosec.CreateOrder'],
  );
  return reply;
}

/** The id of what was made, out of the answer that tells it. */
export async function idOf(answer: Promise<Decoded>): Promise<string> {
  const id = textOf(await answer, 'id');
  assert.notEqual(id, '');
  return id;
}

/** The one item of a stored order, as the original's documents have it. */
export const ORIGINAL_ITEM = {
  ProductID: 'product',
  StoreID: 'store',
  StoreName: 'Store',
  ProductName: 'Product',
  Price: 2.5,
  Quantity: 2,
};

/** An order as the original left it in its table: no message of it was ever published, so no saga runs. */
async function storeOrder(mall: TestProcess, state: 'pending' | 'approved'): Promise<string> {
  const id = randomUUID();
  const created = { CustomerID: 'customer', PaymentID: 'payment', ShoppingID: '', Items: [ORIGINAL_ITEM] };
  const events = [
    { name: 'ordering.OrderCreated', data: created },
    { name: 'ordering.OrderApproved', data: { ShoppingID: 'list' } },
  ].slice(0, state === 'pending' ? 1 : 2);
  for (const [index, { name, data }] of events.entries()) {
    await mall.rows(
      `INSERT INTO ordering.events (stream_id, stream_name, stream_version, event_id, event_name, event_data,
                                    occurred_at, metadata, schema_version)
       VALUES ($1, 'ordering.Order', $2, $3, $4, $5, now(), '{}', 0)`,
      [id, index + 1, randomUUID(), name, JSON.stringify(data)],
    );
  }
  return id;
}
