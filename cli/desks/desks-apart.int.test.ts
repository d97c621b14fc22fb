import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { jetstream } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { eventually } from '../../services/kernel/testing/index.ts';
import { createOrderSaga } from '../../services/mall.ts';
import { type MallApart, startApart } from '../../services/testing/apart.ts';
import { Shoppers } from '../audit/testing/purchases.ts';
import { throughTheGateway } from '../audit/testing/through-the-gateway.ts';
import type { DatabaseLayout } from '../malls/context-databases.ts';
import { DeadLetters } from './dead-letters.ts';
import { DeskDatabase } from './desk-database.ts';
import { EventLog } from './event-log.ts';
import { Sagas } from './sagas.ts';

/* A mall whose contexts have a database each: the desks look into all of them. */
let apart: MallApart;
let layout: DatabaseLayout;
let orderId: string;
before(async () => {
  apart = await startApart();
  layout = { postgresUrl: apart.adminUrl, databases: apart.databases };
  const shoppers = new Shoppers(throughTheGateway(apart), eventually);
  orderId = (await shoppers.shop()).completed;
});
after(() => apart?.stop());

test('the events of a purchase are read from the databases of basket and order', async () => {
  await DeskDatabase.use(layout, async (database) => {
    const log = await EventLog.of(database, undefined);
    const story = await log.stream(orderId);
    assert.deepEqual([...new Set(story.map(({ context }) => context))], ['baskets', 'ordering']);
    const versions = story.filter(({ context }) => context === 'ordering').map(({ version }) => version);
    assert.deepEqual(
      versions,
      versions.map((_, index) => index + 1),
    );
  });
});

test('the events of all databases are told in the order of their transactions, none twice, none left out', async () => {
  await DeskDatabase.use(layout, async (database) => {
    const log = await EventLog.of(database, undefined);
    const all = await log.newest(10_000);
    assert.deepEqual([...new Set(all.map(({ context }) => context))].sort(), [
      'baskets',
      'ordering',
      'stores',
    ]);
    const places = all.map(({ transactionId }) => BigInt(transactionId));
    assert.ok(places.every((place, index) => index === 0 || place >= (places[index - 1] ?? 0n)));
    const followed: string[] = [];
    let cursor = { transactionId: '0', position: 0 };
    for (let batch = await log.after(cursor); batch.length > 0; batch = await log.after(cursor)) {
      followed.push(...batch.map(({ id }) => id));
      cursor = batch.at(-1) ?? cursor;
    }
    assert.deepEqual(
      followed,
      all.map(({ id }) => id),
    );
  });
});

test("an order's saga is read from the coordinator's database", async () => {
  await DeskDatabase.use(layout, async (database) => {
    const sagas = new Sagas(database, createOrderSaga.name);
    const saga = await sagas.get(orderId);
    assert.equal(saga.status, 'completed');
    assert.ok((await sagas.history(saga)).length > 0);
  });
});

test('a message that several contexts have parked is listed, mended and dropped in the database of each', async () => {
  const connection = await connect({ servers: apart.natsUrl });
  await jetstream(connection).publish(`${apart.natsStream}.stores.events.Store`, 'no envelope');
  await connection.close();
  await DeskDatabase.use(layout, async (database) => {
    const letters = await DeadLetters.of(database);
    const parked = await eventually(async () => {
      const found = await letters.list({ dropped: false });
      assert.deepEqual(found.map(({ context }) => context).sort(), ['baskets', 'depot', 'search']);
      return found;
    });
    const [first] = parked;
    assert.ok(first);
    const copies = await letters.copies(await letters.get(first.id));
    assert.equal(copies.length, 3);
    await letters.rewrite(copies, Buffer.from('another'), { mended: 'yes' });
    for (const { id } of parked) {
      assert.equal((await letters.get(id)).data.toString(), 'another');
      await letters.drop(await letters.get(id), 'a test');
    }
    assert.deepEqual(await letters.list({ dropped: false }), []);
  });
});
