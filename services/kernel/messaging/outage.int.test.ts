import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { Database } from '../database/index.ts';
import { Way } from '../testing/way.ts';
import type { HandlingOutcome } from './consumer.ts';
import type { MessagingLimits } from './limits.ts';
import { onEvent, subscribe } from './subscriptions.ts';
import {
  found,
  MessagingGround,
  storeEvents,
  storeRebranded,
  testLimits,
} from './testing/messaging-ground.ts';

/* A context whose database goes away and comes back. */
const ground = new MessagingGround();
/** Nothing is ever tried a second time by these, but for outages. */
const limits: MessagingLimits = { ...testLimits, redeliveryDelaysMs: [], outageProbeMs: [10, 50] };
const timeouts = { maxConnections: 4, connectTimeoutMs: 200, statementTimeoutMs: 200 };
let way: Way;
let database: Database;
beforeEach(async () => {
  way = await Way.to(ground.database.url);
  database = new Database({ url: way.url, schema: 'kernel_test', limits: timeouts });
});
afterEach(async () => {
  way.close();
  await database.close();
});

/** A consumer of a durable whose context reaches its database by the way. */
function reader(durable: string, seen: string[]) {
  const outcomes: HandlingOutcome[] = [];
  const consumer = ground.consumer(
    subscribe(
      storeEvents(durable),
      onEvent(storeRebranded, ({ payload }) => {
        seen.push(payload.name);
      }),
    ),
    { database, limits, observe: (_name, outcome) => outcomes.push(outcome) },
  );
  return { consumer, outcomes };
}

const letters = () => ground.database.query('SELECT 1 FROM kernel_test.dead_letters');

for (const { how, goes, comes } of [
  { how: 'away', goes: () => way.cut(), comes: () => way.mend() },
  { how: 'halted', goes: () => way.hold(), comes: () => way.release() },
]) {
  test(`while the database is ${how} a message is not at fault: it waits, and is taken as soon as it can be`, async () => {
    const seen: string[] = [];
    const { consumer, outcomes } = reader(`without-${how}`, seen);
    ground.relay.start();
    await consumer.start();
    goes();
    await ground.rename('s', 'one', 'two');
    await found('a try that fails', async () => outcomes.find((outcome) => outcome === 'retried'));
    comes();
    await found('both', async () =>
      outcomes.filter((one) => one === 'handled').length === 2 ? true : undefined,
    );
    await consumer.stop();
    assert.deepEqual(seen.slice(-2), ['one', 'two']);
    assert.deepEqual([outcomes.includes('parked'), await letters()], [false, []]);
  });
}

test('a consumer that stops while its database is away hands back at once what waits', async () => {
  const seen: string[] = [];
  const { consumer, outcomes } = reader('handed-back', seen);
  ground.relay.start();
  await consumer.start();
  way.cut();
  await ground.rename('s', 'one');
  await found('a try that fails', async () => outcomes.find((outcome) => outcome === 'retried'));
  await consumer.stop();
  way.mend();
  const again = reader('handed-back', seen);
  await again.consumer.start();
  await found('it elsewhere', async () => again.outcomes.find((outcome) => outcome === 'handled'));
});

test('a message that takes the database away each time comes to its end', async () => {
  const outcomes: HandlingOutcome[] = [];
  let tries = 0;
  const poison = ground.consumer(
    subscribe(
      storeEvents('poison'),
      onEvent(storeRebranded, async () => {
        way.cut();
        if (++tries === 4) setTimeout(() => way.mend(), 50);
        await database.query('SELECT 1');
      }),
    ),
    {
      database,
      limits: { ...limits, outagesForgiven: 3 },
      observe: (_name, outcome) => {
        outcomes.push(outcome);
        way.mend();
      },
    },
  );
  ground.relay.start();
  await poison.start();
  await ground.rename('s', 'one');
  await found('its end', async () => outcomes.find((outcome) => outcome === 'parked'));
  assert.deepEqual(outcomes, ['retried', 'retried', 'retried', 'parked']);
  assert.equal((await letters()).length, 1);
});
