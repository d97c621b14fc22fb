import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { Given, Then, When } from '@cucumber/cucumber';
import { allMessages, channels, contextNames, messages, metadataKeys } from '../../proto/catalogue.ts';
import { StreamMessage } from '../../proto/gen/messaging/stream_message.ts';
import type { LoggedMessage } from '../world/message-log.ts';
import { pictureOf, rememberedPicture, restingPicture } from '../world/order-picture.ts';
import { settled } from '../world/settled.ts';
import type { MallWorld } from '../world/world.ts';

/** The first message of a name that is about the order, or was sent for it. */
async function messageOf(world: MallWorld, name: string): Promise<LoggedMessage> {
  assert.ok(
    allMessages.some((each) => each.name === name),
    `there is a message ${name}`,
  );
  const log = await world.inside.messages();
  const { id } = world.memory.order;
  return world.until<LoggedMessage>(`${name} of order ${id} to be published`, async () => {
    const concerned = [...log.about(id), ...log.ofSaga(id)].find((each) => each.name === name);
    if (concerned !== undefined) return { got: concerned };
    // Events of other aggregates, such as the shopping list, name the order in what they say.
    const naming = log.named(name).find(({ content }) => JSON.stringify(content).includes(id));
    return naming === undefined ? { saw: 'nothing was published' } : { got: naming };
  });
}

const channelOf = (world: MallWorld, { subject }: LoggedMessage) =>
  subject.slice(world.inside.addresses.natsStream.length + 1);

/** Waits until everybody has seen to a message that was sent once more. */
async function done(world: MallWorld, channel: string, sequence: number): Promise<void> {
  world.memory.repeated.push(sequence);
  await settled(world, channel, sequence);
}

Given('my order has come to rest', async function (this: MallWorld) {
  this.memory.seen.set('picture', await restingPicture(this));
});

When('{word} of my order is delivered once more', async function (this: MallWorld, name: string) {
  const message = await messageOf(this, name);
  const log = await this.inside.messages();
  await done(this, channelOf(this, message), await log.repeat(message));
});

When(
  '{word} of my order is delivered {int} times more at once',
  async function (this: MallWorld, name: string, times: number) {
    const message = await messageOf(this, name);
    const log = await this.inside.messages();
    const sequences = await Promise.all(Array.from({ length: times }, () => log.repeat(message)));
    for (const sequence of sequences) await done(this, channelOf(this, message), sequence);
  },
);

When('{word} of my order is published anew under another id', async function (this: MallWorld, name: string) {
  const message = await messageOf(this, name);
  const log = await this.inside.messages();
  const anew = { ...StreamMessage.decode(message.data), id: randomUUID() };
  const channel = channelOf(this, message);
  await done(this, channel, await log.publishBytes(channel, StreamMessage.encode(anew).finish()));
});

When('a stray answer comes for the saga of my order', async function (this: MallWorld) {
  const log = await this.inside.messages();
  const metadata = {
    [metadataKeys.replyOutcome]: 'FAILURE',
    [metadataKeys.replySagaId]: this.memory.order.id,
    [metadataKeys.replySagaName]: 'cosec.CreateOrder',
    [metadataKeys.replyId]: randomUUID(),
    [metadataKeys.replyErrorMessage]: 'nobody asked',
  };
  const channel = channels.createOrderReplies;
  const sequence = await log.publish(messages.am.failure, {}, { id: randomUUID(), metadata, channel });
  await done(this, channel, sequence);
});

/** Whatever was repeated must have been recognised, not put aside. */
async function nothingParked(world: MallWorld): Promise<void> {
  for (const context of contextNames) {
    const rows = await world.inside.rows(
      `SELECT consumer, reason FROM ${context}.dead_letters WHERE stream_sequence = ANY($1)`,
      [world.memory.repeated],
    );
    assert.deepEqual(rows, [], `dead letters of ${context}`);
  }
}

Then('nothing has changed for my order', async function (this: MallWorld) {
  await nothingParked(this);
  assert.equal(await pictureOf(this), rememberedPicture(this));
});

Then('nothing changes for my order', async function (this: MallWorld) {
  assert.equal(await restingPicture(this), rememberedPicture(this));
});
