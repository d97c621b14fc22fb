import type { DockerEngine } from './engine.ts';
import type { Images } from './images.ts';
import { natsServer } from './nats.ts';
import { postgresServer } from './postgres.ts';
import type { PortWish } from './running-container.ts';
import { type ContainerServer, type StartServer, startableServer } from './startable-server.ts';

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
}

/** Postgres and NATS in containers, to be started. */
export function dockerServers(options: ServersOptions): Both<StartServer> {
  const { engine, images, folder, ports, volumes, logFiles, fast } = options;
  const startable = (server: ContainerServer) => {
    const { service } = server;
    return startableServer(server, {
      ...{ engine, folder, fast },
      image: images[service],
      volume: volumes[service],
      logFile: logFiles[service],
      wish: ports[service],
    });
  };
  return { postgres: startable(postgresServer), nats: startable(natsServer) };
}
