import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { NatsContainer } from '@testcontainers/nats';
import { Wait } from 'testcontainers';
import { folderLabel } from './mall-containers.ts';
import { type ContainerStart, onLoopback, type RunningServer, toLogFile } from './running-container.ts';
import { untilReady } from './until-ready.ts';

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

/** Starts NATS in a container and waits until its JetStream answers. It listens on loopback only. */
export async function startNatsContainer(start: ContainerStart): Promise<RunningServer> {
  const { image, port, volume, folder, logFile } = start;
  const container = await new MallNats(start)
    .withBindMounts([{ source: volume, target: dataRoot }])
    .withLabels({ [folderLabel]: folder })
    .withLogConsumer(toLogFile(logFile))
    .withWaitStrategy(Wait.forAll([]))
    .start();
  const id = container.getId();
  const version = await untilReady({ ...start, id, title: 'NATS', probe: () => askVersion(port) });
  return { service: 'nats', id, image, port, url: `nats://127.0.0.1:${port}`, version };
}

async function askVersion(port: number): Promise<string> {
  const servers = `127.0.0.1:${port}`;
  const connection = await connect({ servers, reconnect: false, timeout: answerWithinMs });
  try {
    await (await jetstreamManager(connection)).getAccountInfo();
    return connection.info?.version ?? 'unknown';
  } finally {
    await connection.close();
  }
}
