import { eventSourced, workbench } from '../../../services/mall.ts';
import { smallEvent } from '../kernel-ground.ts';
import type { FlatCase, FlatGround } from './case.ts';
import type { Caller } from './cost.ts';

const { Database, EventSourced, inUnitOfWork, kernelMigrations, lifecycleLimits, migrate, Outbox } =
  workbench;
const schema = 'bench';
const eventsPerStream = 5;

async function prepare({ databaseUrl }: FlatGround): Promise<void> {
  await migrate(databaseUrl, { schema, folders: [kernelMigrations.messaging, kernelMigrations.eventstore] });
}

function openStores(ground: FlatGround) {
  const database = new Database({ url: ground.databaseUrl, schema, limits: lifecycleLimits.database });
  const outbox = new Outbox({ schema, stream: 'bench', committed: () => undefined });
  const stores = new EventSourced({
    database,
    ...eventSourced.store,
    notFound: 'there is no such store',
    react: ({ aggregateId, id, version, occurredAt }, unit) => {
      const subject = { name: 'stores.Store', id: aggregateId, version };
      outbox.event(unit, smallEvent(aggregateId, 'renamed'), { id, subject, occurredAt });
    },
  });
  return { database, stores };
}

function loader(ground: FlatGround, idAt: (index: number) => string): Caller {
  const { database, stores } = openStores(ground);
  return {
    call: async (index) => void (await stores.load(idAt(index))),
    close: () => database.close(),
  };
}

function appender(ground: FlatGround, idAt: (index: number) => string): Caller {
  const { database, stores } = openStores(ground);
  return {
    call: async (index) => {
      const id = idAt(index);
      const command = { type: 'RebrandStore', name: `name ${index}` } as const;
      await inUnitOfWork(database, { causationId: id, correlationId: id }, (unit) =>
        stores.execute(unit, id, command),
      );
    },
    close: () => database.close(),
  };
}

/** Events of streams `store-<n>`: created, then renamed. */
const insert = (stream: string, version: string, rows: string) => `
  INSERT INTO bench.events (stream_id, stream_name, stream_version, event_id, event_name, event_data,
                            metadata, schema_version, occurred_at)
  SELECT ${stream}, 'stores.Store', ${version}, gen_random_uuid(),
         CASE WHEN ${version} = 1 THEN 'stores.StoreCreated' ELSE 'stores.StoreRebranded' END,
         CASE WHEN ${version} = 1 THEN '{"Name": "Waldorf Books", "Location": "the mall"}'
              ELSE '{"Name": "Statler Books"}' END::jsonb,
         '{}', 1, now()
  FROM ${rows}`;

const streamsOf = `generate_series($1::int, $2::int) AS s, generate_series(1, ${eventsPerStream}) AS n`;

/** One aggregate with a long history, with the snapshots that were written on its way. */
export const longStream: FlatCase = {
  name: 'an aggregate with many events',
  size: 10_000,
  tables: ['bench.events', 'bench.snapshots'],
  prepare: async (ground) => {
    await prepare(ground);
    // Alone in its table it would be read through, since it is all there is.
    await ground.client.query(insert("'store-' || s", 'n', streamsOf), [1, 10_000]);
  },
  fill: async ({ client }, { to }) => {
    // What was measured has appended to it as well.
    const next = `coalesce((SELECT max(stream_version) FROM bench.events WHERE stream_id = 'long'), 0) + 1`;
    await client.query(insert("'long'", 'n', `generate_series(${next}, $1::int) AS n`), [to]);
    const document = { Name: 'Statler Books', Location: 'the mall', Participating: false };
    await client.query(
      `INSERT INTO bench.snapshots (stream_id, stream_name, stream_version, snapshot_name, snapshot_data)
       VALUES ('long', $1, $2, $3, $4) ON CONFLICT (stream_id, stream_name)
       DO UPDATE SET stream_version = excluded.stream_version`,
      [
        eventSourced.store.codec.streamName,
        Math.floor(to / workbench.SNAPSHOT_EVERY) * workbench.SNAPSHOT_EVERY,
        eventSourced.store.codec.snapshotName,
        JSON.stringify(document),
      ],
    );
  },
  calls: (ground) => [
    { figure: 'flat.stream.load', calls: 20, open: async () => loader(ground, () => 'long') },
    { figure: 'flat.stream.append', calls: 20, open: async () => appender(ground, () => 'long') },
  ],
};

/** A store of many aggregates. */
export const largeStore: FlatCase = {
  name: 'a store with many events',
  size: 5_000_000,
  tables: ['bench.events'],
  prepare,
  fill: async ({ client }, { from, to }) => {
    const last = Math.floor(to / eventsPerStream);
    await client.query(insert("'store-' || s", 'n', streamsOf), [Math.ceil(from / eventsPerStream), last]);
  },
  calls: (ground, size) => {
    const streams = Math.floor(size / eventsPerStream);
    const idAt = (offset: number) => (index: number) => `store-${1 + ((index * 7_919 + offset) % streams)}`;
    return [
      { figure: 'flat.store.load', calls: 50, open: async () => loader(ground, idAt(1)) },
      { figure: 'flat.store.append', calls: 50, open: async () => appender(ground, idAt(2)) },
    ];
  },
};
