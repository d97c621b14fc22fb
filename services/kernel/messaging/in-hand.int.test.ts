import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Broker } from './broker.ts';
import type { MessagingLimits } from './limits.ts';
import { onEvent, subscribe } from './subscriptions.ts';
import {
  found,
  MessagingGround,
  storeEvents,
  storeRebranded,
  testLimits,
} from './testing/messaging-ground.ts';

/* What becomes of messages that the broker has given out and nobody has begun to handle. */
const ground = new MessagingGround();
const limits: MessagingLimits = { ...testLimits, ackWaitMs: 400, ackProgressMs: 100, consumerConcurrency: 2 };

/** Resolves once the broker has been told this often that the first message is seen to. */
function progressOfTheFirst(broker: Broker, times: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  let told = 0;
  broker.connection.subscribe('$JS.ACK.>', {
    callback: (_error, message) => {
      const [, , , , , sequence] = message.subject.split('.');
      if (message.string() === '+WPI' && sequence === '1' && ++told === times) resolve();
    },
  });
  return promise;
}

const stores = (count: number) => Array.from({ length: count }, (_, index) => `store ${index}`);

test('row P-25: messages that wait for a handler to be free are not given out again', async () => {
  const broker = await ground.connect({ limits });
  // Eight tenths of a second: twice as long as the broker waits.
  const longEnough = progressOfTheFirst(broker, 8);
  const seen: string[] = [];
  const slow = subscribe(
    storeEvents('crowded'),
    onEvent(storeRebranded, ({ payload }) => {
      seen.push(payload.id);
      return longEnough;
    }),
  );
  const outcomes: string[] = [];
  const observe = (_name: string, outcome: string) => outcomes.push(outcome);
  const reader = ground.consumer(slow, { broker, limits, observe });
  ground.relay.start();
  await reader.start();
  for (const store of stores(8)) await ground.rename(store, 'one');
  await found('all eight', async () => (outcomes.length >= 8 ? true : undefined));
  await reader.stop();
  const { delivered } = await (await broker.jetstream.consumers.get(broker.stream, 'crowded')).info();
  assert.deepEqual([seen, delivered.consumer_seq], [stores(8), 8]);
});

test('no more handlers run at once than may, each for another aggregate', async () => {
  let running = 0;
  let most = 0;
  let handled = 0;
  const counted = subscribe(
    storeEvents('bounded'),
    onEvent(storeRebranded, async () => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setTimeout(resolve, 5));
      running--;
      handled++;
    }),
  );
  const reader = ground.consumer(counted, { limits });
  ground.relay.start();
  for (const store of stores(12)) await ground.rename(store, 'one', 'two');
  await reader.start();
  await found('all of them', async () => (handled === 24 ? true : undefined));
  assert.equal(most, 2);
});

test('a consumer that stops finishes what it handles and leaves the rest to others at once', async () => {
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  const begun: string[] = [];
  const slow = subscribe(
    storeEvents('left'),
    onEvent(storeRebranded, ({ payload }) => {
      begun.push(payload.id);
      return released;
    }),
  );
  // So long that what is not handed back would not come within the time of this test.
  const patient = { ...limits, ackWaitMs: 60_000 };
  const broker = await ground.connect({ limits: patient });
  const first = ground.consumer(slow, { broker, limits: patient });
  ground.relay.start();
  for (const store of stores(6)) await ground.rename(store, 'one');
  await first.start();
  const info = async () => (await broker.jetstream.consumers.get(broker.stream, 'left')).info();
  await found('all six in hand', async () => ((await info()).num_ack_pending === 6 ? true : undefined));
  const stopped = first.stop();
  release();
  await stopped;
  assert.deepEqual(begun, stores(2));
  await ground.consumer(slow, { broker, limits: patient }).start();
  await found('the others', async () => (begun.length === 6 ? true : undefined));
  assert.deepEqual(begun.toSorted(), stores(6));
});

test('of a message in hand nothing is told on the next connection, where its sequence may be another’s', async () => {
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  const broker = await ground.connect({ limits });
  let tries = 0;
  const slow = subscribe(
    storeEvents('reconnected'),
    onEvent(storeRebranded, () => {
      tries++;
      return released;
    }),
  );
  const outcomes: string[] = [];
  const observe = (_name: string, outcome: string) => outcomes.push(outcome);
  await ground.consumer(slow, { broker, limits, observe }).start();
  ground.relay.start();
  await ground.rename('s', 'one');
  await found('its handling', async () => (tries === 1 ? true : undefined));
  const { session } = broker;
  await broker.connection.reconnect();
  await found('another connection', async () =>
    broker.connected && broker.session !== session ? true : undefined,
  );
  release();
  await found('it to come again', async () => (outcomes.length === 2 ? true : undefined));
  assert.deepEqual(outcomes, ['handled', 'duplicate']);
});
