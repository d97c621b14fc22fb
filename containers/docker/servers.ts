import { reason } from '../embedded/index.ts';
import type { DockerEngine } from './engine.ts';
import type { Images } from './images.ts';
import { startNatsContainer } from './nats.ts';
import { startPostgresContainer } from './postgres.ts';
import { type ContainerStart, onFreePort, type PortWish, type RunningServer } from './running-container.ts';

type Both<T> = { readonly postgres: T; readonly nats: T };

export interface ServersOptions {
  readonly engine: DockerEngine;
  readonly images: Images;
  /** The mall's folder: it names its containers. */
  readonly folder: string;
  readonly ports: Both<PortWish>;
  /** Names of the volumes that hold the data. */
  readonly volumes: Both<string>;
  readonly logFiles: Both<string>;
  readonly fast: boolean;
  readonly signal: AbortSignal;
}

export interface DockerServers extends Both<RunningServer> {
  /** Resolves with a sentence when one of them ends, or the engine goes away. Never rejects. */
  readonly ended: Promise<string>;
}

/**
 * Starts Postgres and NATS side by side in containers. What a start that fails leaves in the engine is the
 * caller's to remove, once this has settled.
 */
export async function startServers(options: ServersOptions): Promise<DockerServers> {
  const { engine, images, folder, ports, volumes, logFiles, fast, signal } = options;
  const common = (name: 'postgres' | 'nats', port: number): ContainerStart => ({
    engine,
    signal,
    folder,
    port,
    image: images[name],
    volume: volumes[name],
    logFile: logFiles[name],
  });
  const starts = [
    onFreePort(ports.postgres, (port) => startPostgresContainer({ ...common('postgres', port), fast })),
    onFreePort(ports.nats, (port) => startNatsContainer(common('nats', port))),
  ] as const;
  // Both, also when one fails: the other may be about to be there.
  await Promise.allSettled(starts);
  const [postgres, nats] = await Promise.all(starts);
  return { postgres, nats, ended: endOfOne(engine, { Postgres: postgres.id, NATS: nats.id }) };
}

async function endOfOne(engine: DockerEngine, ids: Readonly<Record<string, string>>): Promise<string> {
  const ends = Object.entries(ids).map(async ([title, id]) => {
    try {
      return `${title} ended with exit code ${await engine.exitCode(id, neverAborted)}`;
    } catch (error) {
      return `${title} was lost with the Docker engine (${reason(error)})`;
    }
  });
  return Promise.race(ends);
}

/** The wait lasts as long as the mall does; the process' end closes it. */
const neverAborted = new AbortController().signal;
