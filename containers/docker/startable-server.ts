import type { StartedTestContainer } from 'testcontainers';
import { reason } from '../embedded/index.ts';
import type { DockerEngine } from './engine.ts';
import {
  type ContainerOptions,
  type ContainerStart,
  onFreePort,
  type PortWish,
  type RunningServer,
  toLogFile,
} from './running-container.ts';
import { untilReady } from './until-ready.ts';

/** A kind of server that runs in a container. */
export interface ContainerServer {
  readonly service: 'postgres' | 'nats';
  /** What people call it: `Postgres`. */
  readonly title: string;
  /** How long it may take to end when it is asked to. */
  readonly stopSeconds: number;
  url(port: number): string;
  /** Makes its container and starts it; the server is not ready yet. */
  create(start: ContainerStart): Promise<StartedTestContainer>;
  /** Rejects for as long as the server is not ready. */
  askVersion(url: string): Promise<string>;
}

/** Starts a server, or starts it again after it has ended, and waits until it is ready. */
export type StartServer = (signal: AbortSignal) => Promise<RunningServer>;

interface Made {
  readonly container: StartedTestContainer;
  readonly port: number;
}

/**
 * A server that can be started again whenever it has ended, always on the port and the data that it had: in the same
 * container, or in a new one where somebody has removed that. What a start that fails leaves in the engine is the
 * caller's to remove, once it has settled.
 */
export function startableServer(
  server: ContainerServer,
  options: ContainerOptions & { readonly engine: DockerEngine; readonly wish: PortWish },
): StartServer {
  const { engine, wish, logFile } = options;
  let made: Made | undefined;
  let endedAtMs = 0;
  const create = async (port: number) => ({ container: await server.create({ ...options, port }), port });
  return async (signal) => {
    const again = made !== undefined && (await startAgain(engine, made, { logFile, sinceMs: endedAtMs }));
    if (made === undefined) made = await onFreePort(wish, create);
    else if (!again) made = await create(made.port);
    const { container, port } = made;
    const id = container.getId();
    const exited = endOf(engine, { id, title: server.title });
    void exited.then(() => {
      endedAtMs = Date.now();
    });
    const url = server.url(port);
    const { service, title } = server;
    const version = await untilReady({
      ...{ engine, id, title, logFile, signal },
      probe: () => server.askVersion(url),
    });
    const stop = () => engine.stop(id, server.stopSeconds);
    return { service, id, image: options.image, port, url, version, exited, stop };
  };
}

/** Answers whether the container was still there to be started. */
async function startAgain(
  engine: DockerEngine,
  { container }: Made,
  { logFile, sinceMs }: { readonly logFile: string; readonly sinceMs: number },
): Promise<boolean> {
  if (!(await engine.startAgain(container.getId()))) return false;
  // What followed the log has ended with the container.
  toLogFile(logFile)(await container.logs({ since: sinceMs / 1_000 }));
  return true;
}

async function endOf(
  engine: DockerEngine,
  { id, title }: { readonly id: string; readonly title: string },
): Promise<string> {
  try {
    return `${title} ended with exit code ${await engine.exitCode(id, neverAborted)}`;
  } catch (error) {
    return `${title} was lost with the Docker engine (${reason(error)})`;
  }
}

/** The wait lasts as long as the mall does; the process' end closes it. */
const neverAborted = new AbortController().signal;
