import { InfrastructureError, reason } from '../embedded/index.ts';
import type { DockerEngine } from './engine.ts';
import { fetchImage } from './fetch-image.ts';
import type { Images } from './images.ts';
import { removeContainers } from './mall-containers.ts';
import { startNatsContainer } from './nats.ts';
import { startPostgresContainer } from './postgres.ts';
import { type ContainerStart, onFreePort, type PortWish, type RunningServer } from './running-container.ts';
import { setUpTestcontainers } from './testcontainers-setup.ts';

export interface ServersOptions {
  readonly engine: DockerEngine;
  readonly images: Images;
  /** The mall's folder: it names its containers. */
  readonly folder: string;
  /** Another one is taken in place of one that turns out not to be free. */
  readonly ports: { readonly postgres: PortWish; readonly nats: PortWish };
  /** Names of the volumes that hold the data. */
  readonly volumes: { readonly postgres: string; readonly nats: string };
  readonly logFiles: { readonly postgres: string; readonly nats: string };
  readonly fast: boolean;
  readonly signal: AbortSignal;
  readonly onNotice: (sentence: string) => void;
  /** Told in a few words what takes its time, again and again. */
  readonly onProgress: (text: string) => void;
}

export interface DockerServers {
  readonly postgres: RunningServer;
  readonly nats: RunningServer;
  /** Resolves with a sentence when one of them ends, or the engine goes away. Never rejects. */
  readonly ended: Promise<string>;
}

/**
 * Starts Postgres and NATS side by side in containers, fetching their images first where the engine does not have
 * them. When one fails, or the start is called off, nothing of the mall is left in the engine.
 * @throws ImageUnavailable, or InfrastructureError when a container does not come up
 */
export async function startServers(options: ServersOptions): Promise<DockerServers> {
  const { engine, images, folder, ports, volumes, logFiles, fast, signal } = options;
  setUpTestcontainers(engine, await fetchImages(options));
  const callOff = () => void removeContainers(engine, folder).catch(() => undefined);
  signal.addEventListener('abort', callOff, { once: true });
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
  try {
    const [postgres, nats] = await Promise.all(starts);
    signal.throwIfAborted();
    return { postgres, nats, ended: endOfOne(engine, { Postgres: postgres.id, NATS: nats.id }) };
  } catch (error) {
    callOff();
    await Promise.allSettled(starts);
    await removeContainers(engine, folder);
    signal.throwIfAborted();
    throw new InfrastructureError('Postgres and NATS could not be started in Docker.', {
      cause: error,
      next: '`mall logs postgres` or `mall logs nats` may show why; `mall up --infra embedded` needs no Docker',
    });
  } finally {
    signal.removeEventListener('abort', callOff);
  }
}

/**
 * Without its reaper a mall still runs, and `mall up` and `mall down` still clean up after one that was killed.
 * @returns the reaper's image, where it can be had
 */
async function fetchImages(options: ServersOptions): Promise<string | undefined> {
  const failure = new AbortController();
  const all = { ...options, signal: AbortSignal.any([options.signal, failure.signal]) };
  const reaper = fetch('reaper', all).then(
    () => ({ image: all.images.reaper }),
    (error: unknown) => ({ error }),
  );
  try {
    await Promise.all([fetch('postgres', all), fetch('nats', all)]);
  } catch (error) {
    failure.abort(error);
    throw error;
  }
  const outcome = await reaper;
  if ('image' in outcome) return outcome.image;
  options.signal.throwIfAborted();
  options.onNotice(
    `no reaper (${reason(outcome.error)}): a mall that is killed leaves its containers to the next \`mall up\` or \`mall down\``,
  );
  return undefined;
}

async function fetch(name: 'postgres' | 'nats' | 'reaper', options: ServersOptions): Promise<void> {
  const image = options.images[name];
  let lastTold = -1;
  const onProgress = (share: number) => {
    const percent = Math.floor(share * 100);
    if (percent > lastTold) options.onProgress(`fetching ${image}, ${percent} %`);
    lastTold = Math.max(lastTold, percent);
  };
  const begun = performance.now();
  const fetched = await fetchImage({ ...options, image, onProgress });
  const seconds = ((performance.now() - begun) / 1000).toFixed(1);
  if (fetched) options.onNotice(`fetched ${image} in ${seconds} s`);
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
