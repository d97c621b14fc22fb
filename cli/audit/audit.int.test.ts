import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { messages } from '../../proto/catalogue.ts';
import { eventually, startTestProcess, type TestProcess } from '../../services/kernel/testing/index.ts';
import { mallModules } from '../../services/mall.ts';
import type { AuditResult } from './audit.ts';
import { rules } from './audit.ts';
import { SHOWN_PER_RULE } from './findings.ts';
import { untilQuiet } from './quiet.ts';
import { AuditedGround, type Place } from './testing/audited-ground.ts';
import { firstOutbox, type Orders, where } from './testing/planting.ts';
import { plantings } from './testing/plantings.ts';
import { Shoppers } from './testing/purchases.ts';

/*
 * A mall that has served some shoppers and has been stopped; its database and its stream stay. Each violation
 * is planted in a copy of the database.
 */
let ground: TestProcess;
let place: Place;
let audited: AuditedGround;
let orders: Orders;

before(async () => {
  ground = await startTestProcess([]);
  const { databaseUrl: postgresUrl, natsUrl, stream: natsStream } = ground.ground;
  place = { postgresUrl, natsUrl, natsStream };
  audited = new AuditedGround(place);
  const isCosec = ({ name }: { name: string }) => name === 'cosec';
  const mall = await startTestProcess(
    mallModules().filter((module) => !isCosec(module)),
    { beside: ground },
  );
  const shoppers = new Shoppers(mall, eventually);
  const cancelled = await shoppers.cancel();
  const cosec = await startTestProcess(mallModules().filter(isCosec), { beside: ground });
  orders = { ...(await shoppers.shop()), cancelled };
  assert.ok(await untilQuiet({ ...place, waitMs: 10_000 }), 'the mall comes to rest');
  await mall.stop();
  await cosec.stop();
});
after(() => ground?.stop());

function of(result: AuditResult, rule: string) {
  const outcome = result.outcomes.find((each) => each.rule.id === rule);
  assert.ok(outcome, rule);
  return outcome;
}

test('a mall with orders at each end is clean, and each rule has had something to check', async () => {
  const { outcomes, violations, moving } = await audited.audit();
  const shown = outcomes.flatMap((outcome) => outcome.shown);
  assert.deepEqual(shown, []);
  assert.deepEqual([violations, moving], [0, 0]);
  const idle = outcomes.filter(({ checked }) => checked === 0).map(({ rule }) => rule.id);
  assert.deepEqual(idle, ['no-dead-letters']);
});

describe('a planted violation is seen', () => {
  for (const { rule, what, plant, id, says } of plantings) {
    test(`${rule}: ${what}`, async () => {
      const { violations, shown } = of(await audited.auditWith(plant(orders)), rule);
      assert.ok(violations >= 1, 'it is seen');
      const hit = shown.find((violation) => says.test(violation.says));
      assert.ok(hit, `${says} in ${JSON.stringify(shown)}`);
      if (id) assert.ok(hit.ids.includes(id(orders)), `${id(orders)} in ${hit.ids}`);
    });
  }

  test('each rule has such a test', () => {
    const tested = new Set(plantings.map((each) => each.rule));
    assert.deepEqual(
      rules.filter((rule) => !tested.has(rule.id)).map((rule) => rule.id),
      [],
    );
  });
});

test('an audit leaves no consumer behind', async () => {
  const connection = await connect({ servers: place.natsUrl });
  try {
    const { streams } = await jetstreamManager(connection);
    const before = await streams.info(place.natsStream);
    await audited.audit();
    const { state } = await streams.info(place.natsStream);
    assert.equal(state.consumer_count, before.state.consumer_count);
  } finally {
    await connection.close();
  }
});

test('dead letters can be allowed', async () => {
  const letter = plantings.find(({ rule }) => rule === 'no-dead-letters');
  const result = await audited.auditWith(letter?.plant(orders) ?? [], { allowDeadLetters: true });
  assert.deepEqual([result.violations, of(result, 'no-dead-letters').checked], [0, 1]);
});

test('of many violations the first are shown and all are counted', async () => {
  const { violations, shown } = of(await audited.auditWith(['DELETE FROM search.inbox']), 'taken-once');
  assert.equal(shown.length, SHOWN_PER_RULE);
  assert.ok(violations > SHOWN_PER_RULE);
});

test('a message on its way, and what hangs on it, is no violation', async () => {
  const order = orders.approved;
  const young = await audited.auditWith([
    `UPDATE ordering.outbox SET published_at = NULL, stream_sequence = NULL, sent_at = now()
     WHERE ordering_key = '${order}' AND name LIKE '%Approved'`,
    `UPDATE search.orders SET status = 'New', version = 1 ${where(order)}`,
  ]);
  assert.equal(young.violations, 0);
  assert.equal(of(young, 'contexts-agree').moving, 2);
});

test('messages not settled yet are on their way; one taken out of the stream is missed', async () => {
  const lostId = String((await ground.rows(`SELECT ${firstOutbox('stores')} AS id`))[0]?.id);
  const connection = await connect({ servers: place.natsUrl });
  try {
    await ground.publish(messages.stores.storeRebranded, { id: 'somewhere', name: 'else' });
    const waiting = await audited.audit();
    assert.equal(waiting.violations, 0);
    assert.ok(waiting.moving > 0);
    assert.equal(await untilQuiet({ ...place, waitMs: 200 }), false);
    const manager = await jetstreamManager(connection);
    await manager.streams.deleteMessage(place.natsStream, await sequenceOf(lostId));
    const { shown } = of(await audited.audit(), 'published-in-stream');
    assert.deepEqual(
      shown.map(({ ids }) => ids),
      [[lostId]],
    );
  } finally {
    await connection.close();
  }
});

async function sequenceOf(id: string): Promise<number> {
  const [row] = await ground.rows('SELECT stream_sequence AS at FROM stores.outbox WHERE id = $1', [id]);
  return Number(row?.at);
}
