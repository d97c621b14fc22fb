import type { Logger } from 'pino';
import type { ContextName } from '../../../proto/catalogue.ts';
import { armedCrash, type CrashPoint, crashPoint } from '../faults/index.ts';
import type { ReadinessCheck } from '../http/index.ts';
import { Broker, type MessagingLimits, messagingLimits } from '../messaging/index.ts';
import { channelLimits, RpcChannels, Tokens } from '../rpc/index.ts';
import {
  Metrics,
  scopedLogger,
  startTracing,
  type Tracing,
  type TracingSettings,
} from '../telemetry/index.ts';
import { ContextRuntime } from './context-runtime.ts';
import { Doors } from './doors.ts';
import { lifecycleLimits, retrying } from './limits.ts';
import type { ContextModule } from './module.ts';
import type { RunningProcess } from './running-process.ts';
import { type StopStep, stopInSteps } from './stop-steps.ts';
import type { StrictRules } from './strict.ts';

export interface ProcessSettings {
  readonly modules: readonly ContextModule[];
  readonly databaseUrl: (context: ContextName) => string;
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
  /** Who answers Jaeger's query API about this mall; without it there is nothing to look at. */
  readonly tracesUrl?: string | undefined;
}

/** Starts some contexts in this process, in order, and answers when they are ready. */
export async function startProcess(
  settings: ProcessSettings,
  progress: (step: string) => void,
): Promise<RunningProcess> {
  const limits = { ...messagingLimits, ...settings.limits };
  const logger = scopedLogger(settings.logger);
  const crash = armedCrash();
  if (crash !== undefined) logger.warn({ crash }, 'this process will die there');
  const metrics = new Metrics();
  const tracing = await startTracing(settings.tracing, { logger, metrics });
  const tokens = settings.authSecret === undefined ? undefined : new Tokens(settings.authSecret);
  progress('connecting to the message broker');
  const broker = await retrying(() =>
    Broker.open({ url: settings.natsUrl, stream: settings.natsStream, limits }),
  );
  brokerMetrics(metrics, broker);
  const doors = new Doors(settings, { tracer: tracing.door('gateway'), metrics });
  const channels = new RpcChannels(
    (service) => settings.services?.[service] ?? doors.grpcAddress,
    channelLimits,
    { authorization: tokens && (() => tokens.ownAuthorization('mall')) },
  );
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
  const parts: Parts = { broker, doors, channels, contexts, tracing, logger };
  try {
    // From here on a failure lets go of what is open, the broker first of all.
    for (const module of settings.modules) {
      const databaseUrl = settings.databaseUrl(module.name);
      const own = { module, databaseUrl, tracer: tracing.of(module.name) };
      contexts.push(new ContextRuntime({ ...shared, ...own }));
    }
    progress('applying migrations');
    await Promise.all(contexts.map((context) => retrying(() => context.migrate())));
    progress('opening the doors');
    // Listeners before consumers: a message handled at once may call another context (row P-68).
    await doors.open({
      contexts: settings.modules.map((module) => module.name),
      services: contexts.flatMap((context) => context.services),
      checks: [brokerCheck(broker), ...contexts.flatMap((context) => context.readinessChecks())],
      metrics,
    });
    progress('starting relays and consumers');
    await Promise.all(contexts.map((context) => context.start()));
  } catch (error) {
    await stopInOrder(parts);
    throw error;
  }
  doors.serving(true);
  logger.info({ contexts: settings.modules.map((module) => module.name) }, 'ready');
  let stopping: Promise<void> | undefined;
  return {
    restUrl: doors.restUrl,
    grpcAddress: doors.grpcAddress,
    stop: () => {
      stopping ??= stopInOrder(parts);
      return stopping;
    },
  };
}

interface Parts {
  readonly broker: Broker;
  readonly doors: Doors;
  readonly channels: RpcChannels;
  readonly contexts: readonly ContextRuntime[];
  readonly tracing: Tracing;
  readonly logger: Logger;
}

function brokerCheck(broker: Broker): ReadinessCheck {
  const check = async () => (broker.connected ? undefined : 'the message broker is away');
  return { name: 'broker', check };
}

function crashStep(point: CrashPoint): StopStep {
  return { name: point, withinMs: 100, work: () => crashPoint(point, 'process') };
}

function brokerMetrics(metrics: Metrics, broker: Broker): void {
  const connected = metrics.gauge({
    name: 'mall_broker_connected',
    help: '1 while the connection to the message broker stands, else 0',
  });
  metrics.beforeScrape(() => connected.set(broker.connected ? 1 : 0));
}

/**
 * The order in which nothing is lost: no new work, finish what was accepted, publish what it left, then let go of
 * broker and databases. All steps together take 7 of the ten seconds when every part hangs; the servers have the rest.
 */
async function stopInOrder({ broker, doors, channels, contexts, tracing, logger }: Parts): Promise<void> {
  doors.serving(false);
  const everyContext = (work: (context: ContextRuntime) => Promise<void>) => Promise.all(contexts.map(work));
  const steps: StopStep[] = [
    { name: 'consumers', withinMs: 2_500, work: () => everyContext((context) => context.stopIntake()) },
    crashStep('stop.after-intake'),
    { name: 'http', withinMs: 1_000, work: () => doors.closeRest() },
    { name: 'grpc', withinMs: 1_000, work: () => doors.closeRpc(900) },
    crashStep('stop.before-flush'),
    {
      name: 'outboxes and databases',
      withinMs: 1_500,
      work: () => everyContext((context) => context.close()),
    },
    crashStep('stop.after-flush'),
    { name: 'channels', withinMs: 100, work: () => channels.close() },
    { name: 'broker', withinMs: 500, work: () => broker.close() },
    { name: 'traces', withinMs: 400, work: () => tracing.stop() },
  ];
  await stopInSteps(steps, logger);
}
