import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { NotificationsServiceService as rpc } from '../../proto/gen/notifications/api.ts';
import { eventually, refusalOf, type TestProcess } from '../kernel/testing/index.ts';
import {
  aCustomer,
  handled,
  OrderStory,
  quickNotifications,
  startNotifications,
} from './test-notifications.ts';

let mall: TestProcess;
before(async () => {
  mall = await startNotifications(quickNotifications);
});
after(() => mall?.stop());

const story = async (smsNumber?: string) => new OrderStory(mall, await aCustomer(mall, smsNumber));

describe('rows N1, N4: a customer is told', () => {
  for (const [turn, kind, text] of [
    ['created', 'created', (id: string) => `We have received your order ${id}.`],
    ['approved', 'approved', (id: string) => `Your order ${id} is approved. We are collecting it for you.`],
    ['rejected', 'rejected', (id: string) => `We are sorry: your order ${id} was rejected: no credit.`],
    ['canceled', 'canceled', (id: string) => `Your order ${id} is canceled.`],
    ['readied', 'ready', (id: string) => `Your order ${id} is ready for pickup.`],
    ['completed', 'completed', (id: string) => `Your order ${id} is paid and completed. Thank you!`],
  ] as const) {
    test(`that the order is ${turn}`, async () => {
      const order = await story('555-0042');
      await order[turn]();
      await order.stands(`${kind} sent`);
      assert.deepEqual(
        order.sent.map((each) => [each.to, each.text]),
        [['555-0042', text(order.id)]],
      );
      const once = { kind, status: 'sent', reason: '', attempts: 1, dated: true };
      assert.deepEqual(await order.recorded(), [once]);
    });
  }
  test('of all turns, in their order', async () => {
    const order = await story();
    await order.created();
    await order.approved();
    await order.readied();
    await order.completed();
    await order.stands('created sent', 'approved sent', 'ready sent', 'completed sent');
    assert.deepEqual(
      order.sent.map(({ text }) => /received|approved|ready|completed/.exec(text)?.[0]),
      ['received', 'approved', 'ready', 'completed'],
    );
  });
  test('and it is counted', async () => {
    const { body } = await mall.rest('GET', '/metrics');
    const [, count] = /^notifications_sent_count (\d+)$/m.exec(String(body)) ?? [];
    assert.ok(Number(count) >= 1);
  });
});

describe('row N1: once per order and kind', () => {
  test('however often the event comes, under the same id or another, and whoever asks', async () => {
    const order = await story();
    const first = await order.created();
    await order.created(first);
    await handled(mall, await order.created());
    await mall.call(rpc.notifyOrderCreated, { orderId: order.id, customerId: order.customerId });
    await order.approved();
    await order.stands('created sent', 'approved sent');
    assert.equal(order.sent.length, 2);
  });
  test('also when everybody asks at once', async () => {
    const order = await story();
    const request = { orderId: order.id, customerId: order.customerId };
    await Promise.all(Array.from({ length: 20 }, () => mall.call(rpc.notifyOrderReady, request)));
    await order.stands('ready sent');
    assert.equal(order.sent.length, 1);
  });
});

describe('row N1: by gRPC', () => {
  for (const [method, kind] of [
    [rpc.notifyOrderCreated, 'created'],
    [rpc.notifyOrderCanceled, 'canceled'],
    [rpc.notifyOrderReady, 'ready'],
  ] as const) {
    const name = method.path.split('/').at(-1);
    test(`${name} tells the customer, once`, async () => {
      const order = await story();
      const request = { orderId: order.id, customerId: order.customerId };
      await mall.call(method, request);
      await mall.call(method, request);
      await order.stands(`${kind} sent`);
      assert.equal(order.sent.length, 1);
    });
    test(`row X13: ${name} wants to know whom it is about`, async () => {
      const refusal = (orderId: string, customerId: string) =>
        refusalOf(mall.call(method, { orderId, customerId }));
      assert.equal(await refusal(' ', 'ada'), 'BAD_REQUEST: the order id cannot be blank');
      assert.equal(await refusal('4711', ''), 'BAD_REQUEST: the customer id cannot be blank');
      const endless = 'BAD_REQUEST: the order id is longer than 128 characters';
      assert.equal(await refusal('x'.repeat(129), 'ada'), endless);
    });
  }
});

test('an event that names no customer is parked', async () => {
  const order = new OrderStory(mall, '');
  const messageId = await order.canceled();
  await eventually(async () => {
    const letters = await mall.rows('SELECT reason FROM notifications.dead_letters WHERE message_id = $1', [
      messageId,
    ]);
    assert.deepEqual(letters, [{ reason: 'BadRequest: the customer id cannot be blank' }]);
  });
  assert.deepEqual(await order.recorded(), []);
});

test('row N5: nothing waits in an outbox', async () => {
  assert.deepEqual(await mall.rows('SELECT name FROM notifications.outbox'), []);
});
