import {
  type RunningServer,
  signalQuietly,
  startNats,
  startPostgres,
} from '../../containers/embedded/index.ts';
import type { MallFolders } from '../malls/folders.ts';
import type { Infrastructure } from './infrastructure.ts';

export interface EmbeddedOptions {
  readonly folders: MallFolders;
  readonly ports: { readonly postgres: number; readonly nats: number };
  readonly fast: boolean;
  /** Ends the start and whatever it has started. */
  readonly signal: AbortSignal;
  readonly onNotice: (sentence: string) => void;
}

/** Starts Postgres and NATS side by side on the mall's data; when one fails the other is stopped again. */
export async function startEmbedded(options: EmbeddedOptions): Promise<Infrastructure> {
  const { folders, ports, fast, onNotice } = options;
  const failure = new AbortController();
  const signal = AbortSignal.any([options.signal, failure.signal]);
  const servers = [
    startPostgres({
      place: folders.postgresPlace,
      dataFolder: folders.postgresData,
      logFile: folders.postgresLog,
      port: ports.postgres,
      fast,
      signal,
      onNotice,
    }),
    startNats({
      storeFolder: folders.natsStore,
      pidFile: folders.natsPid,
      logFile: folders.natsLog,
      port: ports.nats,
      signal,
      onNotice,
    }),
  ] as const;
  try {
    const [postgres, nats] = await Promise.all(servers);
    return embedded({ postgres, nats, fast });
  } catch (error) {
    failure.abort(error);
    for (const server of await Promise.allSettled(servers)) {
      if (server.status === 'fulfilled') await server.value.stop();
    }
    throw error;
  }
}

/** One that is halted does not hear SIGQUIT; it recovers from its log at the next start all the same. */
const axeAfterMs = 700;

function embedded(started: { postgres: RunningServer; nats: RunningServer; fast: boolean }): Infrastructure {
  const { postgres, nats, fast } = started;
  return {
    kind: 'embedded',
    postgresUrl: postgres.url,
    natsUrl: nats.url,
    durability: {
      postgres: fast ? 'not synced, lost if the machine crashes (--fast)' : 'every commit is synced to disk',
      nats: 'synced to disk every 2 minutes',
    },
    servers: { postgres: facts(postgres), nats: facts(nats) },
    containers: () => [],
    extras: undefined,
    ended: Promise.race([postgres.exited, nats.exited]),
    async stop(step) {
      step('stopping NATS');
      await nats.stop();
      step('stopping Postgres');
      await postgres.stop();
    },
    hurry() {
      signalQuietly(nats.pid, 'SIGKILL');
      signalQuietly(postgres.pid, 'SIGQUIT');
      setTimeout(() => signalQuietly(postgres.pid, 'SIGKILL'), axeAfterMs).unref();
    },
  };
}

function facts({ pid, port, version }: RunningServer) {
  return { pid, port, version };
}
