import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { messages } from '../../proto/catalogue.ts';
import { CustomersServiceService } from '../../proto/gen/customers/api.ts';
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

/** Orders as ordering would tell them; `silences` is how often it leaves the question unanswered first. */
const owned = new Map<string, Partial<OwnedOrder> & { silences?: number }>();

const asOrdering = rpcService(
  { getOrder: OrderingServiceService.getOrder },
  {
    getOrder: async ({ id }) => {
      const { silences = 0, ...order } = owned.get(id) ?? {};
      if (silences > 0) {
        owned.set(id, { ...order, silences: silences - 1 });
        throw new DeadlineExceeded('ordering is slow today');
      }
      if (!owned.has(id)) throw new NotFound('order with that ID does not exist');
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

const asCustomers = rpcService(
  { getCustomer: CustomersServiceService.getCustomer },
  {
    getCustomer: async ({ id }) => ({
      customer: { id, name: 'Ada Lovelace', smsNumber: '', enabled: true, version: 1 },
    }),
  },
);

let mall: TestProcess;
before(async () => {
  const around = [standIn('ordering', asOrdering), standIn('customers', asCustomers)];
  mall = await startTestProcess([searchModule, ...around], { limits: { redeliveryDelaysMs: [20, 20, 20] } });
});
after(() => mall?.stop());

const story = (order: ConstructorParameters<typeof OrderStory>[1] = {}) => new OrderStory(mall, order);

describe('a created order', () => {
  test('rows S2, S4, S5: is shown with its names, its total and the time of its event', async () => {
    const cheese = { ...bread, productId: 'cheese', productName: 'Gouda', price: 0.1, quantity: 1 };
    const order = story({ items: [bread, cheese] });
    const messageId = await order.created();
    const shown = await order.shows('New');
    const [event] = mall.published(ordering.orderCreated, (_, { id }) => id === messageId);
    assert.ok(event?.occurredAt);
    assert.deepEqual(shown, {
      orderId: order.id,
      customerId: order.order.customerId,
      customerName: 'Ada Lovelace',
      items: [bread, cheese].map((item) => ({ ...item, quantity: BigInt(item.quantity) })),
      total: 9.4,
      status: 'New',
      createdAt: event.occurredAt,
    });
  });
  test('row S15: is told over REST as the original names it', async () => {
    const order = story();
    await order.created();
    const shown = await order.shows('New');
    assert.deepEqual((await mall.rest('GET', `/api/search/orders/${order.id}`)).body, {
      order: {
        orderId: order.id,
        customerId: order.order.customerId,
        customerName: 'Ada Lovelace',
        items: [{ ...bread, quantity: '3' }],
        total: 9.3,
        status: 'New',
        createdAt: shown.createdAt?.toISOString(),
      },
    });
  });
  test('lies in the table as the original keeps it', async () => {
    const butter = { ...bread, productId: 'butter' };
    const order = story({ items: [bread, bread, butter, { ...bread, storeId: 'dairy' }] });
    await order.created();
    await order.shows('New');
    const [row] = await mall.rows(
      'SELECT items->0 AS item, total, product_ids, store_ids FROM search.orders WHERE order_id = $1',
      [order.id],
    );
    assert.deepEqual(row, {
      item: {
        ProductID: 'bread',
        StoreID: 'bakery',
        ProductName: 'Rye Bread',
        StoreName: 'The Bakery',
        Price: 3.1,
        Quantity: 3,
      },
      total: '37.2000',
      product_ids: ['bread', 'butter'],
      store_ids: ['bakery', 'dairy'],
    });
  });
  test('row S2: an unknown one is not found', async () => {
    assert.equal(
      (await mall.rest('GET', '/api/search/orders/nowhere')).told,
      '404 order with that ID does not exist',
    );
    const call = mall.call(SearchServiceService.getOrder, { id: 'x'.repeat(129) });
    assert.equal(await refusalOf(call), 'BAD_REQUEST: the order id is longer than 128 characters');
  });
});

describe('row S9: how far an order has come', () => {
  test('to its completion', async () => {
    const order = story();
    await order.created();
    await order.shows('New');
    await order.approved(about(order.id, 2));
    await order.shows('Approved');
    await order.readied(about(order.id, 3));
    await order.shows('Ready For Pickup');
    await order.completed(about(order.id, 4));
    await order.shows('Completed');
  });
  test('to its rejection', async () => {
    const order = story();
    await order.created();
    await order.rejected(about(order.id, 2));
    await order.shows('Rejected');
  });
  test('to its cancellation', async () => {
    const order = story();
    await order.created();
    await order.canceled(about(order.id, 2));
    await order.shows('Canceled');
  });
});

describe('row X10: events that are late or come again', () => {
  for (const [sender, version] of [
    ['the mall, which tells versions', (id: string, number: number) => about(id, number)],
    ['a foreign sender, which does not', () => ({})],
  ] as const) {
    test(`of ${sender}: an overtaken step changes nothing`, async () => {
      const order = story();
      await handled(mall, await order.created(version(order.id, 1)));
      await handled(mall, await order.completed(version(order.id, 4)));
      await handled(mall, await order.approved(version(order.id, 2)));
      await handled(mall, await order.readied(version(order.id, 3)));
      assert.equal((await order.shown())?.status, 'Completed');
    });
    test(`of ${sender}: a repeat under another id changes nothing`, async () => {
      const order = story();
      await handled(mall, await order.created(version(order.id, 1)));
      await handled(mall, await order.approved(version(order.id, 2)));
      const before = await order.shown();
      await handled(mall, await order.created(version(order.id, 1)));
      await handled(mall, await order.approved(version(order.id, 2)));
      assert.deepEqual(await order.shown(), before);
    });
  }
  test('a repeat under the same id is handled once', async () => {
    const order = story();
    const id = newId();
    await order.created({ ...about(order.id, 1), id });
    await order.created({ ...about(order.id, 1), id });
    await order.approved(about(order.id, 2));
    await order.shows('Approved');
    const rows = await mall.rows('SELECT consumer FROM search.inbox WHERE id = $1', [id]);
    assert.deepEqual(rows, [{ consumer: 'search-orders' }]);
  });
});

describe('row S10: a step of an order whose creation has not been seen', () => {
  const ownedItem = { ...bread, storeName: 'The Bakery', productName: 'Rye Bread' };

  test('has ordering asked, and the creation that comes later puts the date right', async () => {
    const order = story();
    const { customerId } = order.order;
    owned.set(order.id, { customerId, items: [ownedItem], status: 'pending', version: 1 });
    const approval = await order.approved(about(order.id, 2));
    const early = await order.shows('Approved');
    const [approved] = mall.published(ordering.orderApproved, (_, { id }) => id === approval);
    assert.deepEqual(early.createdAt, approved?.occurredAt);
    assert.equal(early.customerName, 'Ada Lovelace');
    assert.equal(early.total, 9.3);
    // Here the creation is published last; in the mall it is always the older event.
    const later = "UPDATE search.orders SET created_at = now() + interval '1 h' WHERE order_id = $1";
    await mall.rows(later, [order.id]);
    await handled(mall, await order.created());
    const [created] = mall.published(ordering.orderCreated, ({ id }) => id === order.id);
    assert.deepEqual(await order.shown(), { ...early, createdAt: created?.occurredAt });
  });
  test('shows what ordering tells when that is later', async () => {
    const order = story();
    owned.set(order.id, { items: [ownedItem], status: 'completed', version: 4 });
    await order.approved(about(order.id, 2));
    await order.shows('Completed');
    await handled(mall, await order.readied(about(order.id, 3)));
    assert.equal((await order.shown())?.status, 'Completed');
  });
  test('takes the status for the version when ordering tells none', async () => {
    const order = story();
    owned.set(order.id, { items: [ownedItem], status: 'ready' });
    await order.approved({});
    await order.shows('Ready For Pickup');
    await order.completed({});
    await order.shows('Completed');
  });
  test('comes again when ordering does not answer', async () => {
    const order = story();
    owned.set(order.id, { items: [ownedItem], status: 'approved', version: 2, silences: 2 });
    await order.approved(about(order.id, 2));
    await order.shows('Approved');
  });
  test('is parked when ordering does not know the order either', async () => {
    const order = story();
    const reason = 'MallError: order with that ID does not exist';
    assert.equal(await parkedFor(await order.readied(about(order.id, 3))), reason);
    const elsewhere = story();
    owned.set(elsewhere.id, {});
    assert.equal(
      await parkedFor(await elsewhere.readied(about(elsewhere.id, 3))),
      'NotFound: order with that ID does not exist',
    );
    assert.equal(await elsewhere.shown().catch(() => undefined), undefined);
  });
  test('is parked when ordering tells a status nobody knows', async () => {
    const order = story();
    owned.set(order.id, { status: 'lost' });
    const reason = 'FailedPrecondition: ordering tells a status unknown to search: lost';
    assert.equal(await parkedFor(await order.readied(about(order.id, 3))), reason);
  });
});

/** Why a message was parked. */
async function parkedFor(messageId: string): Promise<unknown> {
  return eventually(async () => {
    const letters = await mall.rows('SELECT reason FROM search.dead_letters WHERE message_id = $1', [
      messageId,
    ]);
    assert.equal(letters.length, 1);
    return letters[0]?.reason;
  });
}
