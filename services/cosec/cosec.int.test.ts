import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type CommandDefinition, messages, metadataKeys } from '../../proto/catalogue.ts';
import { newId } from '../kernel/messaging/index.ts';
import {
  eventually,
  type RecordedMessage,
  startTestProcess,
  type TestProcess,
} from '../kernel/testing/index.ts';
import { cosecModule } from './module.ts';

/*
 * Cosec alone: the test plays the contexts that are commanded, so that every answer is its to give.
 */
const { am, customers, depot, ordering, payments } = messages;

let mall: TestProcess;

before(async () => {
  mall = await startTestProcess([cosecModule()]);
});
after(() => mall?.stop());

const items = [
  { productId: 'p', storeId: 's', price: 9.99, quantity: 2, storeName: '', productName: '' },
  { productId: 'q', storeId: 's', price: 0.01, quantity: 1, storeName: '', productName: '' },
];

async function createOrder(id = newId()): Promise<string> {
  await mall.publish(ordering.orderCreated, {
    id,
    customerId: 'customer',
    paymentId: 'payment',
    shoppingId: '',
    items,
  });
  return id;
}

type Command<Payload> = RecordedMessage & { readonly content: Payload };

/** The command of this saga, once it is sent. */
function sent<Payload>(definition: CommandDefinition<Payload>, orderId: string): Promise<Command<Payload>> {
  return mall.nextMessage(
    definition,
    (_payload, message) => message.metadata[metadataKeys.commandSagaId] === orderId,
  );
}

/** Answers as the commanded context does: COMMAND_* headers come back as REPLY_*. */
async function answer(
  command: RecordedMessage,
  outcome: 'SUCCESS' | 'FAILURE',
  extra: { listId?: string; text?: string } = {},
): Promise<void> {
  const headers = Object.entries(command.metadata).flatMap(([key, value]) =>
    key.startsWith('COMMAND_') ? [[key.replace('COMMAND_', 'REPLY_'), value]] : [],
  );
  const metadata = {
    ...Object.fromEntries(headers),
    [metadataKeys.replyOutcome]: outcome,
    ...(extra.text && { [metadataKeys.replyErrorMessage]: extra.text }),
  };
  if (extra.listId) await mall.reply(depot.createdShoppingListReply, { id: extra.listId }, metadata);
  else await mall.reply(outcome === 'SUCCESS' ? am.success : am.failure, {}, metadata);
}

/** Answers every step with success up to and with the one named. */
async function succeedThrough(orderId: string, last: 'customer' | 'list' | 'payment' | 'shopping') {
  await answer(await sent(customers.authorizeCustomer, orderId), 'SUCCESS');
  if (last === 'customer') return;
  await answer(await sent(depot.createShoppingListCommand, orderId), 'SUCCESS', { listId: 'list' });
  if (last === 'list') return;
  await answer(await sent(payments.confirmPayment, orderId), 'SUCCESS');
  if (last === 'payment') return;
  await answer(await sent(depot.initiateShoppingCommand, orderId), 'SUCCESS');
}

async function sagaOf(orderId: string): Promise<Record<string, unknown> | undefined> {
  const [row] = await mall.rows('SELECT status, step, reason, data FROM cosec.sagas WHERE id = $1', [
    orderId,
  ]);
  return row;
}

async function ends(orderId: string, status: string): Promise<Record<string, unknown>> {
  return eventually(async () => {
    const row = await sagaOf(orderId);
    assert.ok(row);
    assert.equal(row.status, status);
    return row;
  });
}

test('a created order is walked through all steps to its approval', async () => {
  const id = await createOrder();
  const authorize = await sent(customers.authorizeCustomer, id);
  assert.equal(authorize.subject, `${mall.ground.stream}.customers.commands`);
  assert.equal(authorize.content.id, 'customer');
  assert.equal(
    authorize.metadata[metadataKeys.commandReplyChannel],
    `${mall.ground.stream}.cosec.replies.CreateOrder`,
  );
  assert.equal(authorize.metadata[metadataKeys.commandSagaName], 'cosec.CreateOrder');
  await succeedThrough(id, 'shopping');
  const list = await sent(depot.createShoppingListCommand, id);
  assert.deepEqual(list.content, {
    orderId: id,
    items: items.map(({ productId, storeId, quantity }) => ({ productId, storeId, quantity })),
  });
  const confirm = await sent(payments.confirmPayment, id);
  assert.deepEqual(confirm.content, { id: 'payment', amount: 19.99, orderId: id, customerId: 'customer' });
  const approve = await sent(ordering.approveOrder, id);
  assert.deepEqual(approve.content, { id, shoppingId: 'list' });
  await answer(approve, 'SUCCESS');
  const row = await ends(id, 'completed');
  assert.equal(row.step, 5);
});

test('a refused customer: the order is rejected with the reason (row K9)', async () => {
  const id = await createOrder();
  const text = 'customer is not authorized';
  await answer(await sent(customers.authorizeCustomer, id), 'FAILURE', { text });
  const reject = await sent(ordering.rejectOrder, id);
  assert.deepEqual(reject.content, { id, reason: text });
  await answer(reject, 'SUCCESS');
  const row = await ends(id, 'compensated');
  assert.equal(row.step, 0);
  assert.equal(row.reason, text);
});

test('row K4: what a failure reply carries is not learnt', async () => {
  const id = await createOrder();
  await succeedThrough(id, 'customer');
  const create = await sent(depot.createShoppingListCommand, id);
  await answer(create, 'FAILURE', { listId: 'a list that does not exist' });
  const reject = await sent(ordering.rejectOrder, id);
  assert.equal(mall.published(depot.cancelShoppingListCommand, (list) => list.orderId === id).length, 0);
  await answer(reject, 'SUCCESS');
  await ends(id, 'compensated');
});

test('a refused payment: the list is cancelled, then the order rejected', async () => {
  const id = await createOrder();
  await succeedThrough(id, 'list');
  await answer(await sent(payments.confirmPayment, id), 'FAILURE', { text: 'too little' });
  const cancel = await sent(depot.cancelShoppingListCommand, id);
  assert.deepEqual(cancel.content, { id: 'list', orderId: id });
  assert.equal(mall.published(ordering.rejectOrder, (order) => order.id === id).length, 0);
  await answer(cancel, 'SUCCESS');
  await answer(await sent(ordering.rejectOrder, id), 'SUCCESS');
  await ends(id, 'compensated');
  assert.equal(mall.published(payments.releasePayment, (payment) => payment.orderId === id).length, 0);
});

test('rows K6, P6: an order that cannot be approved gives its payment back', async () => {
  const id = await createOrder();
  await succeedThrough(id, 'shopping');
  await answer(await sent(ordering.approveOrder, id), 'FAILURE', { text: 'the order cannot be approved' });
  const release = await sent(payments.releasePayment, id);
  assert.deepEqual(release.content, { id: 'payment', orderId: id, customerId: 'customer' });
  await answer(release, 'SUCCESS');
  await answer(await sent(depot.cancelShoppingListCommand, id), 'SUCCESS');
  await answer(await sent(ordering.rejectOrder, id), 'SUCCESS');
  await ends(id, 'compensated');
});

test('row K7: an order cancelled while its saga runs is compensated once the step at work has answered', async () => {
  const id = await createOrder();
  await succeedThrough(id, 'customer');
  const create = await sent(depot.createShoppingListCommand, id);
  await mall.publish(ordering.orderCanceled, { id, customerId: 'customer', paymentId: 'payment' });
  await eventually(async () => assert.equal((await sagaOf(id))?.reason, 'the order was cancelled'));
  await answer(create, 'SUCCESS', { listId: 'list' });
  const cancel = await sent(depot.cancelShoppingListCommand, id);
  assert.equal(cancel.content.id, 'list');
  await answer(cancel, 'SUCCESS');
  await answer(await sent(ordering.rejectOrder, id), 'SUCCESS');
  await ends(id, 'compensated');
  assert.equal(mall.published(payments.confirmPayment, (payment) => payment.orderId === id).length, 0);
});

test('rows K5, P-16: late and repeated answers, and answers to nobody, move nothing', async () => {
  const id = await createOrder();
  const authorize = await sent(customers.authorizeCustomer, id);
  await answer(authorize, 'SUCCESS');
  await sent(depot.createShoppingListCommand, id);
  await answer(authorize, 'SUCCESS');
  await answer(authorize, 'FAILURE');
  await mall.reply(am.success, {}, { [metadataKeys.replySagaId]: 'unknown' });
  const stray = await mall.reply(
    am.success,
    {},
    {
      [metadataKeys.replySagaId]: id,
      [metadataKeys.replySagaName]: 'another.Saga',
      [metadataKeys.replyOutcome]: 'SUCCESS',
    },
  );
  await eventually(async () => {
    const taken = await mall.rows('SELECT 1 FROM cosec.inbox WHERE id = $1', [stray]);
    assert.equal(taken.length, 1);
  });
  const row = await sagaOf(id);
  assert.deepEqual([row?.status, row?.step], ['running', 2]);
});

test('rows K8, P-17: an OrderCreated published again starts no second saga', async () => {
  const id = await createOrder();
  await sent(customers.authorizeCustomer, id);
  await createOrder(id);
  await eventually(async () => {
    const taken = await mall.rows('SELECT 1 FROM cosec.inbox WHERE name = $1', [ordering.orderCreated.name]);
    assert.ok(taken.length >= 2);
  });
  const commands = mall.published(
    customers.authorizeCustomer,
    (_payload, message) => message.metadata[metadataKeys.commandSagaId] === id,
  );
  assert.equal(commands.length, 1);
});

test('row K2: an overdue command is sent again under a new message id with the same command id', async () => {
  const id = await createOrder();
  const first = await sent(customers.authorizeCustomer, id);
  await mall.rows(`UPDATE cosec.sagas SET deadline_at = now() - interval '1 second' WHERE id = $1`, [id]);
  const second = await mall.nextMessage(
    customers.authorizeCustomer,
    (_payload, { metadata, id: messageId }) =>
      metadata[metadataKeys.commandSagaId] === id && messageId !== first.id,
  );
  assert.equal(second.metadata[metadataKeys.commandId], first.metadata[metadataKeys.commandId]);
  await answer(second, 'SUCCESS');
  await sent(depot.createShoppingListCommand, id);
});

test('rows K1, P-13: an answer that cannot be used moves nothing and is kept as a dead letter', async () => {
  const id = await createOrder();
  await succeedThrough(id, 'customer');
  const create = await sent(depot.createShoppingListCommand, id);
  const headers = {
    [metadataKeys.replySagaId]: id,
    [metadataKeys.replySagaName]: 'cosec.CreateOrder',
    [metadataKeys.replyId]: create.metadata[metadataKeys.commandId] ?? '',
    [metadataKeys.replyOutcome]: 'SUCCESS',
  };
  const useless = await mall.reply(depot.createdShoppingListReply, { id: '' }, headers);
  await eventually(async () => {
    const [letter] = await mall.rows('SELECT reason FROM cosec.dead_letters WHERE message_id = $1', [
      useless,
    ]);
    assert.match(String(letter?.reason), /names no shopping list/);
  });
  assert.equal((await sagaOf(id))?.step, 2);
  await answer(create, 'SUCCESS', { listId: 'list' });
  const confirm = await sent(payments.confirmPayment, id);
  assert.equal(confirm.content.orderId, id);
});

test('row K12: the saga keeps its story', async () => {
  const id = await createOrder();
  await answer(await sent(customers.authorizeCustomer, id), 'FAILURE', { text: 'no' });
  await answer(await sent(ordering.rejectOrder, id), 'SUCCESS');
  await ends(id, 'compensated');
  const story = await mall.rows(
    'SELECT status, step, what FROM cosec.saga_history WHERE saga_id = $1 ORDER BY position',
    [id],
  );
  assert.deepEqual(story, [
    { status: 'running', step: 1, what: 'started' },
    { status: 'compensating', step: 0, what: 'failed: no' },
    { status: 'compensated', step: 0, what: 'succeeded' },
  ]);
});
