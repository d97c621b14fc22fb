import type { ServiceDatabase } from '../../../containers/database/service-databases.ts';
import { type ContextName, contextNames } from '../../../proto/contexts.ts';
import { logicalName } from '../../settings/addresses.ts';
import { environmentOf, withoutSettings } from '../../settings/environment.ts';
import type { Settings } from '../../settings/index.ts';
import type { Traces } from '../traces.ts';

/** The gateway takes its place among the services. */
export type ServiceName = ContextName | 'gateway';

/** What one process of a mall is started with. */
export interface ServicePlan {
  readonly name: ServiceName;
  readonly environment: NodeJS.ProcessEnv;
  readonly restUrl: string;
  readonly grpcAddress: string;
}

export interface PlanOptions {
  readonly settings: Settings;
  readonly natsUrl: string;
  readonly traces: Traces | undefined;
  readonly natsStream: string;
  readonly databases: readonly ServiceDatabase[];
  /** The doors for everybody. */
  readonly doors: { readonly rest: number; readonly grpc: number };
  /** REST and gRPC ports of the services, in turn. */
  readonly servicePorts: readonly number[];
}

/** Services are for each other and for the gateway only. */
const serviceHost = '127.0.0.1';

/** The processes of a mall. */
export interface MallPlan {
  /** Makes the schemas before anything is served: it alone knows the roles that own them. */
  readonly migration: { readonly environment: NodeJS.ProcessEnv };
  /** The contexts, and the gateway as the last one. */
  readonly services: readonly ServicePlan[];
}

/** Every process of the mall. */
export function planServices(options: PlanOptions): MallPlan {
  const { settings, natsUrl, natsStream, traces, databases, doors, servicePorts } = options;
  const ports = contextNames.map((name, index) => ({
    name,
    port: servicePorts[2 * index] ?? 0,
    grpcPort: servicePorts[2 * index + 1] ?? 0,
  }));
  const addresses = (of: (ports: { port: number; grpcPort: number }) => string) =>
    Object.fromEntries(ports.map(({ name, ...own }) => [logicalName(name), of(own)]));
  const services = addresses(({ grpcPort }) => `${serviceHost}:${grpcPort}`);
  const serviceUrls = addresses(({ port }) => `http://${serviceHost}:${port}`);
  const {
    postgresUrl: _,
    migrationUrl: __,
    migrationPasswords: ___,
    ...shared
  } = {
    ...settings,
    natsUrl,
    natsStream,
    services,
    serviceUrls,
    otlpEndpoint: traces?.endpoint,
    jaegerUrl: traces?.queryUrl,
  };
  const plan = (
    name: ServiceName,
    own: Partial<Settings> & { port: number; grpcPort: number; host: string },
  ) => ({
    name,
    environment: { ...withoutSettings(process.env), ...environmentOf({ ...shared, ...own }) },
    restUrl: `http://${own.host}:${own.port}`,
    grpcAddress: `${own.host}:${own.grpcPort}`,
  });
  const contexts = ports.map(({ name, ...own }) => {
    const postgresUrl = databases.find(({ context }) => context === name)?.url;
    return plan(name, { ...own, postgresUrl, host: serviceHost });
  });
  const gateway = plan('gateway', { port: doors.rest, grpcPort: doors.grpc, host: settings.host });
  return { migration: planMigration(settings, databases), services: [...contexts, gateway] };
}

function planMigration(settings: Settings, databases: readonly ServiceDatabase[]): MallPlan['migration'] {
  const [first] = databases;
  const own = {
    logLevel: settings.logLevel,
    postgresUrl: first && ofEveryContext(first.url, first.context),
    migrationUrl: first && ofEveryContext(first.migrationUrl, first.context),
    migrationPasswords: Object.fromEntries(
      databases.map(({ context, migrationUrl }) => [context.toUpperCase(), new URL(migrationUrl).password]),
    ),
  };
  return { environment: { ...withoutSettings(process.env), ...environmentOf(own) } };
}

/** A context's address, without its password, as one for all of them, which are named alike. */
function ofEveryContext(url: string, context: string): string {
  const address = new URL(url);
  const inAll = (text: string) => text.replace(new RegExp(`${context}(_owner|_user)?$`), '{context}$1');
  address.username = inAll(address.username);
  address.pathname = inAll(address.pathname);
  address.password = '';
  return address.href;
}
