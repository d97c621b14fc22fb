import { uniqueName } from '../../../containers/embedded/test-servers.ts';
import { workbench } from '../../../services/mall.ts';
import { smallEvent } from '../kernel-ground.ts';
import type { FlatCase, FlatGround } from './case.ts';
import type { Caller } from './cost.ts';

const { Broker, Database, inUnitOfWork, kernelMigrations, lifecycleLimits, messagingLimits } = workbench;
const { migrate, newId, Outbox, OutboxRelay } = workbench;
const schema = 'bench';
const stream = uniqueName('bench');
/** Rows that are published for one call: a few rounds of the relay. */
const rowsPublished = 2_000;

/** Messages that wait for a broker that was away for long. */
export const backlog: FlatCase = {
  name: 'an outbox with a backlog',
  size: 1_000_000,
  tables: ['bench.outbox'],
  prepare: ({ databaseUrl }) =>
    migrate(databaseUrl, { schema, folders: [kernelMigrations.messaging] }).then(() => undefined),
  fill: async ({ client }, { from, to }) => {
    await client.query(
      `INSERT INTO bench.outbox (id, name, subject, data, metadata, sent_at, ordering_key)
       SELECT gen_random_uuid(), 'waiting', $3, 'a message'::bytea, '{}', now(), 'store-' || n / 10
       FROM generate_series($1::int, $2::int) AS n`,
      [from, to, `${stream}.stores.events.Store`],
    );
  },
  calls: (ground) => [
    { figure: 'flat.backlog.commit', calls: 50, open: async () => committer(ground) },
    { figure: 'flat.backlog.publish', calls: 1, open: async () => publisher(ground) },
  ],
};

function openDatabase({ databaseUrl }: FlatGround) {
  return new Database({ url: databaseUrl, schema, limits: lifecycleLimits.database });
}

/** Leaves messages about aggregates that have others waiting. */
function committer(ground: FlatGround): Caller {
  const database = openDatabase(ground);
  const outbox = new Outbox({ schema, stream, committed: () => undefined });
  return {
    call: async (index) => {
      const id = newId();
      const about = { id, subject: { name: 'stores.Store', id: `store-${index}`, version: 1 } };
      await inUnitOfWork(database, { causationId: id, correlationId: id }, async (unit) =>
        outbox.event(unit, smallEvent(id, 'late'), { ...about, occurredAt: new Date() }),
      );
    },
    close: () => database.close(),
  };
}

/** Empties part of the outbox with the relay, as it is emptied once the broker is back. */
async function publisher(ground: FlatGround): Promise<Caller> {
  const database = openDatabase(ground);
  const limits = { ...messagingLimits, streamMaxBytes: 512 * 1024 ** 2 };
  const broker = await Broker.open({ url: ground.servers.natsUrl, stream, limits });
  const enough = Promise.withResolvers<void>();
  let count = 0;
  const logger = workbench.silentLogger();
  const relay = new OutboxRelay({
    database,
    broker,
    limits,
    logger,
    published: () => {
      if (++count === rowsPublished) enough.resolve();
    },
  });
  return {
    call: async () => {
      relay.start();
      await enough.promise;
    },
    // The broker first: with one, a relay that is stopped publishes all that waits.
    close: async () => {
      await broker.close();
      await relay.stop();
      await database.close();
    },
  };
}
