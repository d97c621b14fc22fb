import type { DockerEngine } from '../../containers/docker/engine.ts';
import type { ExtraName } from '../../containers/docker/extras/extra.ts';
import { type Extras, startExtras } from '../../containers/docker/extras/extras.ts';
import type { FetchedImages } from '../../containers/docker/fetch-images.ts';
import type { Images } from '../../containers/docker/images.ts';
import { removeContainers } from '../../containers/docker/mall-containers.ts';
import type { RunningContainer } from '../../containers/docker/running-container.ts';
import { type DockerServers, type ServersOptions, startServers } from '../../containers/docker/servers.ts';
import { setUpTestcontainers } from '../../containers/docker/testcontainers-setup.ts';
import { InfrastructureError } from '../../containers/embedded/index.ts';
import { volumesOf } from '../malls/docker-data.ts';
import { extraLog, type MallFolders } from '../malls/folders.ts';
import type { MallContainer } from '../malls/state.ts';
import type { Audience } from './audience.ts';
import type { Infrastructure } from './infrastructure.ts';

/** As the docker command shows ids. */
const shortIdLength = 12;
/** Postgres needs this long for its last checkpoint; killed, it replays its log at the next start. */
const postgresStopSeconds = 5;
const natsStopSeconds = 4;

export interface DockerOptions {
  readonly engine: DockerEngine;
  readonly images: Images;
  readonly fetched: FetchedImages;
  readonly folders: MallFolders;
  readonly ports: ServersOptions['ports'];
  readonly fast: boolean;
  /** Ends the start and whatever it has started. */
  readonly signal: AbortSignal;
  readonly audience: Audience;
}

/**
 * Starts Postgres, NATS and the extras in containers that live as long as this mall does; the servers' data is in
 * volumes and stays. When the servers do not come up, or the start is called off, no container is left.
 * @throws InfrastructureError
 */
export async function startDocker(options: DockerOptions): Promise<Infrastructure> {
  const { engine, fetched, folders, ports, fast, signal, audience } = options;
  const onNotice = (sentence: string) => audience.note(sentence);
  setUpTestcontainers(engine, fetched.reaper);
  const { folder } = folders;
  // Whoever waits for a container is told at once when it is gone.
  const callOff = () => void removeContainers(engine, folder).catch(() => undefined);
  signal.addEventListener('abort', callOff, { once: true });
  const logFile = (name: ExtraName) => extraLog(folders, name);
  const extras = startExtras({ ...options, available: fetched.extras, folder, logFile, onNotice });
  try {
    const logFiles = { postgres: folders.postgresLog, nats: folders.natsLog };
    const volumes = volumesOf(folders);
    const servers = await startServers({ ...options, folder, ports, volumes, logFiles, fast });
    signal.throwIfAborted();
    return inDocker({ ...options, servers, extras: await extras });
  } catch (error) {
    callOff();
    await (await extras).settled;
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

function inDocker(started: {
  readonly engine: DockerEngine;
  readonly folders: MallFolders;
  readonly fast: boolean;
  readonly servers: DockerServers;
  readonly extras: Extras;
}): Infrastructure {
  const { engine, folders, fast, servers, extras } = started;
  const { postgres, nats, ended } = servers;
  let hurried = false;
  return {
    kind: 'docker',
    postgresUrl: postgres.url,
    natsUrl: nats.url,
    durability: {
      postgres: fast ? 'not synced, lost if the machine crashes (--fast)' : 'every commit is synced to disk',
      nats: 'synced to disk every 2 minutes',
    },
    servers: { postgres: serverFacts(postgres), nats: serverFacts(nats) },
    containers: () => [postgres, nats, ...extras.running].map(containerFacts),
    extras,
    ended,
    async stop(step) {
      step('stopping NATS');
      if (!hurried) await engine.stop(nats.id, natsStopSeconds);
      step('stopping Postgres');
      if (!hurried) await engine.stop(postgres.id, postgresStopSeconds);
      step('removing the containers');
      await removeContainers(engine, folders.folder);
    },
    hurry() {
      hurried = true;
      void removeContainers(engine, folders.folder).catch(() => undefined);
    },
  };
}

function serverFacts({ port, version }: DockerServers['postgres']) {
  return { port, version };
}

function containerFacts({ service, id, image, url }: RunningContainer): MallContainer {
  return { service, id: id.slice(0, shortIdLength), image, url };
}
