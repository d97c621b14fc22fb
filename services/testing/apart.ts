import { pino } from 'pino';
import { prepareServiceDatabases, serviceDatabaseName } from '../../containers/database/service-databases.ts';
import { connected, freePort } from '../../containers/embedded/index.ts';
import { testServers, uniqueName } from '../../containers/embedded/test-servers.ts';
import { type ContextName, contextNames } from '../../proto/catalogue.ts';
import type { RunningProcess } from '../kernel/lifecycle/index.ts';
import { type ContextsSettings, migrateSchemas, startContexts, startGateway } from '../mall.ts';

/** A mall whose contexts run apart: each with a database, roles and doors of its own, the gateway before them. */
export interface MallApart {
  readonly restUrl: string;
  readonly grpcAddress: string;
  readonly natsUrl: string;
  readonly natsStream: string;
  /** As an admin, who may look into every database. */
  readonly adminUrl: string;
  /** Names of the databases by context. */
  readonly databases: Readonly<Record<string, string>>;
  /** Where each context listens. */
  readonly doors: readonly { readonly name: ContextName; readonly restUrl: string }[];
  /** As the role that serves. */
  readonly databaseUrl: (context: ContextName) => string;
  /** Stops one context and leaves the others. */
  stopContext(context: ContextName): Promise<void>;
  /** Starts one that has been stopped, where it was. */
  startContext(context: ContextName): Promise<void>;
  /** Stops all processes; databases and stream stay until `stop`. */
  halt(): Promise<void>;
  stop(): Promise<void>;
}

type Options = Pick<ContextsSettings, 'authSecret' | 'decline'> & { readonly natsStream?: string };

/** Starts such a mall in this process, on the test servers. Stop it in `after`. */
export async function startApart({
  natsStream = uniqueName('mall'),
  ...options
}: Options = {}): Promise<MallApart> {
  const servers = await testServers();
  const { postgresUrl: adminUrl, natsUrl } = servers;
  const prefix = `${uniqueName('apart')}_`;
  const databases = Object.fromEntries(
    contextNames.map((context) => [context, serviceDatabaseName(prefix, context)]),
  );
  const prepared = await prepareServiceDatabases({ adminUrl, databases });
  const of = (context: ContextName) => prepared.find((each) => each.context === context);
  const doors = await chooseDoors();
  const portsOf = (context: ContextName) => {
    const known = doors.find(({ name }) => name === context);
    return known?.ports ?? { restPort: 0, grpcPort: 0 };
  };
  const shared = { natsUrl, natsStream, host: '127.0.0.1', logger: pino({ level: 'silent' }), ...options };
  const running = new Map<ContextName, RunningProcess>();
  const startContext = async (context: ContextName) => {
    const started = await startContexts(
      {
        ...shared,
        contexts: [context],
        databaseUrl: (name) => of(name)?.url ?? '',
        services: Object.fromEntries(doors.map(({ name, grpcAddress }) => [name.toUpperCase(), grpcAddress])),
        ...portsOf(context),
      },
      () => undefined,
    );
    running.set(context, started);
  };
  let gateway: RunningProcess | undefined;
  const halt = async () => {
    await gateway?.stop();
    await Promise.all([...running.values()].map((each) => each.stop()));
  };
  const stop = async () => {
    await halt();
    await drop(adminUrl, Object.values(databases));
    await servers.stop();
  };
  try {
    await migrateSchemas({
      contexts: contextNames,
      migrationUrl: (context) => of(context)?.migrationUrl ?? '',
      servedBy: (context) => of(context)?.user ?? '',
    });
    for (const started of await Promise.allSettled(contextNames.map(startContext))) {
      if (started.status === 'rejected') throw started.reason;
    }
    gateway = await startGateway({ ...shared, contexts: doors, restPort: 0, grpcPort: 0 }, () => undefined);
  } catch (error) {
    // Whatever runs would keep the test file from ending.
    await stop();
    throw error;
  }
  return {
    ...gateway,
    natsUrl,
    natsStream,
    adminUrl,
    databases,
    doors,
    databaseUrl: (context) => of(context)?.url ?? '',
    startContext,
    stopContext: async (context) => await running.get(context)?.stop(),
    halt,
    stop,
  };
}

interface ContextDoors {
  readonly name: ContextName;
  readonly grpcAddress: string;
  readonly restUrl: string;
  readonly ports: { readonly restPort: number; readonly grpcPort: number };
}

async function chooseDoors(): Promise<readonly ContextDoors[]> {
  const doors: ContextDoors[] = [];
  for (const name of contextNames) {
    const ports = { restPort: await freePort(), grpcPort: await freePort() };
    const [grpcAddress, restUrl] = [`127.0.0.1:${ports.grpcPort}`, `http://127.0.0.1:${ports.restPort}`];
    doors.push({ name, grpcAddress, restUrl, ports });
  }
  return doors;
}

async function drop(adminUrl: string, names: readonly string[]): Promise<void> {
  await connected(adminUrl, async (admin) => {
    for (const name of names) {
      await admin.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
      await admin.query(`DROP ROLE ${name}_owner, ${name}_user`);
    }
  });
}
