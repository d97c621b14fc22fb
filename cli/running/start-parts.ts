import type { Logger } from 'pino';
import { CliError } from '../cli-error.ts';
import { exitCodes } from '../exit-codes.ts';
import type { MallFolders } from '../malls/folders.ts';
import { cleanLeftovers } from '../malls/leftovers.ts';
import { defaultName } from '../malls/names.ts';
import { RecordedState } from '../malls/recorded-state.ts';
import { choosePorts, type MallPorts } from '../malls/remembered-ports.ts';
import { servicePortCount } from '../malls/service-ports.ts';
import { type MallState, withoutPassword } from '../malls/state.ts';
import type { Settings } from '../settings/index.ts';
import type { Audience } from './audience.ts';
import { claimData } from './claim-data.ts';
import { checkDoors, checkHost, whyNotStarted } from './doors.ts';
import type { Infrastructure } from './infrastructure.ts';
import type { StartClock } from './start-clock.ts';
import { inProcessesOfTheirOwn, inThisProcess, type RunningContexts } from './start-contexts.ts';
import { chooseInfrastructure, startInfrastructure } from './start-infrastructure.ts';
import type { RunningParts } from './stop-parts.ts';
import { startTraces } from './traces.ts';
import { scrapeTargets, watchMall } from './watch-mall.ts';

export interface Start {
  readonly settings: Settings;
  readonly folders: MallFolders;
  readonly audience: Audience;
  /** How long it has taken; the time a download takes is not counted. */
  readonly clock: StartClock;
  /** Filled as parts start, so that a start that fails can be stopped. */
  readonly parts: RunningParts;
  readonly logger: Logger;
  /** Aborted when the start is given up. */
  readonly signal: AbortSignal;
}

/** Starts infrastructure and contexts, and records the mall as ready. The caller holds the mall's lock. */
export async function startParts(start: Start): Promise<RecordedState> {
  const { settings, folders, audience, parts, logger, signal } = start;
  for (const sentence of await cleanLeftovers(folders)) audience.note(sentence);
  await checkHost(settings.host);
  const choice = await chooseInfrastructure(start);
  const apart = settings.mode === 'microservices';
  const ports = await choosePorts({
    folders,
    host: settings.host,
    fixed: fixedPorts(settings),
    services: apart ? servicePortCount : 0,
  });
  await checkDoors({ host: settings.host, ...ports }, folders.home);
  const record = new RecordedState(folders.state, firstState({ settings, ports, infra: choice.kind }));
  const startContexts = apart ? inProcessesOfTheirOwn() : inThisProcess();
  const infrastructure = await startInfrastructure(start, { choice, ports });
  parts.infrastructure = infrastructure;
  claimData(folders, settings, infrastructure.kind);
  parts.traces = await startTraces({ settings, port: ports.traces, backend: infrastructure.extras?.traces });
  signal.throwIfAborted();
  const starting = startContexts({
    settings,
    folders,
    ports,
    infrastructure,
    traces: parts.traces,
    record,
    logger,
    step: (text) => {
      if (!signal.aborted) audience.step(text);
    },
    begun: (contexts) => {
      parts.contexts = contexts;
    },
  });
  const contexts = await Promise.race([starting, lossOfPart(parts, signal)]).catch(async (error) => {
    throw await whyNotStarted(error, { host: settings.host, ...ports }, folders.home);
  });
  await watchMall(infrastructure.extras, scrapeTargets(contexts.restUrl, record.current));
  record.update(readyState({ infrastructure, contexts, tracesUrl: parts.traces?.queryUrl }));
  const { containers } = infrastructure;
  infrastructure.watch?.(() =>
    record.update({ servers: infrastructure.servers, containers: [...containers()] }),
  );
  return record;
}

function fixedPorts(settings: Settings): Partial<MallPorts> {
  const wellKnown = settings.name === defaultName ? { rest: 8080, grpc: 9000 } : {};
  return {
    ...wellKnown,
    ...(settings.port && { rest: settings.port }),
    ...(settings.grpcPort && { grpc: settings.grpcPort }),
    ...(settings.postgresPort && { postgres: settings.postgresPort }),
    ...(settings.natsPort && { nats: settings.natsPort }),
  };
}

function firstState(first: { settings: Settings; ports: MallPorts; infra: MallState['infra'] }): MallState {
  const { settings, ports, infra } = first;
  const ownStream = settings.infra === 'external' && settings.name !== defaultName;
  return {
    version: 1,
    name: settings.name,
    pid: process.pid,
    startedAt: new Date().toISOString(),
    phase: 'starting',
    mode: settings.mode,
    infra,
    ports: { rest: ports.rest, grpc: ports.grpc },
    natsStream: settings.natsStream ?? (ownStream ? `intellimall-${settings.name}` : 'intellimall'),
  };
}

function readyState(ready: {
  infrastructure: Infrastructure;
  contexts: RunningContexts;
  tracesUrl: string | undefined;
}): Partial<MallState> {
  const { infrastructure, contexts, tracesUrl } = ready;
  return {
    phase: 'ready',
    infra: infrastructure.kind,
    durability: infrastructure.durability,
    addresses: {
      rest: contexts.restUrl,
      grpc: contexts.grpcAddress,
      postgres: withoutPassword(infrastructure.postgresUrl),
      nats: withoutPassword(infrastructure.natsUrl),
      ...(tracesUrl !== undefined && { traces: tracesUrl }),
    },
    contexts: [...contexts.contexts],
    servers: infrastructure.servers,
    containers: [...infrastructure.containers()],
    readyAfterMs: Math.round(performance.now()),
  };
}

/** Rejects when a server of ours or a service ends for good; never once the mall itself is being stopped. */
export async function lossOfPart(parts: RunningParts, stopping: AbortSignal): Promise<never> {
  const losses = [parts.infrastructure?.ended, parts.contexts?.lost].filter((loss) => loss !== undefined);
  const sentence = losses.length === 0 ? await never() : await Promise.race(losses);
  if (stopping.aborted) return never();
  throw new CliError(`${sentence} on its own; the mall has been stopped.`, {
    exitCode: exitCodes.environment,
    next: '`mall logs`, `mall logs postgres` or `mall logs nats` shows why; `mall up` starts it again, its data is kept',
  });
}

function never(): Promise<never> {
  return new Promise(() => undefined);
}
