import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import {
  asyncApiPages,
  gateway,
  healthRoutes,
  httpLimits,
  httpServer,
  type ReadinessCheck,
  type RestContext,
  requestSpans,
  swaggerUi,
} from '../http/index.ts';
import { Broker, type MessagingLimits, messagingLimits } from '../messaging/index.ts';
import {
  channelLimits,
  RpcChannels,
  RpcServer,
  rpcLimits,
  StandardServices,
  Tokens,
  type UnaryMethod,
} from '../rpc/index.ts';
import {
  Metrics,
  scopedLogger,
  startTracing,
  type Tracing,
  type TracingSettings,
} from '../telemetry/index.ts';
import { ContextRuntime } from './context-runtime.ts';
import { lifecycleLimits, retrying } from './limits.ts';
import type { ContextModule } from './module.ts';
import type { StrictRules } from './strict.ts';

export interface ProcessSettings {
  readonly modules: readonly ContextModule[];
  readonly databaseUrl: (context: string) => string;
  readonly natsUrl: string;
  readonly natsStream: string;
  readonly host: string;
  readonly restPort: number;
  readonly grpcPort: number;
  readonly logger: Logger;
  /** Where other contexts listen, by logical name such as `STORES`; those not named are in this process. */
  readonly services?: Readonly<Record<string, string>>;
  readonly limits?: Partial<MessagingLimits>;
  /** Rules that refuse more than the original did; none unless given. */
  readonly strict?: StrictRules;
  /** Signs the tokens that callers must show, and those of calls between contexts; without it nobody is asked. */
  readonly authSecret?: string | undefined;
  /** Which traces are recorded and where they go; off unless given. */
  readonly tracing?: TracingSettings | undefined;
}

export interface RunningProcess {
  readonly restUrl: string;
  readonly grpcAddress: string;
  /** Stops in order; nothing accepted is lost. Asked again, it is the same stop. */
  stop(): Promise<void>;
}

/** Whether this process wants work; red from the first moment of a stop. */
interface Intake {
  open: boolean;
}

/** Starts some contexts in this process, in order, and answers when they are ready. */
export async function startProcess(
  settings: ProcessSettings,
  progress: (step: string) => void,
): Promise<RunningProcess> {
  const limits = { ...messagingLimits, ...settings.limits };
  const logger = scopedLogger(settings.logger);
  const tracing = await startTracing(settings.tracing, logger);
  const tokens = settings.authSecret === undefined ? undefined : new Tokens(settings.authSecret);
  progress('connecting to the message broker');
  const broker = await retrying(() =>
    Broker.open({ url: settings.natsUrl, stream: settings.natsStream, limits }),
  );
  const rpc = new RpcServer({ host: settings.host, port: settings.grpcPort, limits: rpcLimits });
  const channels = new RpcChannels((service) => settings.services?.[service] ?? rpc.address, channelLimits, {
    authorization: tokens && (() => tokens.ownAuthorization('mall')),
  });
  const metrics = new Metrics();
  const shared = {
    databaseLimits: lifecycleLimits.database,
    messagingLimits: limits,
    broker,
    channels,
    metrics,
    logger,
    strict: settings.strict ?? new Set(),
    tokens,
  };
  const contexts: ContextRuntime[] = [];
  const intake: Intake = { open: false };
  const app = httpServer(httpLimits);
  requestSpans(app, tracing.door('gateway'));
  const standard = new StandardServices();
  const parts: Parts = { broker, rpc, standard, channels, contexts, app, intake, tracing, logger };
  try {
    // From here on a failure lets go of what is open, the broker first of all.
    for (const module of settings.modules) {
      const databaseUrl = settings.databaseUrl(module.name);
      contexts.push(new ContextRuntime({ ...shared, module, databaseUrl, tracer: tracing.of(module.name) }));
    }
    progress('applying migrations');
    await Promise.all(contexts.map((context) => retrying(() => context.migrate())));
    progress('opening the doors');
    await openDoors(parts, settings, metrics);
    progress('starting relays and consumers');
    await Promise.all(contexts.map((context) => context.start()));
  } catch (error) {
    await stopInOrder(parts);
    throw error;
  }
  intake.open = true;
  standard.serving(true);
  logger.info({ contexts: settings.modules.map((module) => module.name) }, 'ready');
  const address = app.server.address();
  const restPort = typeof address === 'object' && address ? address.port : settings.restPort;
  let stopping: Promise<void> | undefined;
  return {
    restUrl: `http://${settings.host}:${restPort}`,
    grpcAddress: rpc.address,
    stop: () => {
      stopping ??= stopInOrder(parts);
      return stopping;
    },
  };
}

/** Contexts with a REST door, in the order of their documents. */
const restContexts: readonly RestContext[] = [
  'customers',
  'depot',
  'ordering',
  'search',
  'payments',
  'stores',
  'baskets',
];

interface Parts {
  readonly broker: Broker;
  readonly rpc: RpcServer;
  readonly standard: StandardServices;
  readonly channels: RpcChannels;
  readonly contexts: readonly ContextRuntime[];
  readonly app: FastifyInstance;
  readonly intake: Intake;
  readonly tracing: Tracing;
  readonly logger: Logger;
}

async function openDoors(parts: Parts, settings: ProcessSettings, metrics: Metrics): Promise<void> {
  const { broker, rpc, contexts, app, intake, standard } = parts;
  const running = new Set<string>(settings.modules.map((module) => module.name));
  const methods = new Map<string, UnaryMethod>();
  for (const service of contexts.flatMap((context) => context.services)) {
    rpc.add(service);
    for (const method of service) methods.set(method.path, method);
  }
  const checks: ReadinessCheck[] = [
    { name: 'process', check: async () => (intake.open ? undefined : 'it is starting or stopping') },
    { name: 'broker', check: async () => (broker.connected ? undefined : 'the message broker is away') },
    ...contexts.flatMap((context) => context.readinessChecks()),
  ];
  healthRoutes(app, { checks, metrics });
  await app.register(swaggerUi(restContexts.filter((name) => running.has(name))));
  const names = settings.modules.map((module) => module.name);
  await app.register(asyncApiPages(names, { stream: settings.natsStream, server: settings.natsUrl }));
  gateway(app, { methods, deadlineMs: httpLimits.callDeadlineMs });
  standard.addTo(rpc);
  // Listeners before consumers: a message handled at once may call another context (row P-68).
  await rpc.listen();
  await app.listen({ host: settings.host, port: settings.restPort });
}

/**
 * The order in which nothing is lost: no new work, finish what was accepted, publish what it left, then let go of
 * broker and databases. Each step has its share of the ten seconds; one that takes longer is cut short and logged.
 */
async function stopInOrder({
  broker,
  rpc,
  standard,
  channels,
  contexts,
  app,
  intake,
  tracing,
  logger,
}: Parts): Promise<void> {
  intake.open = false;
  standard.serving(false);
  const steps: readonly (readonly [string, number, () => Promise<unknown> | unknown])[] = [
    ['consumers', 3_000, () => Promise.all(contexts.map((context) => context.stopIntake()))],
    ['http', 1_500, () => app.close()],
    ['grpc', 1_500, () => rpc.close(1_400)],
    ['outboxes and databases', 2_500, () => Promise.all(contexts.map((context) => context.close()))],
    ['channels', 100, () => channels.close()],
    ['broker', 1_000, () => broker.close()],
    ['traces', 500, () => tracing.stop()],
  ];
  for (const [name, withinMs, step] of steps) {
    const { promise: late, reject } = Promise.withResolvers<never>();
    const timer = setTimeout(() => reject(new Error(`not done within ${withinMs} ms`)), withinMs);
    try {
      await Promise.race([step(), late]);
    } catch (error) {
      logger.warn({ err: error, step: name }, 'a step of the stop was cut short');
    } finally {
      clearTimeout(timer);
    }
  }
  logger.info('stopped');
}
