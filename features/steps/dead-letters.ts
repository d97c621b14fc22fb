import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { type DataTable, Given, Then, When } from '@cucumber/cucumber';
import { DeadLetters, type LetterLine } from '../../cli/desks/dead-letters.ts';
import { DeskDatabase } from '../../cli/desks/desk-database.ts';
import { type RetriedLetters, retryLetters } from '../../cli/desks/retry-letters.ts';
import { channels, messages } from '../../proto/catalogue.ts';
import { needed } from '../world/memory.ts';
import type { MallWorld } from '../world/world.ts';

/** The letters of the message that the scenario has sent: by its id, or its place in the stream where it has none. */
function letters<T>(
  world: MallWorld,
  work: (desk: DeadLetters, own: LetterLine[]) => Promise<T>,
): Promise<T> {
  const sequence = Number(needed(world.memory.seen.get('sequence'), 'message that was sent'));
  const id = world.memory.seen.get('message id');
  return DeskDatabase.use(world.inside.addresses, async (database) => {
    const desk = await DeadLetters.of(database);
    const all = await desk.list({ dropped: false });
    return work(
      desk,
      all.filter((letter) => letter.streamSequence === sequence || letter.messageId === id),
    );
  });
}

When('bytes that are no message come on {string}', async function (this: MallWorld, channel: string) {
  assert.ok(Object.values<string>(channels).includes(channel), `there is a channel ${channel}`);
  const log = await this.inside.messages();
  const sequence = await log.publishBytes(channel, Buffer.from([0xff, 0xff, 0xff, 0x01]));
  this.memory.seen.set('sequence', String(sequence));
});

/** As a foreign program would: without version and cause. */
async function tellApproved(world: MallWorld, orderId: string): Promise<void> {
  const log = await world.inside.messages();
  const payload = { id: orderId, customerId: world.memory.customerId, paymentId: 'a payment' };
  const { orderApproved } = messages.ordering;
  const where = { id: randomUUID(), metadata: {}, channel: orderApproved.channel };
  world.memory.seen.set('message id', where.id);
  world.memory.seen.set('sequence', String(await log.publish(orderApproved, payload, where)));
}

When('somebody tells that an order is approved which nobody has placed', async function (this: MallWorld) {
  await tellApproved(this, randomUUID());
});

When('somebody tells that my basket is an approved order', async function (this: MallWorld) {
  await tellApproved(this, this.memory.basketId);
});

Then('it becomes a dead letter of', async function (this: MallWorld, table: DataTable) {
  const expected = table.hashes().map(({ Consumer = '' }) => Consumer);
  const found = await this.until<LetterLine[]>(`a dead letter of ${expected.join(', ')}`, () =>
    letters(this, async (_, own) => {
      const consumers = own.map(({ consumer }) => consumer);
      if (expected.every((each) => consumers.includes(each))) return { got: own };
      return { saw: `there are letters of: ${consumers.join(', ') || 'nobody'}` };
    }),
  );
  assert.deepEqual(found.map(({ consumer }) => consumer).sort(), [...expected].sort());
  for (const { Consumer = '', Reason = '' } of table.hashes()) {
    const reason = found.find(({ consumer }) => consumer === Consumer)?.reason ?? '';
    assert.ok(
      reason.includes(Reason),
      `${Consumer} was to give "${Reason}" as its reason; it gave "${reason}"`,
    );
  }
});

When('somebody drops its dead letters, since {string}', async function (this: MallWorld, reason: string) {
  await letters(this, async (desk, own) => {
    assert.ok(own.length > 0, 'there are letters to drop');
    for (const letter of own) await desk.drop(letter, reason);
  });
});

When('somebody tries its dead letters again', async function (this: MallWorld) {
  const { postgresUrl, natsUrl, natsStream } = this.inside.addresses;
  const servers = { name: this.doors.mall.name, postgresUrl, natsUrl, stream: natsStream };
  const outcome = await letters(this, (desk, own) =>
    retryLetters(desk, servers, { ids: own.map(({ id }) => id), force: false, waitMs: this.patienceMs }),
  );
  this.memory.seen.set('retried', outcomesOf(outcome));
});

function outcomesOf({ retried, heldBack }: RetriedLetters): string {
  return [
    ...retried.map(({ consumer, outcome }) => `${consumer}: ${outcome}`),
    ...heldBack.map(({ id }) => `${id}: held back`),
  ]
    .sort()
    .join(', ');
}

Then('they are settled as {string}', function (this: MallWorld, outcomes: string) {
  assert.equal(this.memory.seen.get('retried'), outcomes);
});

Then('it has no dead letters any more', async function (this: MallWorld) {
  await letters(this, async (_, own) => assert.deepEqual(own, []));
});

/* A part of the mall that is out of order for a while. */

Given('the table {word} is away', async function (this: MallWorld, table: string) {
  await this.lab.doors.inside.rows(`ALTER TABLE ${table} RENAME TO away`);
});

When('the table {word} is back', async function (this: MallWorld, table: string) {
  const [schema = '', name = ''] = table.split('.');
  await this.lab.doors.inside.rows(`ALTER TABLE ${schema}.away RENAME TO ${name}`);
});

When('{string} has failed at it', async function (this: MallWorld, consumer: string) {
  await this.until(`${consumer} to have a message handed out again`, async () => {
    const again = await this.lab.redeliveries(consumer);
    return again > 0 ? { got: again } : { saw: 'none was' };
  });
});
