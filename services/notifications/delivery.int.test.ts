import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { messages } from '../../proto/catalogue.ts';
import { newId } from '../kernel/messaging/index.ts';
import { eventually, startTestProcess, type TestProcess } from '../kernel/testing/index.ts';
import { notificationsModule } from './module.ts';
import {
  about,
  aCustomer,
  fail,
  handled,
  OrderStory,
  obstacles,
  owned,
  quickNotifications,
  sent,
  startNotifications,
} from './test-notifications.ts';

const { customerSmsChanged } = messages.customers;

let mall: TestProcess;
before(async () => {
  mall = await startNotifications(quickNotifications);
});
after(() => mall?.stop());

const story = async (smsNumber?: string) => new OrderStory(mall, await aCustomer(mall, smsNumber));
const changed = (id: string, smsNumber: string, version: number) =>
  mall.publish(customerSmsChanged, { id, smsNumber }, about(id, version));

describe('row N2: where it goes', () => {
  test('to the number the customer has changed to', async () => {
    const order = await story('555-0001');
    await handled(mall, await changed(order.customerId, '555-0002', 2));
    await order.created();
    await order.stands('created sent');
    assert.equal(order.sent[0]?.to, '555-0002');
  });
  test('to the number of the moment it is sent, not of the event', async () => {
    const order = await story('555-0001');
    obstacles.set(order.id, [
      async () => {
        await handled(mall, await changed(order.customerId, '555-0002', 2));
        fail();
      },
    ]);
    await order.created();
    await order.stands('created sent');
    assert.deepEqual(
      order.sent.map(({ to }) => to),
      ['555-0002'],
    );
  });
  test('row X10: never back to an older number', async () => {
    const order = await story('555-0001');
    await handled(mall, await changed(order.customerId, '555-0002', 2));
    await handled(mall, await changed(order.customerId, '555-0003', 3));
    await handled(mall, await changed(order.customerId, '555-0002', 2));
    await order.created();
    await order.stands('created sent');
    assert.equal(order.sent[0]?.to, '555-0003');
  });
  test('row N3: a change whose handling failed is not lost', async () => {
    const order = await story('555-0001');
    // Disabled and enabled in between, which notifications do not follow: the owner is asked, and slow.
    owned.set(order.customerId, { smsNumber: '555-0004', version: 4, silences: 2 });
    await handled(mall, await changed(order.customerId, '555-0004', 4));
    assert.equal(owned.get(order.customerId)?.silences, 0);
    await order.created();
    await order.stands('created sent');
    assert.equal(order.sent[0]?.to, '555-0004');
  });
  test('to a number the owner tells, when the customer is not known yet', async () => {
    const order = new OrderStory(mall, newId());
    owned.set(order.customerId, { smsNumber: '555-0005', version: 1, silences: 1 });
    await order.created();
    await order.stands('created sent');
    assert.equal(order.sent[0]?.to, '555-0005');
    const rows = await mall.rows('SELECT name, sms_number FROM notifications.customers_cache WHERE id = $1', [
      order.customerId,
    ]);
    assert.deepEqual(rows, [{ name: 'Ada Lovelace', sms_number: '555-0005' }]);
  });
  test('row N1: nowhere, when nobody knows the customer', async () => {
    const order = new OrderStory(mall, newId());
    await order.created();
    await order.rejected();
    await order.stands('created undeliverable', 'rejected undeliverable');
    const [first] = await order.recorded();
    assert.equal(first?.reason, 'no such customer, or one without a number');
    assert.deepEqual(order.sent, []);
  });
});

describe('row N1: a sender that fails', () => {
  test('is tried again, with the same id', async () => {
    const order = await story();
    obstacles.set(order.id, [fail, fail]);
    await order.created();
    await order.stands('created sent');
    const [row] = await order.recorded();
    assert.deepEqual(row, { kind: 'created', status: 'sent', reason: '', attempts: 3, dated: true });
    assert.equal(order.sent.length, 1);
  });
  test('holds up the later news of the order, so that they keep their order', async () => {
    const order = await story();
    obstacles.set(order.id, [fail, fail]);
    await order.created();
    await order.approved();
    await order.stands('created sent', 'approved sent');
    assert.deepEqual(
      order.sent.map(({ text }) => /received|approved/.exec(text)?.[0]),
      ['received', 'approved'],
    );
  });
  test('is given up after its attempts, with the reason; the later news go out', async () => {
    const order = await story();
    obstacles.set(order.id, [fail, fail, fail]);
    await order.created();
    await order.approved();
    await order.stands('created undeliverable', 'approved sent');
    const [row] = await order.recorded();
    const reason = 'Error: the provider is out of order';
    assert.deepEqual(row, { kind: 'created', status: 'undeliverable', reason, attempts: 3, dated: false });
  });
  test('does not hold up other orders', async () => {
    const [stuck, other] = [await story(), await story()];
    const { promise, resolve } = Promise.withResolvers<void>();
    obstacles.set(stuck.id, [fail, () => promise]);
    await stuck.created();
    await other.created();
    // Goes out with the second attempt at the stuck one at the latest, and does not wait for a third.
    await other.stands('created sent').finally(resolve);
    await stuck.stands('created sent');
  });
});

test('several replicas send each notification once', async () => {
  const beside = await startTestProcess([quickNotifications], {
    beside: mall,
    services: { CUSTOMERS: mall.grpcAddress },
  });
  try {
    const customerId = await aCustomer(mall);
    const stories = Array.from({ length: 60 }, () => new OrderStory(mall, customerId));
    await Promise.all(stories.flatMap((each) => [each.created(), each.canceled()]));
    const count =
      "SELECT count(*)::int FROM notifications.notifications WHERE customer_id = $1 AND status = 'sent'";
    await eventually(async () => assert.deepEqual(await mall.rows(count, [customerId]), [{ count: 120 }]));
    for (const story of stories) assert.equal(story.sent.length, 2);
  } finally {
    await beside.stop();
  }
  assert.equal(new Set(sent.map(({ id }) => id)).size, sent.length);
});

test('what a process left unsent is sent by the next one', async () => {
  const ground = await startNotifications();
  const services = { CUSTOMERS: ground.grpcAddress };
  try {
    const order = new OrderStory(ground, newId());
    owned.set(order.customerId, { smsNumber: '555-0006', version: 1 });
    const failing = notificationsModule({
      sender: { send: async () => fail() },
      limits: { retryDelaysMs: [100] },
    });
    const first = await startTestProcess([failing], { beside: ground, services });
    await order.created();
    await order.stands('created pending').finally(first.stop);
    const second = await startTestProcess([quickNotifications], { beside: ground, services });
    await order.stands('created sent').finally(second.stop);
    assert.equal(order.sent[0]?.to, '555-0006');
  } finally {
    await ground.stop();
  }
});

test('what a crashed process had taken is sent again when its time is over', async () => {
  const order = await story();
  await mall.rows(
    `INSERT INTO notifications.notifications (id, order_id, customer_id, kind, text, attempts, due_at)
     VALUES ($1, $2, $3, 'ready', $4, 1, now() + interval '100 ms')`,
    [newId(), order.id, order.customerId, `Your order ${order.id} is ready for pickup.`],
  );
  await order.stands('ready sent');
  const [row] = await order.recorded();
  assert.equal(row?.attempts, 2);
});
