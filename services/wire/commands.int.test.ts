import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, test } from 'node:test';
import type { WireMessage } from './foreign-wire.ts';
import { bytes, decodeOriginal, double, int, text } from './protobuf-wire.ts';
import { wireGround } from './wire-ground.ts';

const ground = wireGround();
const { store, product, customer, payment } = ground;
const { becomes, orderIs, listOfOrder, storedOrder } = ground.state;
const command = ground.command;

/** Name and outcome of a reply, the latter from the only place where the original looks for it. */
const told = ({ name, metadata }: WireMessage) => `${name} ${metadata.REPLY_OUTCOME}`;

describe('commands of the original', () => {
  test('AuthorizeCustomer', async () => {
    const authorize = (id: string) =>
      command('customers.commands', 'customersapi.AuthorizeCustomer', text(1, id));
    assert.equal(told(await authorize(await customer())), 'am.Success SUCCESS');
    const refused = await authorize('nobody');
    assert.equal(told(refused), 'am.Failure FAILURE');
    assert.equal(refused.payload.length, 0);
  });

  test('CreateShoppingListCommand, InitiateShoppingCommand and CancelShoppingListCommand', async () => {
    const storeId = await store();
    const orderId = randomUUID();
    const item = [...text(1, await product(storeId, 1)), ...text(2, storeId), ...int(3, 2)];
    const create = [...text(1, orderId), ...bytes(2, item)];
    const made = await command('depot.commands', 'depotapi.CreateShoppingListCommand', create);
    assert.equal(told(made), 'depotapi.CreatedShoppingListReply SUCCESS');
    const { id } = decodeOriginal('depotpb.CreatedShoppingList', made.payload);
    const listId = await listOfOrder(orderId);
    assert.equal(id, listId);
    const standing = 'SELECT status FROM depot.shopping_lists WHERE id = $1';
    const initiated = await command('depot.commands', 'depotapi.InitiateShoppingCommand', text(1, listId));
    assert.equal(told(initiated), 'am.Success SUCCESS');
    await becomes({ status: 'available' }, standing, listId);
    const canceled = await command('depot.commands', 'depotapi.CancelShoppingListCommand', text(1, listId));
    assert.equal(told(canceled), 'am.Success SUCCESS');
    await becomes({ status: 'canceled' }, standing, listId);
  });

  test('refused commands of the depot', async () => {
    const unknown = [...text(1, randomUUID()), ...text(2, 'no store'), ...int(3, 2)];
    const create = [...text(1, randomUUID()), ...bytes(2, unknown)];
    const failed = await command('depot.commands', 'depotapi.CreateShoppingListCommand', create);
    assert.equal(failed.metadata.REPLY_OUTCOME, 'FAILURE');
    const canceled = await command('depot.commands', 'depotapi.CancelShoppingListCommand', text(1, 'none'));
    assert.equal(told(canceled), 'am.Failure FAILURE');
  });

  test('ApproveOrder and RejectOrder', async () => {
    const approved = await storedOrder();
    const approve = [...text(1, approved), ...text(2, 'list')];
    assert.equal(
      told(await command('ordering.commands', 'ordersapi.ApproveOrder', approve)),
      'am.Success SUCCESS',
    );
    await orderIs(approved, 'approved');
    const rejected = await storedOrder();
    const reject = text(1, rejected);
    assert.equal(
      told(await command('ordering.commands', 'ordersapi.RejectOrder', reject)),
      'am.Success SUCCESS',
    );
    await orderIs(rejected, 'rejected');
    assert.equal(
      told(await command('ordering.commands', 'ordersapi.RejectOrder', text(1, 'none'))),
      'am.Failure FAILURE',
    );
  });

  test('ConfirmPayment, which names neither order nor customer', async () => {
    const paymentId = await payment(await customer(), 10);
    const confirm = (id: string, amount: number) =>
      command('payments.commands', 'paymentsapi.ConfirmPayment', [...text(1, id), ...double(2, amount)]);
    assert.equal(told(await confirm(paymentId, 10)), 'am.Success SUCCESS');
    assert.equal(told(await confirm(paymentId, 10.01)), 'am.Failure FAILURE');
    assert.equal(told(await confirm('none', 1)), 'am.Failure FAILURE');
  });
});
