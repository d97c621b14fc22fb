import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type CommandDefinition, messages, metadataKeys } from '../../proto/catalogue.ts';
import { newId } from '../kernel/messaging/index.ts';
import { type RecordedMessage, startTestProcess, type TestProcess } from '../kernel/testing/index.ts';
import { cosecModule } from './module.ts';

/* Cosec alone, with a deadline that a test can wait for, and nobody who answers its commands. */
const { customers, ordering } = messages;

let mall: TestProcess;
before(async () => {
  mall = await startTestProcess([cosecModule({ stepDeadlineMs: 50 })]);
});
after(() => mall?.stop());

function of(orderId: string) {
  return (_payload: unknown, { metadata }: RecordedMessage) =>
    metadata[metadataKeys.commandSagaId] === orderId;
}

function sendings(definition: CommandDefinition<unknown>, orderId: string) {
  return mall.published(definition, of(orderId));
}

test('a command nobody answers is sent as often as the saga tries, then the order is rejected', async () => {
  const id = newId();
  const order = { id, customerId: 'customer', paymentId: 'payment', shoppingId: '', items: [] };
  await mall.publish(ordering.orderCreated, order);
  await mall.nextMessage(ordering.rejectOrder, of(id));
  const commands = sendings(customers.authorizeCustomer, id).map(
    ({ metadata }) => metadata[metadataKeys.commandId],
  );
  assert.equal(commands.length, 4);
  assert.equal(new Set(commands).size, 1, 'the same command each time');
  const [saga] = await mall.rows('SELECT status, reason FROM cosec.sagas WHERE id = $1', [id]);
  assert.equal(saga?.status, 'compensating');
  assert.match(String(saga?.reason), /not answered/);
});

test('a saga that cannot be read holds up none of the others', async () => {
  await mall.rows(
    `INSERT INTO cosec.sagas (id, name, data, status, step, attempts, reason, command_id, deadline_at, version)
     VALUES ('unreadable', 'cosec.CreateOrder', '{}', 'running', 1, 1, '', 'c', now() - interval '1 hour', 1)`,
  );
  const id = newId();
  const order = { id, customerId: 'customer', paymentId: 'payment', shoppingId: '', items: [] };
  await mall.publish(ordering.orderCreated, order);
  await mall.nextMessage(ordering.rejectOrder, of(id));
});
