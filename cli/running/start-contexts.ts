import type { Logger } from 'pino';
import { namesOfDatabases } from '../malls/context-databases.ts';
import type { MallFolders } from '../malls/folders.ts';
import type { RecordedState } from '../malls/recorded-state.ts';
import type { MallPorts } from '../malls/remembered-ports.ts';
import type { Settings } from '../settings/index.ts';
import { businessSettings } from './business-settings.ts';
import type { Infrastructure } from './infrastructure.ts';
import type { Traces } from './traces.ts';

/** The contexts of a mall, in this process or in others. */
export interface RunningContexts {
  readonly contexts: readonly string[];
  readonly restUrl: string;
  readonly grpcAddress: string;
  /** Resolves with a sentence when they cannot be kept running; never for those in this process. */
  readonly lost?: Promise<string>;
  stop(): Promise<void>;
  /** Cuts a stop short. */
  hurry?(): void;
}

export interface ContextsStart {
  readonly settings: Settings;
  readonly folders: MallFolders;
  readonly ports: MallPorts;
  readonly infrastructure: Infrastructure;
  readonly traces: Traces | undefined;
  readonly record: RecordedState;
  readonly logger: Logger;
  readonly step: (text: string) => void;
  /** Told as soon as there is something to stop, also when the start fails later. */
  readonly begun: (contexts: RunningContexts) => void;
}

/** Starts the contexts as the mode wants it; resolves when all are ready. */
export type StartContexts = (start: ContextsStart) => Promise<RunningContexts>;

/** All contexts in this process. Their code loads at once, while the servers start: both take their half second. */
export function inThisProcess(): StartContexts {
  const services = import('../../services/mall.ts');
  return async ({ settings, ports, infrastructure, traces, record, logger, step, begun }) => {
    const { startMall } = await services;
    const mall = await startMall(
      {
        ...businessSettings(settings),
        postgresUrl: infrastructure.postgresUrl,
        natsUrl: infrastructure.natsUrl,
        natsStream: record.current.natsStream,
        host: settings.host,
        restPort: ports.rest,
        grpcPort: ports.grpc,
        tracing: traces?.tracing,
        tracesUrl: traces?.queryUrl,
        logger,
      },
      step,
    );
    begun(mall);
    return mall;
  };
}

/** Each context in a process of its own, with a database of its own, and the gateway before them. */
export function inProcessesOfTheirOwn(): StartContexts {
  const microservices = import('./microservices/start-services.ts');
  return async ({ settings, folders, ports, infrastructure, traces, record, logger, step, begun }) => {
    const { Services } = await microservices;
    const databases = namesOfDatabases({ kind: infrastructure.kind, name: settings.name });
    step("making the services' databases");
    const services = await Services.prepare({
      settings,
      infrastructure,
      traces,
      natsStream: record.current.natsStream,
      databases,
      doors: ports,
      servicePorts: ports.services,
      logFile: folders.log,
      logger,
      changed: (states) => record.update({ services: [...states] }),
    });
    begun(services);
    record.update({ databases });
    step('starting nine services and the gateway');
    await services.start();
    return services;
  };
}
