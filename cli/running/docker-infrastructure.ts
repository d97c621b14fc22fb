import type { Logger } from 'pino';
import type { DockerEngine } from '../../containers/docker/engine.ts';
import type { ExtraName } from '../../containers/docker/extras/extra.ts';
import { type Extras, startExtras } from '../../containers/docker/extras/extras.ts';
import type { FetchedImages } from '../../containers/docker/fetch-images.ts';
import type { Images } from '../../containers/docker/images.ts';
import { folderLabel, removeContainers } from '../../containers/docker/mall-containers.ts';
import type { RunningContainer, RunningServer } from '../../containers/docker/running-container.ts';
import { dockerServers, type ServersOptions } from '../../containers/docker/servers.ts';
import type { StartServer } from '../../containers/docker/startable-server.ts';
import { setUpTestcontainers } from '../../containers/docker/testcontainers-setup.ts';
import { InfrastructureError, reason } from '../../containers/embedded/index.ts';
import { volumesOf } from '../malls/docker-data.ts';
import { extraLog, type MallFolders } from '../malls/folders.ts';
import type { MallContainer } from '../malls/state.ts';
import type { Audience } from './audience.ts';
import type { Infrastructure } from './infrastructure.ts';
import { supervisionLimits as limits } from './microservices/limits.ts';
import { SupervisedServer } from './supervised-server.ts';

/** As the docker command shows ids. */
const shortIdLength = 12;

export interface DockerOptions {
  readonly engine: DockerEngine;
  readonly images: Images;
  readonly fetched: FetchedImages;
  readonly folders: MallFolders;
  readonly ports: ServersOptions['ports'];
  readonly fast: boolean;
  readonly logger: Logger;
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
  await setUpTestcontainers(engine, fetched.reaper);
  const { folder } = folders;
  // Whoever waits for a container is told at once when it is gone.
  const callOff = () => void removeContainers(engine, folder).catch(() => undefined);
  signal.addEventListener('abort', callOff, { once: true });
  const logFile = (name: ExtraName) => extraLog(folders, name);
  const extras = startExtras({ ...options, available: fetched.extras, folder, logFile, onNotice });
  try {
    const logFiles = { postgres: folders.postgresLog, nats: folders.natsLog };
    const volumes = volumesOf(folders);
    const starts = dockerServers({ ...options, folder, ports, volumes, logFiles, fast });
    const [postgres, nats] = await superviseBoth(starts, options);
    signal.throwIfAborted();
    return inDocker({ ...options, postgres, nats, extras: await extras });
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

type Container = SupervisedServer<RunningServer>;

/** Starts both side by side; when one fails the other is not started again, and both have settled. */
async function superviseBoth(
  starts: Readonly<Record<'postgres' | 'nats', StartServer>>,
  options: DockerOptions,
): Promise<readonly [postgres: Container, nats: Container]> {
  const both = [
    supervise('Postgres', starts.postgres, options),
    supervise('NATS', starts.nats, options),
  ] as const;
  try {
    return await Promise.all(both);
  } catch (error) {
    for (const each of await Promise.allSettled(both)) {
      if (each.status === 'fulfilled') await each.value.abandon();
    }
    throw error;
  }
}

function supervise(
  title: string,
  start: StartServer,
  { logger, signal, audience }: DockerOptions,
): Promise<Container> {
  return SupervisedServer.start({
    ...{ title, signal, limits, logger },
    start: (again) => start(again.signal),
    onNotice: (sentence) => audience.note(sentence),
  });
}

function inDocker(started: {
  readonly engine: DockerEngine;
  readonly audience: Audience;
  readonly folders: MallFolders;
  readonly fast: boolean;
  readonly postgres: Container;
  readonly nats: Container;
  readonly extras: Extras;
}): Infrastructure {
  const { engine, audience, folders, fast, postgres, nats, extras } = started;
  let hurried = false;
  return {
    kind: 'docker',
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
    containers: () => [postgres.server, nats.server, ...extras.running].map(containerFacts),
    extras,
    ended: Promise.race([postgres.lost, nats.lost]),
    async stop(step) {
      try {
        step('stopping NATS');
        await (hurried ? nats.abandon() : nats.stop());
        step('stopping Postgres');
        await (hurried ? postgres.abandon() : postgres.stop());
        step('removing the containers');
        await removeContainers(engine, folders.folder);
      } catch (error) {
        if (error instanceof InfrastructureError) throw error;
        // Why the mall ends is worth more than that an engine which has gone away does not help.
        const left = `docker ps --all --quiet --filter label=${folderLabel}=${folders.folder}`;
        audience.note(
          `the Docker engine does not answer (${reason(error)}): \`docker rm --force $(${left})\` removes what is left`,
        );
      }
    },
    hurry() {
      hurried = true;
      for (const server of [postgres, nats]) void server.abandon();
      void removeContainers(engine, folders.folder).catch(() => undefined);
    },
  };
}

function containerFacts({ service, id, image, url }: RunningContainer): MallContainer {
  return { service, id: id.slice(0, shortIdLength), image, url };
}
