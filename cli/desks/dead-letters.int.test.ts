import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { jetstream } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { z } from 'zod';
import { consumerGroups, messages } from '../../proto/catalogue.ts';
import { EventMessageData } from '../../proto/gen/messaging/message_data.ts';
import { StreamMessage } from '../../proto/gen/messaging/stream_message.ts';
import { cosecModule } from '../../services/cosec/module.ts';
import type { UnitOfWork } from '../../services/kernel/database/index.ts';
import { BadRequest } from '../../services/kernel/domain/index.ts';
import { type ContextModule, kernelMigrations } from '../../services/kernel/lifecycle/index.ts';
import { incoming, newId, subscribe } from '../../services/kernel/messaging/index.ts';
import { eventually, startTestProcess } from '../../services/kernel/testing/index.ts';
import { cliUnderTest } from '../testing/cli-process.ts';
import { DeadLetters } from './dead-letters.ts';
import { DeskDatabase } from './desk-database.ts';
import { EDITED_AT } from './letter-content.ts';
import { retryLetters } from './retry-letters.ts';

const { orderCreated } = messages.ordering;

/** Orders that the stand-in for search has taken, as often as it did. */
const found: string[] = [];

/** Search as far as orders go: it refuses the price that cosec refuses, and counts what it commits. */
const searchStandIn: ContextModule = {
  name: 'search',
  migrations: [kernelMigrations.messaging],
  build: () => ({
    services: [],
    subscriptions: [
      subscribe(
        consumerGroups.searchOrders,
        ...consumerGroups.searchOrders.messages.map(({ name }) => ({
          name,
          handle: async (envelope: Parameters<typeof incoming>[1], unit: UnitOfWork) => {
            const { payload } = incoming(orderCreated, envelope);
            if (payload.items.some(({ price }) => price > 1e9)) throw new BadRequest('the price is too high');
            unit.afterCommit(() => found.push(payload.id));
          },
        })),
      ),
    ],
  }),
};

const mall = await startTestProcess([cosecModule(), searchStandIn]);
after(() => mall.stop());
const servers = {
  name: 'mall',
  postgresUrl: mall.ground.databaseUrl,
  natsUrl: mall.ground.natsUrl,
  stream: mall.ground.stream,
};
const cli = cliUnderTest({
  MALL_INFRA: 'external',
  MALL_POSTGRES_URL: servers.postgresUrl,
  MALL_NATS_URL: servers.natsUrl,
  MALL_NATS_STREAM: servers.stream,
});
const lettersDocument = z.object({
  schema: z.literal('mall.dlq.ls/1'),
  letters: z.array(z.object({ id: z.string(), consumer: z.string(), messageId: z.string() })),
});
const letterDocument = z.object({
  schema: z.literal('mall.dlq.show/1'),
  letter: z.object({
    headers: z.record(z.string(), z.string()),
    payload: z.record(z.string(), z.unknown()).nullable(),
    hex: z.string().optional(),
    droppedReason: z.string().nullable(),
  }),
});
const retryDocument = z.object({
  schema: z.literal('mall.dlq.retry/1'),
  retried: z.array(z.object({ id: z.string(), consumer: z.string(), outcome: z.string() })),
  heldBack: z.array(z.object({ id: z.string(), takenBy: z.array(z.string()) })),
});

function atDesk<T>(work: (letters: DeadLetters) => Promise<T>): Promise<T> {
  return DeskDatabase.use(servers, async (database) => work(await DeadLetters.of(database)));
}

/** The bytes of an order's message as a publisher makes them. */
function encodedOrder(orderId: string, id: string): Buffer {
  const payload = Buffer.from(orderCreated.codec.encode(orderOf(orderId, 9.99)).finish());
  const data = Buffer.from(EventMessageData.encode({ payload, occurredAt: new Date() }).finish());
  const envelope = { id, name: orderCreated.name, data, metadata: {}, sentAt: new Date() };
  return Buffer.from(StreamMessage.encode(envelope).finish());
}

/** The letters of a message, once there are as many. */
function parked(messageId: string, count: number) {
  return eventually(async () => {
    const all = await atDesk((letters) => letters.list({ dropped: false }));
    const open = all.filter((letter) => letter.messageId === messageId);
    assert.equal(open.length, count);
    return open.sort((one, other) => one.id.localeCompare(other.id));
  });
}

/** An order that neither cosec nor search can take: there is no such price. */
async function refusedOrder(): Promise<{ orderId: string; messageId: string }> {
  const orderId = newId();
  return { orderId, messageId: await mall.publish(orderCreated, orderOf(orderId, 1e15)) };
}

function orderOf(id: string, price: number) {
  const item = { productId: 'p', storeId: 's', price, quantity: 1, storeName: '', productName: '' };
  return { id, customerId: 'c', paymentId: 'pay', shoppingId: '', items: [item] };
}

/** The message with a price that both can take. */
function mended(orderId: string): string {
  return JSON.stringify(orderOf(orderId, 9.99));
}

async function openLetters(messageId: string): Promise<number> {
  const all = await atDesk((letters) => letters.list({ dropped: false }));
  return all.filter((letter) => letter.messageId === messageId).length;
}

/** How often each has taken the order. */
async function taken(orderId: string): Promise<{ cosec: number; search: number }> {
  const sagas = await mall.rows('SELECT 1 FROM cosec.sagas WHERE id = $1', [orderId]);
  return { cosec: sagas.length, search: found.filter((id) => id === orderId).length };
}

test('an empty desk says so', async () => {
  assert.equal((await cli.run('dlq', 'ls')).stdout, 'There are no dead letters.\n');
});

test('what is parked is listed, as a table and as a document, and shown in full', async () => {
  const { orderId, messageId } = await refusedOrder();
  const [first] = await parked(messageId, 2);
  assert.ok(first);
  const table = await cli.run('dlq', 'ls');
  assert.match(
    table.stdout,
    /cosec\/\d+ +cosec-ordering +ordersapi\.OrderCreated +1 .* ago +BadRequest: the item/,
  );
  const document = await cli.run('dlq', 'ls', '--json', '--context', 'search');
  const { letters } = lettersDocument.parse(JSON.parse(document.stdout));
  assert.deepEqual(
    letters.map(({ consumer }) => consumer),
    ['search-orders'],
  );
  const page = await cli.run('dlq', 'show', first.id);
  assert.match(page.stdout, /reason +BadRequest: the item price is beyond/);
  assert.match(page.stdout, new RegExp(`"id": "${orderId}"`));
  const shown = letterDocument.parse(JSON.parse((await cli.run('dlq', 'show', first.id, '--json')).stdout));
  assert.equal(shown.letter.payload?.id, orderId);
});

test('a message edited and retried takes effect once, at every consumer that parked it', async () => {
  const { orderId, messageId } = await refusedOrder();
  const [first] = await parked(messageId, 2);
  assert.ok(first);
  const edited = await cli.run('dlq', 'edit', first.id, '--payload', mended(orderId));
  assert.equal(edited.code, 0, edited.stderr);
  const shown = letterDocument.parse(JSON.parse((await cli.run('dlq', 'show', first.id, '--json')).stdout));
  assert.ok(shown.letter.headers[EDITED_AT]);
  const { code, stdout, stderr } = await cli.run('dlq', 'retry', first.id, '--json');
  assert.equal(code, 0, stderr);
  const { retried } = retryDocument.parse(JSON.parse(stdout));
  assert.deepEqual(retried.map(({ consumer, outcome }) => `${consumer} ${outcome}`).sort(), [
    'cosec-ordering taken',
    'search-orders taken',
  ]);
  assert.equal(await openLetters(messageId), 0);
  assert.deepEqual(await taken(orderId), { cosec: 1, search: 1 });
});

test('a retry that fails is parked anew and nothing else changes', async () => {
  const { messageId } = await refusedOrder();
  const before = await parked(messageId, 2);
  const ids = before.map(({ id }) => id);
  const { code, stdout } = await cli.run('dlq', 'retry', ...ids);
  assert.equal(code, 1);
  assert.match(stdout, /parked again as cosec\/\d+: BadRequest/);
  // Both were of one message, sent once.
  const after = await parked(messageId, 2);
  assert.equal(new Set(after.map(({ streamSequence }) => streamSequence)).size, 1);
  assert.ok(after.every(({ id }) => !ids.includes(id)));
});

test('consumers that took the message take it no second time', async () => {
  const orderId = newId();
  const messageId = await mall.publish(orderCreated, orderOf(orderId, 9.99));
  await eventually(async () => assert.deepEqual(await taken(orderId), { cosec: 1, search: 1 }));
  // As if search had parked it: its inbox row is gone, the letter is there.
  const data = encodedOrder(orderId, messageId);
  await mall.rows('DELETE FROM search.inbox WHERE id = $1', [messageId]);
  await mall.rows(
    `INSERT INTO search.dead_letters
       (consumer, message_id, name, subject, data, metadata, reason, attempts, stream_sequence)
     VALUES ('search-orders', $1, $2, $3, $4, '{}', 'planted', 6, 1000000)`,
    [messageId, orderCreated.name, `${servers.stream}.${orderCreated.channel}`, data],
  );
  const [letter] = await parked(messageId, 1);
  assert.ok(letter);
  const commands = (await mall.rows('SELECT 1 FROM cosec.outbox')).length;
  const result = await atDesk((letters) =>
    retryLetters(letters, servers, { ids: [letter.id], force: false, waitMs: 10_000 }),
  );
  assert.deepEqual(result.retried, [{ id: letter.id, consumer: 'search-orders', outcome: 'taken' }]);
  assert.deepEqual(await taken(orderId), { cosec: 1, search: 2 });
  // A message behind it on the same channel: once that is handled, so is the duplicate.
  await parked((await refusedOrder()).messageId, 2);
  const [saga] = await mall.rows('SELECT version FROM cosec.sagas WHERE id = $1', [orderId]);
  assert.equal(saga?.version, 1);
  assert.equal((await mall.rows('SELECT 1 FROM cosec.outbox')).length, commands);
});

test('a letter whose consumer has not answered stays, and says so', async () => {
  const { messageId } = await refusedOrder();
  const [first] = await parked(messageId, 2);
  assert.ok(first);
  const result = await atDesk(async (letters) => {
    letters.settled = () => Promise.resolve(undefined);
    return retryLetters(letters, servers, { ids: [first.id], force: false, waitMs: 0 });
  });
  assert.equal(result.retried[0]?.outcome, 'not settled yet');
  await parked(messageId, 4);
});

test('a dropped letter stays with its reason; its message is not forced on it by a retry elsewhere', async () => {
  const { orderId, messageId } = await refusedOrder();
  const letters = await parked(messageId, 2);
  const search = letters.find(({ context }) => context === 'search');
  const cosec = letters.find(({ context }) => context === 'cosec');
  assert.ok(search && cosec);
  const asked = await cli.run('dlq', 'drop', search.id, '--reason', 'not worth it');
  assert.match(
    asked.stderr,
    /--yes must confirm that search-orders is never to take ordersapi\.OrderCreated/,
  );
  const dropped = await cli.run('dlq', 'drop', search.id, '--reason', 'not worth it', '--yes');
  assert.equal(dropped.code, 0, dropped.stderr);
  assert.equal((await cli.run('dlq', 'drop', search.id, '--reason', 'again', '--yes')).code, 1);
  assert.equal(await openLetters(messageId), 1);
  assert.match((await cli.run('dlq', 'ls', '--all')).stdout, /dropped: not/);
  await cli.run('dlq', 'edit', cosec.id, '--payload', mended(orderId));
  const held = await cli.run('dlq', 'retry', cosec.id, '--json');
  assert.equal(held.code, 1);
  assert.deepEqual(retryDocument.parse(JSON.parse(held.stdout)).heldBack, [
    { id: cosec.id, takenBy: ['search-orders'] },
  ]);
  assert.equal((await cli.run('dlq', 'retry', cosec.id, '--force')).code, 0);
  await eventually(async () => assert.deepEqual(await taken(orderId), { cosec: 1, search: 1 }));
});

test('bytes that are no envelope are shown in hex and cannot be edited', async () => {
  const connection = await connect({ servers: servers.natsUrl });
  // An id and no name: what everything else in the test can read as well.
  const bytes = Buffer.from([0x0a, 1, 0x78]);
  await jetstream(connection).publish(`${servers.stream}.${orderCreated.channel}`, bytes);
  await connection.close();
  const [letter] = await parked('', 2);
  assert.ok(letter);
  const { stdout } = await cli.run('dlq', 'show', letter.id);
  assert.match(stdout, new RegExp(`3 bytes, no envelope\\n${bytes.toString('hex')}`));
  const edit = await cli.run('dlq', 'edit', letter.id, '--payload', '{}');
  assert.equal(edit.code, 1);
  assert.match(edit.stderr, /no envelope, so there is no payload to replace/);
  assert.equal((await cli.run('dlq', 'retry', letter.id)).code, 1);
  await parked('', 2);
});

test('all at once', async () => {
  const { code, stdout } = await cli.run('dlq', 'retry', '--all', '--context', 'cosec');
  assert.equal(code, 1);
  assert.match(stdout, /parked again/);
});

test('what cannot be done is told with what to do', async () => {
  const cases: readonly (readonly [number, RegExp, ...string[]])[] = [
    [2, /is no id of a dead letter/, 'show', '12'],
    [1, /There is no dead letter ordering\/12/, 'show', 'ordering/12'],
    [1, /There is no dead letter cosec\/99999/, 'retry', 'cosec/99999'],
    [2, /Ids or --all must say/, 'retry'],
    [2, /--wait cannot be/, 'retry', '--all', '--wait', 'long'],
    [2, /Unknown command 'lst'/, 'lst'],
    [2, /`mall dlq` is not all of a command/],
    [2, /--payload is missing/, 'edit', 'cosec/1'],
  ];
  for (const [exitCode, complaint, ...args] of cases) {
    const { code, stderr } = await cli.run('dlq', ...args);
    assert.equal(code, exitCode, stderr);
    assert.match(stderr, complaint);
  }
});

test('without a mall there is no desk', async () => {
  const { code, stderr } = await cliUnderTest().run('dlq', 'ls');
  assert.equal(code, 4);
  assert.match(stderr, /The mall "mall" does not run here/);
});
