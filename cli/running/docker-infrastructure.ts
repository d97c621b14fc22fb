import type { DockerEngine } from '../../containers/docker/engine.ts';
import type { Images } from '../../containers/docker/images.ts';
import { removeContainers } from '../../containers/docker/mall-containers.ts';
import type { RunningContainer } from '../../containers/docker/running-container.ts';
import { type DockerServers, type ServersOptions, startServers } from '../../containers/docker/servers.ts';
import { volumesOf } from '../malls/docker-data.ts';
import type { MallFolders } from '../malls/folders.ts';
import type { MallContainer } from '../malls/state.ts';
import type { Audience } from './audience.ts';
import type { Infrastructure } from './infrastructure.ts';

/** As the docker command shows ids. */
const shortIdLength = 12;

export interface DockerOptions {
  readonly engine: DockerEngine;
  readonly images: Images;
  readonly folders: MallFolders;
  readonly ports: ServersOptions['ports'];
  readonly fast: boolean;
  /** Ends the start and whatever it has started. */
  readonly signal: AbortSignal;
  readonly audience: Audience;
}

/** Postgres needs this long for its last checkpoint; killed, it replays its log at the next start. */
const postgresStopSeconds = 5;
const natsStopSeconds = 4;

/** Starts Postgres and NATS in containers that live as long as this mall does; their data is in volumes and stays. */
export async function startDocker(options: DockerOptions): Promise<Infrastructure> {
  const { engine, images, folders, ports, fast, signal, audience } = options;
  const servers = await startServers({
    engine,
    images,
    folder: folders.folder,
    ports,
    volumes: volumesOf(folders),
    logFiles: { postgres: folders.postgresLog, nats: folders.natsLog },
    fast,
    signal,
    onNotice: (sentence) => audience.note(sentence),
    onProgress: (text) => audience.progress(text),
  });
  return inDocker({ servers, ...options });
}

function inDocker({ servers, engine, folders, fast }: DockerOptions & { servers: DockerServers }) {
  const { postgres, nats, ended } = servers;
  let hurried = false;
  const infrastructure: Infrastructure = {
    kind: 'docker',
    postgresUrl: postgres.url,
    natsUrl: nats.url,
    durability: {
      postgres: fast ? 'not synced, lost if the machine crashes (--fast)' : 'every commit is synced to disk',
      nats: 'synced to disk every 2 minutes',
    },
    servers: { postgres: serverFacts(postgres), nats: serverFacts(nats) },
    containers: [postgres, nats].map(containerFacts),
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
  return infrastructure;
}

function serverFacts({ port, version }: DockerServers['postgres']) {
  return { port, version };
}

function containerFacts({ service, id, image, url }: RunningContainer): MallContainer {
  return { service, id: id.slice(0, shortIdLength), image, url };
}
