import type { Logger } from 'pino';
import { childrenOf, signalQuietly, startNats, startPostgres } from '../../containers/embedded/index.ts';
import type { MallFolders } from '../malls/folders.ts';
import type { Infrastructure } from './infrastructure.ts';
import { supervisionLimits as limits } from './microservices/limits.ts';
import { SupervisedServer } from './supervised-server.ts';

export interface EmbeddedOptions {
  readonly folders: MallFolders;
  readonly ports: { readonly postgres: number; readonly nats: number };
  readonly fast: boolean;
  readonly logger: Logger;
  /** Ends the start and whatever it has started. */
  readonly signal: AbortSignal;
  readonly onNotice: (sentence: string) => void;
}

/** Starts Postgres and NATS side by side on the mall's data; when one fails the other is stopped again. */
export async function startEmbedded(options: EmbeddedOptions): Promise<Infrastructure> {
  const failure = new AbortController();
  const signal = AbortSignal.any([options.signal, failure.signal]);
  const servers = [superviseNats(options, signal), supervisePostgres(options, signal)] as const;
  try {
    const [nats, postgres] = await Promise.all(servers);
    return embedded({ postgres, nats, fast: options.fast });
  } catch (error) {
    failure.abort(error);
    for (const server of await Promise.allSettled(servers)) {
      if (server.status === 'fulfilled') await server.value.stop();
    }
    throw error;
  }
}

function supervisePostgres(options: EmbeddedOptions, signal: AbortSignal): Promise<SupervisedServer> {
  const { folders, ports, fast, logger, onNotice } = options;
  return SupervisedServer.start({
    title: 'Postgres',
    start: ({ port = ports.postgres, signal }) =>
      startPostgres({
        place: folders.postgresPlace,
        dataFolder: folders.postgresData,
        logFile: folders.postgresLog,
        port,
        fast,
        signal,
        onNotice,
      }),
    ...{ signal, limits, logger, onNotice },
  });
}

function superviseNats(options: EmbeddedOptions, signal: AbortSignal): Promise<SupervisedServer> {
  const { folders, ports, logger, onNotice } = options;
  return SupervisedServer.start({
    title: 'NATS',
    start: ({ port = ports.nats, signal }) =>
      startNats({
        storeFolder: folders.natsStore,
        pidFile: folders.natsPid,
        logFile: folders.natsLog,
        port,
        signal,
        onNotice,
      }),
    ...{ signal, limits, logger, onNotice },
  });
}

/** One that is halted does not hear SIGQUIT; it recovers from its log at the next start all the same. */
const axeAfterMs = 700;

function embedded(started: {
  postgres: SupervisedServer;
  nats: SupervisedServer;
  fast: boolean;
}): Infrastructure {
  const { postgres, nats, fast } = started;
  return {
    kind: 'embedded',
    postgresUrl: postgres.server.url,
    natsUrl: nats.server.url,
    durability: {
      postgres: fast ? 'not synced, lost if the machine crashes (--fast)' : 'every commit is synced to disk',
      nats: 'synced to disk every 2 minutes',
    },
    get servers() {
      return { postgres: postgres.state, nats: nats.state };
    },
    watch(changed) {
      postgres.changed = changed;
      nats.changed = changed;
    },
    containers: () => [],
    extras: undefined,
    ended: Promise.race([postgres.lost, nats.lost]),
    async stop(step) {
      step('stopping NATS');
      await nats.stop();
      step('stopping Postgres');
      await postgres.stop();
    },
    hurry() {
      for (const server of [nats, postgres]) void server.abandon();
      kill(nats);
      const { pid } = postgres.state;
      if (pid !== undefined) signalQuietly(pid, 'SIGQUIT');
      setTimeout(() => kill(postgres), axeAfterMs).unref();
    },
  };
}

/** With its children: one that is halted does not see that its parent has gone. */
function kill({ state: { pid } }: SupervisedServer): void {
  if (pid === undefined) return;
  for (const each of [pid, ...childrenOf(pid)]) signalQuietly(each, 'SIGKILL');
}
