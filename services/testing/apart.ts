import { pino } from 'pino';
import { prepareServiceDatabases, serviceDatabaseName } from '../../containers/database/service-databases.ts';
import { connected, freePort } from '../../containers/embedded/index.ts';
import { testServers, uniqueName } from '../../containers/embedded/test-servers.ts';
import { type ContextName, contextNames } from '../../proto/catalogue.ts';
import { type ContextsSettings, startContexts, startGateway } from '../mall.ts';

/** A mall whose contexts run apart: each with a database, roles and doors of its own, the gateway before them. */
export interface MallApart {
  readonly restUrl: string;
  readonly grpcAddress: string;
  readonly natsUrl: string;
  readonly natsStream: string;
  /** As an admin, who may look into every database. */
  readonly adminUrl: string;
  readonly databaseName: (context: ContextName) => string;
  /** As the role that serves. */
  readonly databaseUrl: (context: ContextName) => string;
  /** Stops one context and leaves the others. */
  stopContext(context: ContextName): Promise<void>;
  stop(): Promise<void>;
}

type Options = Pick<ContextsSettings, 'authSecret' | 'decline'> & { readonly natsStream?: string };

interface Running {
  stop(): Promise<void>;
}

/** Starts such a mall in this process, on the test servers. Stop it in `after`. */
export async function startApart({
  natsStream = uniqueName('mall'),
  ...options
}: Options = {}): Promise<MallApart> {
  const servers = await testServers();
  const { postgresUrl: adminUrl, natsUrl } = servers;
  const prefix = `${uniqueName('apart')}_`;
  const databaseName = (context: ContextName) => serviceDatabaseName(prefix, context);
  const names = Object.fromEntries(contextNames.map((context) => [context, databaseName(context)]));
  const databases = await prepareServiceDatabases({ adminUrl, databases: names });
  const of = (context: ContextName) => databases.find((each) => each.context === context);
  const ports = new Map<ContextName, number>();
  for (const context of contextNames) ports.set(context, await freePort());
  const address = (context: ContextName) => `127.0.0.1:${ports.get(context)}`;
  const services = Object.fromEntries(contextNames.map((name) => [name.toUpperCase(), address(name)]));
  const shared = { natsUrl, natsStream, host: '127.0.0.1', logger: pino({ level: 'silent' }), ...options };
  const running = new Map<ContextName, Running>();
  const remote = await Promise.all(
    contextNames.map(async (context) => {
      const started = await startContexts(
        {
          ...shared,
          contexts: [context],
          databaseUrl: (name) => of(name)?.url ?? '',
          migrationUrl: (name) => of(name)?.migrationUrl,
          services,
          restPort: 0,
          grpcPort: ports.get(context) ?? 0,
        },
        () => undefined,
      );
      running.set(context, started);
      return { name: context, grpcAddress: address(context), restUrl: started.restUrl };
    }),
  );
  const gateway = await startGateway(
    { ...shared, contexts: remote, restPort: 0, grpcPort: 0 },
    () => undefined,
  );
  return {
    ...gateway,
    natsUrl,
    natsStream,
    adminUrl,
    databaseName,
    databaseUrl: (context) => of(context)?.url ?? '',
    stopContext: async (context) => await running.get(context)?.stop(),
    stop: async () => {
      await gateway.stop();
      await Promise.all([...running.values()].map((each) => each.stop()));
      await connected(adminUrl, async (admin) => {
        for (const name of contextNames.map(databaseName)) {
          await admin.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
          await admin.query(`DROP ROLE ${name}_owner, ${name}_user`);
        }
      });
      await servers.stop();
    },
  };
}
