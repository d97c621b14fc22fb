import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { jetstreamManager } from '@nats-io/jetstream';
import { Outbox } from './outbox.ts';
import { onEvent, subscribe } from './subscriptions.ts';
import {
  found,
  MessagingGround,
  storeEvents,
  storeRebranded,
  testLimits,
} from './testing/messaging-ground.ts';

const ground = new MessagingGround();

test('row P-67: what is committed is published, each row with the sequence the broker gave it', async () => {
  ground.relay.start();
  await ground.rename('s', 'one', 'two');
  const rows = await found('both rows to be published', async () => {
    const found = await ground.database.query<{ stream_sequence: number }>(
      'SELECT stream_sequence FROM kernel_test.outbox WHERE published_at IS NOT NULL ORDER BY position',
    );
    return found.length === 2 ? found : undefined;
  });
  assert.deepEqual(
    rows.map((row) => row.stream_sequence),
    [1, 2],
  );
});

test('row P-21: a commit wakes the relay, no poll has to come round', async () => {
  const limits = { ...testLimits, outboxPollMs: 3_600_000 };
  await ground.restart({ limits });
  ground.relay.start();
  await ground.rename('s', 'one');
  await found('the first', async () => ((await ground.unpublished()) === 0 ? true : undefined));
  await ground.rename('s', 'two');
  await found('the second', async () => ((await ground.unpublished()) === 0 ? true : undefined));
});

test('row P-27: no more publishes wait for their answer than the relay takes from the outbox at once', async () => {
  const limits = { ...testLimits, outboxBatchRows: 3 };
  await ground.restart({ limits });
  let [outstanding, most] = [0, 0];
  const publish = ground.broker.publish.bind(ground.broker);
  mock.method(ground.broker, 'publish', async (...message: Parameters<typeof publish>) => {
    most = Math.max(most, ++outstanding);
    return publish(...message).finally(() => outstanding--);
  });
  for (let store = 0; store < 10; store++) await ground.rename(`store ${store}`, 'one');
  ground.relay.start();
  await found('all', async () => ((await ground.unpublished()) === 0 ? true : undefined));
  assert.equal(most, 3);
});

test('row P-22: messages of one aggregate reach their consumer in the order of their commits', async () => {
  ground.relay.start();
  const seen = new Map<string, string[]>();
  const reader = ground.consumer(
    subscribe(
      storeEvents('ordered'),
      onEvent(storeRebranded, ({ payload }) => {
        seen.set(payload.id, [...(seen.get(payload.id) ?? []), payload.name]);
      }),
    ),
  );
  await reader.start();
  const names = Array.from({ length: 20 }, (_, index) => String(index));
  await Promise.all(['a', 'b', 'c'].map((store) => ground.rename(store, ...names)));
  await found('all 60', async () => ([...seen.values()].flat().length === 60 ? true : undefined));
  await reader.stop();
  for (const store of ['a', 'b', 'c']) assert.deepEqual(seen.get(store), names);
});

test('row P-22: what another process has left goes before what was decided on it here', async () => {
  const seen: string[] = [];
  const reader = ground.consumer(
    subscribe(
      storeEvents('both'),
      onEvent(storeRebranded, ({ payload }) => {
        seen.push(payload.name);
      }),
    ),
  );
  ground.relay.start();
  await reader.start();
  await ground.rename('s', '0');
  await found('the first', async () => (seen.length === 1 ? true : undefined));
  // The relay hears nothing of these commits: as of a process whose notification is late.
  const elsewhere = new Outbox({
    schema: 'kernel_test',
    stream: ground.broker.stream,
    committed: () => undefined,
  });
  for (let turn = 1; turn <= 10; turn++) {
    await ground.renameIn(elsewhere, 's', [`${turn} there`]);
    await ground.rename('s', `${turn} here`);
  }
  await found('all', async () => (seen.length === 21 ? true : undefined));
  await reader.stop();
  const turns = Array.from({ length: 10 }, (_, index) => index + 1);
  assert.deepEqual(seen, ['0', ...turns.flatMap((turn) => [`${turn} there`, `${turn} here`])]);
});

test('a message whose transaction commits after later ones is not passed over', async () => {
  const late = await ground.database.session({ lazyCommits: false });
  await late.query('BEGIN');
  await late.query(
    `INSERT INTO kernel_test.outbox (id, name, subject, data, metadata, sent_at, ordering_key)
     VALUES ('late', $1, $2, 'x', '{}', now(), 'late')`,
    [storeRebranded.name, `${ground.broker.stream}.others`],
  );
  ground.relay.start();
  await ground.rename('s', 'early');
  await found('the early one', async () => ((await ground.unpublished()) === 0 ? true : undefined));
  await late.query('COMMIT');
  await late.end();
  const [first, second] = await found('both', async () => {
    const rows = await ground.database.query<{ id: string; stream_sequence: number | null }>(
      'SELECT id, stream_sequence FROM kernel_test.outbox ORDER BY position',
    );
    return rows.every(({ stream_sequence }) => stream_sequence !== null) ? rows : undefined;
  });
  assert.deepEqual([first?.id, first?.stream_sequence, second?.stream_sequence], ['late', 2, 1]);
});

test('rows P-01, P-02: a relay without its broker keeps every row and goes on when the broker is back', async () => {
  ground.relay.start();
  await ground.rename('s', 'before');
  await found('the first', async () => ((await ground.unpublished()) === 0 ? true : undefined));
  await ground.broker.connection.close();
  await ground.rename('s', 'meanwhile');
  await found('a failed try', async () => {
    const row = await ground.database.queryOne('SELECT 1 FROM kernel_test.outbox WHERE attempts > 1', []);
    return row ? true : undefined;
  });
  assert.equal(await ground.unpublished(), 1);
  await ground.restart();
  ground.relay.start();
  await found('the rest', async () => ((await ground.unpublished()) === 0 ? true : undefined));
});

test('a stream that is deleted while the connection stands is made again and refilled', async () => {
  ground.relay.start();
  await ground.rename('s', 'before');
  await found('the first', async () => ((await ground.unpublished()) === 0 ? true : undefined));
  const manager = await jetstreamManager(ground.broker.connection);
  await manager.streams.delete(ground.broker.stream);
  await ground.rename('s', 'after');
  await found('both again', async () => {
    const info = await manager.streams.info(ground.broker.stream).catch(() => undefined);
    return info?.state.messages === 2 ? true : undefined;
  });
});

test('row P-66: a row that cannot be sent is quarantined with its aggregate; others go on', async () => {
  await ground.rename('broken', 'x');
  await ground.database.query(`UPDATE kernel_test.outbox SET subject = $1`, [
    `${ground.broker.stream}.${'x'.repeat(10)} y`,
  ]);
  await ground.rename('broken', 'behind it');
  await ground.rename('sound', 'y');
  ground.relay.start();
  await found('the sound one', async () => ((await ground.unpublished()) <= 2 ? true : undefined));
  const rows = await found('the quarantine', async () => {
    const found = await ground.database.query<{ ordering_key: string }>(
      'SELECT ordering_key FROM kernel_test.outbox WHERE quarantined_at IS NOT NULL',
    );
    return found.length > 0 ? found : undefined;
  });
  assert.deepEqual(rows, [{ ordering_key: 'broken' }]);
  assert.equal(await ground.unpublished(), 2);
});

test('two relays on one outbox: one works, the other takes over when it goes', async () => {
  const second = ground.anotherRelay();
  ground.relay.start();
  second.start();
  await ground.rename('s', 'one');
  await found('the first', async () => ((await ground.unpublished()) === 0 ? true : undefined));
  await ground.relay.stop();
  await ground.rename('s', 'two');
  await found('the second', async () => ((await ground.unpublished()) === 0 ? true : undefined));
  await second.stop();
});
