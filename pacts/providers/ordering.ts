import assert from 'node:assert/strict';
import { messages } from '../../proto/catalogue.ts';
import { eventually } from '../../services/kernel/testing/index.ts';
import { sentCommand } from '../harness/commands.ts';
import { orderIn } from '../harness/orders.ts';
import type { Provider } from '../harness/provider.ts';
import type { Stage } from '../harness/stage.ts';

const { baskets, depot, payments } = messages;

/** Orders, moved by the messages that other contexts send. */
export const ordering: Provider = {
  context: 'ordering',
  contexts: ['ordering'],
  states: {
    'an order was created': async (stage, about) => {
      const order = orderIn(stage, about);
      await stage.mall.publish(baskets.basketCheckedOut, order);
      await orderIs(stage, order.id, 'pending');
    },
    'the order was approved': async (stage, about) => {
      const order = { id: stage.id(about.text('id')), shoppingId: stage.id(about.text('shoppingId')) };
      assert.equal((await stage.mall.command(messages.ordering.approveOrder, order)).told, 'SUCCESS');
    },
    'the order was rejected': async (stage, about) => {
      const order = { id: stage.id(about.text('id')), reason: about.text('reason') };
      assert.equal((await stage.mall.command(messages.ordering.rejectOrder, order)).told, 'SUCCESS');
    },
    'the order was cancelled': async (stage, about) => {
      const answer = await stage.mall.rest('DELETE', `/api/ordering/${stage.id(about.text('id'))}`);
      assert.equal(answer.told, '200');
    },
    'the order was readied': async (stage, about) => {
      const orderId = stage.id(about.text('id'));
      await stage.mall.publish(depot.shoppingListCompleted, { id: stage.id('list-id'), orderId });
      await orderIs(stage, orderId, 'ready');
    },
    'the order was completed': async (stage, about) => {
      const orderId = stage.id(about.text('id'));
      await stage.mall.publish(payments.invoicePaid, { id: stage.id(about.text('invoiceId')), orderId });
      await orderIs(stage, orderId, 'completed');
    },
    'the saga asked to approve the order': (stage, about) =>
      stage.mall.publish(
        messages.ordering.approveOrder,
        { id: stage.id(about.text('id')), shoppingId: stage.id(about.text('shoppingId')) },
        { metadata: sentCommand(stage, about) },
      ),
  },
};

async function orderIs(stage: Stage, id: string, status: string): Promise<void> {
  await eventually(async () => {
    const { body } = await stage.mall.rest('GET', `/api/ordering/${id}`);
    assert.partialDeepStrictEqual(body, { order: { status } });
  });
}
