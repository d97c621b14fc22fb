import type { Logger } from 'pino';
import type { RunningMall } from '../../services/mall.ts';
import { CliError } from '../cli-error.ts';
import { exitCodes } from '../exit-codes.ts';
import type { MallFolders } from '../malls/folders.ts';
import { cleanLeftovers } from '../malls/leftovers.ts';
import { defaultName } from '../malls/names.ts';
import { choosePorts, type MallPorts } from '../malls/remembered-ports.ts';
import { type MallState, withoutPassword, writeState } from '../malls/state.ts';
import type { Settings } from '../settings/index.ts';
import type { Audience } from './audience.ts';
import { checkDoors, checkHost } from './doors.ts';
import type { Infrastructure } from './infrastructure.ts';
import { chooseInfrastructure, startInfrastructure } from './start-infrastructure.ts';
import type { RunningParts } from './stop-parts.ts';
import { startTraces } from './traces.ts';

export interface Start {
  readonly settings: Settings;
  readonly folders: MallFolders;
  readonly audience: Audience;
  /** Filled as parts start, so that a start that fails can be stopped. */
  readonly parts: RunningParts;
  readonly logger: Logger;
  /** Aborted when the start is given up. */
  readonly signal: AbortSignal;
}

/** Starts infrastructure and contexts, and records the mall as ready. The caller holds the mall's lock. */
export async function startParts(start: Start): Promise<MallState> {
  const { settings, folders, audience, parts, signal } = start;
  for (const sentence of await cleanLeftovers(folders)) audience.note(sentence);
  await checkHost(settings.host);
  const choice = await chooseInfrastructure(settings);
  const ports = await choosePorts({ folders, host: settings.host, fixed: fixedPorts(settings) });
  await checkDoors({ host: settings.host, ...ports }, folders.home);
  const state = firstState({ settings, ports, infra: choice.kind });
  writeState(folders.state, state);
  // The contexts' code loads while the servers start: both take their half second.
  const services = import('../../services/mall.ts');
  const infrastructure = await startInfrastructure(start, { choice, ports });
  parts.infrastructure = infrastructure;
  parts.traces = await startTraces({ settings, port: ports.traces });
  const { startMall } = await services;
  signal.throwIfAborted();
  const mall = startMall(
    {
      postgresUrl: infrastructure.postgresUrl,
      natsUrl: infrastructure.natsUrl,
      natsStream: state.natsStream,
      host: settings.host,
      restPort: ports.rest,
      grpcPort: ports.grpc,
      logger: start.logger,
      strict: new Set(settings.strict),
      authSecret: settings.authSecret,
      relay: settings.relay,
      tracing: parts.traces?.tracing,
      tracesUrl: parts.traces?.queryUrl,
      decline: {
        ...(settings.declineAbove !== undefined && { amountsAbove: settings.declineAbove }),
        ...(settings.declineCustomers && { customers: settings.declineCustomers }),
      },
    },
    (step) => {
      if (!signal.aborted) audience.step(step);
    },
  );
  parts.mall = await Promise.race([mall, lossOfServer(infrastructure, signal)]);
  const ready = readyState(state, { infrastructure, mall: parts.mall, tracesUrl: parts.traces?.queryUrl });
  writeState(folders.state, ready);
  return ready;
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

function readyState(
  state: MallState,
  ready: { infrastructure: Infrastructure; mall: RunningMall; tracesUrl: string | undefined },
): MallState {
  const { infrastructure, mall, tracesUrl } = ready;
  return {
    ...state,
    phase: 'ready',
    infra: infrastructure.kind,
    durability: infrastructure.durability,
    addresses: {
      rest: mall.restUrl,
      grpc: mall.grpcAddress,
      postgres: withoutPassword(infrastructure.postgresUrl),
      nats: withoutPassword(infrastructure.natsUrl),
      ...(tracesUrl !== undefined && { traces: tracesUrl }),
    },
    contexts: [...mall.contexts],
    servers: infrastructure.servers,
    containers: [...infrastructure.containers],
    readyAfterMs: Math.round(performance.now()),
  };
}

/** Rejects when a server of ours ends on its own; never once the mall itself is being stopped. */
export async function lossOfServer(
  infrastructure: Infrastructure | undefined,
  stopping: AbortSignal,
): Promise<never> {
  const sentence = await infrastructure?.ended;
  if (stopping.aborted) return new Promise(() => undefined);
  throw new CliError(`${sentence} on its own; the mall has been stopped.`, {
    exitCode: exitCodes.environment,
    next: '`mall logs postgres` or `mall logs nats` shows why; `mall up` starts it again, its data is kept',
  });
}
