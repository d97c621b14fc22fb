import { PostgreSqlContainer } from '@testcontainers/postgresql';
import { Wait } from 'testcontainers';
import { connected, postgresSettings } from '../embedded/index.ts';
import { folderLabel } from './mall-containers.ts';
import { type ContainerStart, onLoopback, toLogFile } from './running-container.ts';
import type { ContainerServer } from './startable-server.ts';

const insidePort = 5432;
const healthCheckEveryMs = 30_000;
/** Parallel queries share memory there; the engine's own 64 MB are soon full. */
const sharedMemoryBytes = 256 * 1024 * 1024;
const dataRoot = '/var/lib/postgresql';

class MallPostgres extends PostgreSqlContainer {
  readonly #port: number;

  constructor({ image, port }: ContainerStart) {
    super(image);
    this.#port = port;
  }

  protected override async beforeContainerCreated(): Promise<void> {
    this.hostConfig.PortBindings = onLoopback({ [insidePort]: this.#port });
  }
}

/**
 * Postgres in a container: as the embedded server it listens on loopback only, trusts everybody there, and has the
 * superuser and database `mall`. It is ready when it answers a query.
 */
export const postgresServer: ContainerServer = {
  service: 'postgres',
  title: 'Postgres',
  /** It needs this long for its last checkpoint; killed, it replays its log at the next start. */
  stopSeconds: 5,
  url: (port) => `postgres://mall@127.0.0.1:${port}/mall`,
  create: (start) =>
    new MallPostgres(start)
      .withUsername('mall')
      .withDatabase('mall')
      .withPassword('mall')
      .withEnvironment({
        POSTGRES_HOST_AUTH_METHOD: 'trust',
        POSTGRES_INITDB_ARGS: '--locale=C --encoding=UTF8',
        // Where the data is without this changes from version to version.
        PGDATA: `${dataRoot}/mall`,
      })
      .withBindMounts([{ source: start.volume, target: dataRoot }])
      .withCommand(['postgres', ...postgresSettings(start)])
      .withSharedMemorySize(sharedMemoryBytes)
      .withLabels({ [folderLabel]: start.folder })
      .withLogConsumer(toLogFile(start.logFile))
      // The module's own check starts a process in the container four times a second, for as long as it runs.
      .withHealthCheck({ test: ['CMD-SHELL', 'pg_isready --username mall'], interval: healthCheckEveryMs })
      .withWaitStrategy(Wait.forAll([]))
      .start(),
  askVersion,
};

async function askVersion(url: string): Promise<string> {
  const { rows } = await connected(url, (client) =>
    client.query<{ server_version: string }>('show server_version'),
  );
  return rows[0]?.server_version.split(' ', 1)[0] ?? 'unknown';
}
