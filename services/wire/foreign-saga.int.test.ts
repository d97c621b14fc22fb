import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { cosecModule } from '../cosec/module.ts';
import { eventually, startTestProcess, type TestProcess } from '../kernel/testing/index.ts';
import { ForeignProgram } from './foreign-wire.ts';
import { bytes, decodeOriginal, double, type Fields, int, text } from './protobuf-wire.ts';

describe('a saga among contexts of the original', () => {
  let alone: TestProcess;
  let others: ForeignProgram;

  before(async () => {
    alone = await startTestProcess([cosecModule()]);
    others = await ForeignProgram.open(alone);
  });
  after(async () => {
    await others?.close();
    await alone?.stop();
  });

  async function begun(): Promise<string> {
    const id = randomUUID();
    const item = [...text(1, 'product-id'), ...text(2, 'store-id'), ...double(3, 9.99), ...int(4, 2)];
    const payload = [...text(1, id), ...text(2, 'customer-id'), ...text(3, 'payment-id'), ...bytes(5, item)];
    await others.publish('ordering.events.Order', 'ordersapi.OrderCreated', payload);
    return id;
  }

  /** Answers a command as the original does: outcome, and every header of the command under its new name. */
  async function answer(orderId: string, name: string, outcome: string, reply = '', payload: Fields = []) {
    const { metadata, payload: asked } = await others.next(
      name,
      (message) => message.name === name && message.metadata.COMMAND_SAGA_ID === orderId,
    );
    const copies = Object.entries(metadata)
      .filter(([key]) => key.startsWith('COMMAND_') && key !== 'COMMAND_NAME')
      .map(([key, value]) => [key.replace('COMMAND_', 'REPLY_'), value] as const);
    const channel = metadata.COMMAND_REPLY_CHANNEL ?? assert.fail('the command says where to reply');
    const headers = { ...Object.fromEntries(copies), REPLY_OUTCOME: outcome };
    const generic = outcome === 'SUCCESS' ? 'am.Success' : 'am.Failure';
    await others.publish(channel.replace(`${alone.ground.stream}.`, ''), reply || generic, payload, headers);
    return asked;
  }

  async function sagaIs(orderId: string, expected: string): Promise<void> {
    await eventually(async () => {
      const [row] = await alone.rows('SELECT status FROM cosec.sagas WHERE id = $1', [orderId]);
      assert.equal(row?.status, expected);
    });
  }

  const LIST_REPLY = 'depotapi.CreatedShoppingListReply';

  test('every step is answered: approved', async () => {
    const id = await begun();
    await answer(id, 'customersapi.AuthorizeCustomer', 'SUCCESS');
    await answer(id, 'depotapi.CreateShoppingListCommand', 'SUCCESS', LIST_REPLY, text(1, 'list-id'));
    await answer(id, 'paymentsapi.ConfirmPayment', 'SUCCESS');
    await answer(id, 'depotapi.InitiateShoppingCommand', 'SUCCESS');
    const approve = await answer(id, 'ordersapi.ApproveOrder', 'SUCCESS');
    const asked = decodeOriginal('orderingpb.ApproveOrder', approve);
    assert.deepEqual(asked, { id, shopping_id: 'list-id' });
    await sagaIs(id, 'completed');
  });

  test('a list that failed is answered by the list reply all the same: rejected', async () => {
    const id = await begun();
    await answer(id, 'customersapi.AuthorizeCustomer', 'SUCCESS');
    await answer(id, 'depotapi.CreateShoppingListCommand', 'FAILURE', LIST_REPLY);
    await answer(id, 'ordersapi.RejectOrder', 'SUCCESS');
    await sagaIs(id, 'compensated');
  });

  test('a generic failure: rejected', async () => {
    const id = await begun();
    await answer(id, 'customersapi.AuthorizeCustomer', 'FAILURE');
    await answer(id, 'ordersapi.RejectOrder', 'SUCCESS');
    await sagaIs(id, 'compensated');
  });
});
