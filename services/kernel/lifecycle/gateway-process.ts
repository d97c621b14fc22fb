import type { Logger } from 'pino';
import type { ContextName } from '../../../proto/catalogue.ts';
import { servicesOf } from '../../../proto/services.ts';
import type { ReadinessCheck } from '../http/index.ts';
import { RemoteServices } from '../rpc/index.ts';
import { Metrics, scopedLogger, startTracing, type TracingSettings } from '../telemetry/index.ts';
import { type DoorSettings, Doors } from './doors.ts';
import { FederatedMetrics, remoteReadiness } from './remote-doors.ts';
import type { RunningProcess } from './running-process.ts';
import { stopInSteps } from './stop-steps.ts';

/** A context that runs in another process. */
export interface RemoteContext {
  readonly name: ContextName;
  /** Where its gRPC door listens, as host and port. */
  readonly grpcAddress: string;
  /** Where its REST door listens, with health and metrics. */
  readonly restUrl: string;
}

export interface GatewaySettings extends DoorSettings {
  /** In the order in which one process would run them. */
  readonly contexts: readonly RemoteContext[];
  readonly logger: Logger;
  /** Which traces are recorded and where they go; off unless given. */
  readonly tracing?: TracingSettings | undefined;
}

/**
 * Opens the doors of a mall whose contexts run in other processes: the same routes, documents and pages on the same
 * two ports as with all of them in one. Contexts that are away answer as unavailable, and readiness names them.
 */
export async function startGateway(
  { contexts, ...settings }: GatewaySettings,
  progress: (step: string) => void,
): Promise<RunningProcess> {
  const logger = scopedLogger(settings.logger);
  const metrics = new Metrics();
  const tracing = await startTracing(settings.tracing, { logger, metrics });
  const doors = new Doors(settings, { tracer: tracing.door('gateway'), metrics });
  const remote = new RemoteServices();
  const stop = () => {
    doors.serving(false);
    return stopInSteps(
      [
        { name: 'http', withinMs: 1_500, work: () => doors.closeRest() },
        { name: 'grpc', withinMs: 1_500, work: () => doors.closeRpc(1_400) },
        { name: 'channels', withinMs: 100, work: () => remote.close() },
        { name: 'traces', withinMs: 500, work: () => tracing.stop() },
      ],
      logger,
    );
  };
  try {
    progress('opening the doors');
    await doors.open({
      contexts: contexts.map(({ name }) => name),
      services: contexts.flatMap((context) => servicesOf(context.name).map(connected(remote, context))),
      checks: contexts.map(checkOf),
      metrics: new FederatedMetrics(metrics, contexts),
    });
  } catch (error) {
    await stop();
    throw error;
  }
  doors.serving(true);
  logger.info({ contexts: contexts.map(({ name }) => name) }, 'ready');
  let stopping: Promise<void> | undefined;
  return {
    restUrl: doors.restUrl,
    grpcAddress: doors.grpcAddress,
    stop: () => {
      stopping ??= stop();
      return stopping;
    },
  };
}

function connected(remote: RemoteServices, { name, grpcAddress: address }: RemoteContext) {
  return ({ typeName, methods }: ReturnType<typeof servicesOf>[number]) =>
    remote.connect({ name, address, paths: methods.map((method) => `/${typeName}/${method.name}`) });
}

function checkOf({ name, restUrl }: RemoteContext): ReadinessCheck {
  return { name, check: () => remoteReadiness(restUrl) };
}
