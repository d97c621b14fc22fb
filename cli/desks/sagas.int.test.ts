import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { z } from 'zod';
import { type CommandDefinition, messages, metadataKeys } from '../../proto/catalogue.ts';
import { cosecModule } from '../../services/cosec/module.ts';
import { newId } from '../../services/kernel/messaging/index.ts';
import { eventually, type RecordedMessage, startTestProcess } from '../../services/kernel/testing/index.ts';
import { createOrderSaga } from '../../services/mall.ts';
import { cliUnderTest } from '../testing/cli-process.ts';
import { DeskDatabase } from './desk-database.ts';
import { Sagas } from './sagas.ts';

/* Cosec alone, so that every saga waits for contexts that are not there; the test answers where it wants to. */
const mall = await startTestProcess([cosecModule()]);
after(() => mall.stop());
const cli = cliUnderTest({
  MALL_INFRA: 'external',
  MALL_POSTGRES_URL: mall.ground.databaseUrl,
  MALL_NATS_URL: mall.ground.natsUrl,
  MALL_NATS_STREAM: mall.ground.stream,
});
const { am, customers, ordering } = messages;

const listDocument = z.object({
  schema: z.literal('mall.saga.ls/1'),
  sagas: z.array(z.object({ orderId: z.string(), status: z.string(), command: z.string().nullable() })),
});
const pageDocument = z.object({
  schema: z.literal('mall.saga.show/1'),
  saga: z.object({
    status: z.string(),
    reason: z.string(),
    waiting: z
      .object({ command: z.string(), since: z.iso.datetime(), publishedAt: z.iso.datetime() })
      .nullable(),
    data: z.object({ PaymentID: z.string() }),
    story: z.array(z.object({ kind: z.string(), step: z.string(), text: z.string() })),
  }),
});

/** An order whose saga waits for the customers' answer. */
async function waitingOrder(): Promise<{ id: string; command: RecordedMessage }> {
  const id = newId();
  const items = [{ productId: 'p', storeId: 's', price: 9.99, quantity: 1, storeName: '', productName: '' }];
  const order = { id, customerId: 'c', paymentId: 'pay-1', shoppingId: '', items };
  await mall.publish(ordering.orderCreated, order);
  return { id, command: await nextCommand(customers.authorizeCustomer, id, 0) };
}

/** The saga's sending of a command after so many others. */
function nextCommand<T>(
  definition: CommandDefinition<T>,
  id: string,
  before: number,
): Promise<RecordedMessage> {
  return eventually(() => {
    const sent = sentCommands(definition, id);
    const command = sent[before];
    assert.ok(command, `${definition.name} is sent`);
    return command;
  });
}

function sentCommands<T>(definition: CommandDefinition<T>, id: string): readonly RecordedMessage[] {
  return mall.published(definition, (_, { metadata }) => metadata[metadataKeys.commandSagaId] === id);
}

async function answer(command: RecordedMessage, outcome: 'SUCCESS' | 'FAILURE'): Promise<void> {
  const headers = Object.entries(command.metadata).flatMap(([key, value]) =>
    key.startsWith('COMMAND_') ? [[key.replace('COMMAND_', 'REPLY_'), value]] : [],
  );
  const metadata = { ...Object.fromEntries(headers), [metadataKeys.replyOutcome]: outcome };
  await mall.reply(outcome === 'SUCCESS' ? am.success : am.failure, {}, metadata);
}

/** Uses the outstanding command's attempts up, and its time. */
async function exhaust(id: string, attempts: number): Promise<void> {
  await mall.rows(
    `UPDATE cosec.sagas SET attempts = $2, deadline_at = now() - interval '1 second', version = version + 1
     WHERE id = $1`,
    [id, attempts],
  );
}

function stands(id: string, status: string) {
  return eventually(async () => {
    const page = pageDocument.parse(JSON.parse((await cli.run('saga', 'show', id, '--json')).stdout));
    assert.equal(page.saga.status, status);
    return page.saga;
  });
}

/** An order that could not be undone: nobody rejected it. */
async function attention(): Promise<{ id: string; rejections: number }> {
  const { id } = await waitingOrder();
  await exhaust(id, createOrderSaga.limits.actionAttempts);
  await nextCommand(ordering.rejectOrder, id, 0);
  await exhaust(id, createOrderSaga.limits.compensationAttempts);
  await stands(id, 'attention');
  return { id, rejections: sentCommands(ordering.rejectOrder, id).length };
}

test('an empty desk says so', async () => {
  assert.equal((await cli.run('saga', 'ls')).stdout, 'No saga is under way, and none needs you.\n');
});

test('a waiting saga is listed and shown with what it waits for', async () => {
  const { id } = await waitingOrder();
  const row = new RegExp(`${id} +running +authorize customer +customersapi.AuthorizeCustomer +1 .* ago`);
  assert.match((await cli.run('saga', 'ls')).stdout, row);
  const young = await cli.run('saga', 'ls', '--older', '1h', '--json');
  assert.deepEqual(listDocument.parse(JSON.parse(young.stdout)).sagas, []);
  const others = await cli.run('saga', 'ls', '--status', 'completed', '--json');
  assert.deepEqual(listDocument.parse(JSON.parse(others.stdout)).sagas, []);
  await eventually(async () => {
    const { saga } = pageDocument.parse(JSON.parse((await cli.run('saga', 'show', id, '--json')).stdout));
    assert.equal(saga.waiting?.command, customers.authorizeCustomer.name);
    assert.equal(saga.data.PaymentID, 'pay-1');
    assert.deepEqual(
      saga.story.map(({ kind, step }) => `${kind} ${step}`),
      ['begin authorize customer', 'command authorize customer'],
    );
  });
  const { stdout } = await cli.run('saga', 'show', id);
  assert.match(stdout, /waits for +the answer to customersapi.AuthorizeCustomer \(authorize customer\)/);
  assert.match(stdout, /PaymentID +pay-1/);
  assert.match(stdout, /\+\d+\.\d{3} s +sends {3}→ +authorize customer +customersapi\.AuthorizeCustomer/);
});

test('a retry has the outstanding command sent again, as a new message with the same command id', async () => {
  const { id, command } = await waitingOrder();
  assert.equal((await cli.run('saga', 'retry', id)).code, 0);
  const again = await nextCommand(customers.authorizeCustomer, id, 1);
  assert.notEqual(again.id, command.id);
  assert.equal(again.metadata[metadataKeys.commandId], command.metadata[metadataKeys.commandId]);
  assert.equal((await cli.run('saga', 'retry', id)).code, 0);
  await nextCommand(customers.authorizeCustomer, id, 2);
  const { story } = await stands(id, 'running');
  assert.ok(story.some(({ kind, text }) => kind === 'note' && text === 'retried by hand'));
});

test('a saga in attention goes on with undoing its order, and ends with why that was', async () => {
  const { id, rejections } = await attention();
  const listed = await cli.run('saga', 'ls', '--status', 'attention');
  assert.match(listed.stdout, new RegExp(`${id} +attention +create order .*undoing create order failed`));
  assert.equal((await cli.run('saga', 'retry', id, '--json')).code, 0);
  await answer(await nextCommand(ordering.rejectOrder, id, rejections), 'SUCCESS');
  const saga = await stands(id, 'compensated');
  assert.equal(saga.reason, 'authorize customer was not answered');
  assert.deepEqual(
    saga.story.slice(-3).map(({ kind, text }) => `${kind} ${text}`),
    ['compensation ordersapi.RejectOrder', 'reply succeeded', 'end compensated'],
  );
  const all = await cli.run('saga', 'ls', '--all', '--json');
  assert.ok(listDocument.parse(JSON.parse(all.stdout)).sagas.some(({ orderId }) => orderId === id));
  const { code, stderr } = await cli.run('saga', 'retry', id);
  assert.equal(code, 1);
  assert.match(stderr, /is compensated: there is nothing to send again/);
});

test('an aborted saga turns back at the next answer and rejects its order with the reason', async () => {
  const { id, command } = await waitingOrder();
  const { code, stderr } = await cli.run('saga', 'abort', id, '--reason', 'fraud');
  assert.equal(code, 0, stderr);
  const twice = await cli.run('saga', 'abort', id, '--reason', 'fraud');
  assert.equal(twice.code, 1);
  assert.match(twice.stderr, /turned back already: fraud/);
  await answer(command, 'SUCCESS');
  const reject = await nextCommand(ordering.rejectOrder, id, 0);
  assert.equal(ordering.rejectOrder.codec.decode(reject.payload).reason, 'fraud');
  assert.match((await cli.run('saga', 'abort', id, '--reason', 'x')).stderr, /only a running one/);
  await answer(reject, 'SUCCESS');
  const { story } = await stands(id, 'compensated');
  assert.deepEqual(
    story.map(({ kind }) => kind),
    ['begin', 'command', 'note', 'reply', 'compensation', 'reply', 'end'],
  );
});

test('a saga that was moved meanwhile is left alone', async () => {
  const { id, command } = await waitingOrder();
  await DeskDatabase.use({ postgresUrl: mall.ground.databaseUrl }, async (database) => {
    const sagas = new Sagas(database, createOrderSaga.name);
    const before = await sagas.get(id);
    await answer(command, 'SUCCESS');
    await nextCommand(messages.depot.createShoppingListCommand, id, 0);
    await assert.rejects(sagas.abort(before, 'late'), /it was moved at the same moment/);
    await assert.rejects(sagas.retry(before, ''), /it was moved at the same moment/);
    const history = await sagas.history(before);
    assert.deepEqual(
      history.map(({ what }) => what),
      ['started', 'succeeded'],
    );
  });
});

test('what cannot be done is told with what to do', async () => {
  const cases: readonly (readonly [number, RegExp, ...string[]])[] = [
    [1, /There is no saga of an order nosuch/, 'show', 'nosuch'],
    [2, /--older cannot be "long"/, 'ls', '--older', 'long'],
    [2, /--limit cannot be "0"/, 'ls', '--limit', '0'],
    [2, /it must be one of running/, 'ls', '--status', 'done'],
    [2, /--reason must say why/, 'abort', 'nosuch', '--reason', ' '],
    [2, /did you mean abort/, 'abotr', 'x'],
  ];
  for (const [exitCode, complaint, ...args] of cases) {
    const { code, stderr } = await cli.run('saga', ...args);
    assert.equal(code, exitCode, stderr);
    assert.match(stderr, complaint);
  }
});
