import { freshDatabase, uniqueName } from '../../containers/embedded/test-servers.ts';
import { messages } from '../../proto/catalogue.ts';
import { workbench } from '../../services/mall.ts';
import type { Manner } from './manner.ts';
import type { OwnServers } from './own-servers.ts';

const { Broker, Database, kernelMigrations, lifecycleLimits, messagingLimits, migrate } = workbench;
const { Outbox, OutboxRelay, polledRelayLimits, publication } = workbench;
const schema = 'bench';
/** Many streams share the broker, which refuses one that could outgrow its disk. */
const streamMaxBytes = 256 * 1024 ** 2;

/** The kernel of one context on a database and a stream of its own, without the context. */
export interface KernelGround {
  readonly database: workbench.Database;
  readonly outbox: workbench.Outbox;
  /** Starts emptying the outbox; `published` hears the name of each message the broker has acknowledged. */
  startRelay(published: (name: string) => void): void;
  close(): Promise<void>;
}

export async function kernelGround(servers: OwnServers, manner: Manner): Promise<KernelGround> {
  const fresh = await freshDatabase(servers.postgresUrl);
  await migrate(fresh.url, { schema, folders: [kernelMigrations.messaging, kernelMigrations.eventstore] });
  const database = new Database({ url: fresh.url, schema, limits: lifecycleLimits.database });
  const limits = { ...messagingLimits, ...(manner === 'polled' && polledRelayLimits), streamMaxBytes };
  const broker = await Broker.open({ url: servers.natsUrl, stream: uniqueName('bench'), limits });
  let relay: workbench.OutboxRelay | undefined;
  const outbox = new Outbox({ schema, stream: broker.stream, committed: (rows) => relay?.wake(rows) });
  return {
    database,
    outbox,
    startRelay: (published) => {
      relay = new OutboxRelay({ database, broker, limits, logger: workbench.silentLogger(), published });
      relay.start();
    },
    close: async () => {
      await relay?.stop();
      await database.close();
      await broker.close();
      await fresh.drop();
    },
  };
}

/** A small event as contexts publish it, under a name by which it is recognised. */
export function smallEvent(id: string, name: string) {
  const { storeCreated } = messages.stores;
  const payload = { id, name: 'Waldorf Books', location: 'the mall' };
  return publication({ ...storeCreated, name }, payload);
}
