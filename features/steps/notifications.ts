import assert from 'node:assert/strict';
import { Then, When } from '@cucumber/cucumber';
import { NotificationsServiceService } from '../../proto/gen/notifications/api.ts';
import type { MallWorld } from '../world/world.ts';
import { askOverGrpc } from './grpc.ts';

interface Told {
  readonly kind: unknown;
  readonly status: unknown;
  readonly text: unknown;
  readonly customer: unknown;
}

async function told(world: MallWorld): Promise<readonly Told[]> {
  const rows = await world.inside.rows(
    `SELECT kind, status, text, customer_id AS customer FROM notifications.notifications
     WHERE order_id = $1 ORDER BY position`,
    [world.memory.order.id],
  );
  return rows.map(({ kind, status, text, customer }) => ({ kind, status, text, customer }));
}

/** All that was told so far, each once and in this order, and the sender has it. */
Then('I have been told, once each: {string}', async function (this: MallWorld, kinds: string) {
  const { id, customerId } = this.memory.order;
  const news = await this.until<readonly Told[]>(
    `the customer of order ${id} to have been told ${kinds}`,
    async () => {
      const seen = await told(this);
      const sent = seen.filter(({ status }) => status === 'sent').map(({ kind }) => kind);
      return sent.join(', ') === kinds ? { got: seen } : { saw: `told: ${sent.join(', ') || 'nothing'}` };
    },
  );
  assert.deepEqual(
    news.map(({ customer }) => customer),
    news.map(() => customerId),
  );
});

Then(
  'the news that it is {word} reads {string}',
  async function (this: MallWorld, kind: string, text: string) {
    const news = (await told(this)).find((each) => each.kind === kind);
    assert.equal(news?.text, text.replace('<order>', this.memory.order.id));
  },
);

Then('no news names me or my number', async function (this: MallWorld) {
  const texts = (await told(this)).map(({ text }) => String(text)).join('\n');
  assert.notEqual(texts, '');
  assert.doesNotMatch(texts, /555|Customer/);
});

Then(
  'the news that it is {word} cannot be delivered: {string}',
  async function (this: MallWorld, kind: string, reason: string) {
    const { id } = this.memory.order;
    await this.until(`the news that order ${id} is ${kind} to be given up`, async () => {
      const row = await this.inside.row(
        'SELECT status, reason FROM notifications.notifications WHERE order_id = $1 AND kind = $2',
        [id, kind],
      );
      const seen = `${row?.status}: ${row?.reason}`;
      return row?.status === 'undeliverable' && String(row.reason).includes(reason)
        ? { got: row }
        : { saw: row === undefined ? 'there is none' : `it is ${seen}` };
    });
  },
);

const methods = {
  created: NotificationsServiceService.notifyOrderCreated,
  canceled: NotificationsServiceService.notifyOrderCanceled,
  ready: NotificationsServiceService.notifyOrderReady,
} as const;

When(
  /^somebody has me told that my order is (created|canceled|ready)$/,
  async function (this: MallWorld, kind: keyof typeof methods) {
    const { id: orderId, customerId } = this.memory.order;
    await askOverGrpc(this, 'notify', methods[kind], { orderId, customerId });
  },
);

When(
  /^somebody is told that the order "([^"]*)" of "([^"]*)" is (created|canceled|ready)$/,
  async function (this: MallWorld, orderId: string, customerId: string, kind: keyof typeof methods) {
    const order = { id: this.names.of(orderId), customerId, paymentId: '', sentAt: performance.now() };
    this.memory.order = order;
    await askOverGrpc(this, 'notify', methods[kind], { orderId: order.id, customerId });
  },
);
