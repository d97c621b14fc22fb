import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { NatsContainer } from '@testcontainers/nats';
import { Wait } from 'testcontainers';
import { folderLabel } from './mall-containers.ts';
import { type ContainerStart, onLoopback, toLogFile } from './running-container.ts';
import type { ContainerServer } from './startable-server.ts';

const insidePort = 4222;
const dataRoot = '/data';
const answerWithinMs = 5_000;

class MallNats extends NatsContainer {
  readonly #port: number;

  constructor({ image, port }: ContainerStart) {
    super(image);
    this.#port = port;
  }

  /** The module always asks for a user and a password; the mall's broker on loopback has neither. */
  override withCommand(_: string[]): this {
    return super.withCommand(['--jetstream', '--store_dir', dataRoot]);
  }

  protected override async beforeContainerCreated(): Promise<void> {
    this.hostConfig.PortBindings = onLoopback({ [insidePort]: this.#port });
  }
}

/** NATS in a container: listens on loopback only, and is ready when its JetStream answers. */
export const natsServer: ContainerServer = {
  service: 'nats',
  title: 'NATS',
  stopSeconds: 4,
  url: (port) => `nats://127.0.0.1:${port}`,
  create: (start) =>
    new MallNats(start)
      .withBindMounts([{ source: start.volume, target: dataRoot }])
      .withLabels({ [folderLabel]: start.folder })
      .withLogConsumer(toLogFile(start.logFile))
      .withWaitStrategy(Wait.forAll([]))
      .start(),
  askVersion,
};

async function askVersion(servers: string): Promise<string> {
  const connection = await connect({ servers, reconnect: false, timeout: answerWithinMs });
  try {
    await (await jetstreamManager(connection)).getAccountInfo();
    return connection.info?.version ?? 'unknown';
  } finally {
    await connection.close();
  }
}
