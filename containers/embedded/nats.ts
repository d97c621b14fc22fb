import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { InfrastructureError, PortInUse } from './infrastructure-error.ts';
import { natsBinary } from './nats-binary.ts';
import { freePort, isPortFree, portOwner } from './ports.ts';
import { commandLine, isAlive, pidIn, type StopStep, stopProcess } from './processes.ts';
import type { RunningServer } from './running-server.ts';
import { startServerProcess } from './server-process.ts';

const host = '127.0.0.1';
/** Go collects when this much of what lives has come on top of it: four times as often as by its own 100, 10 ms each. */
const garbagePercent = '25';
/** Reading a large stream back after a crash takes a while. */
const readyWithinMs = 60_000;

/** JetStream writes what it holds on the first; after the last it reads its files back, as after a crash. */
const stopSteps: readonly StopStep[] = [
  { signal: 'SIGINT', waitMs: 4_000 },
  { signal: 'SIGKILL', waitMs: 1_000 },
];

export interface NatsOptions {
  /** JetStream's files; made on first use. */
  readonly storeFolder: string;
  /** Where the server writes its process id, by which a later start recognises a leftover. */
  readonly pidFile: string;
  readonly logFile: string;
  /** What streams may reserve together; three quarters of the free disk when absent. */
  readonly storeBytes?: number | undefined;
  /** A free one when absent. */
  readonly port?: number | undefined;
  /** Ends the start, and whatever it has started. */
  readonly signal?: AbortSignal | undefined;
  /** Told in one sentence whatever had to be put right, or was passed over, before the start. */
  readonly onNotice?: ((sentence: string) => void) | undefined;
}

/**
 * Starts nats-server with JetStream and waits until JetStream answers. Listens on loopback only.
 * A server that a killed mall has left on the store is stopped first: two on one store would spoil it.
 * @throws InfrastructureError or PortInUse, with what to do about it
 */
export async function startNats(options: NatsOptions): Promise<RunningServer> {
  const binary = await natsBinary();
  for (const sentence of binary.skipped) options.onNotice?.(sentence);
  const left = await stopNatsLeftover(options);
  if (left !== undefined)
    options.onNotice?.(`stopped a NATS server (process ${left}) that a killed mall had left`);
  mkdirSync(options.storeFolder, { recursive: true });
  mkdirSync(dirname(options.pidFile), { recursive: true });
  const configuration = writeConfiguration(options);
  const port = await choosePort(options.port);
  const name = `mall-${process.pid}-${port}`;
  const server = await startServerProcess({
    title: 'NATS',
    command: binary.path,
    args: [...serverArguments({ ...options, port, name }), ...configuration],
    logFile: options.logFile,
    environment: { GOGC: garbagePercent },
  });
  const stop = async () => {
    await server.stop(stopSteps);
    rmSync(options.pidFile, { force: true });
  };
  try {
    let version = '';
    await server.ready(
      async () => {
        version = await askVersion({ port, name });
      },
      { withinMs: readyWithinMs, signal: options.signal },
    );
    return { url: `nats://${host}:${port}`, port, pid: server.pid, version, exited: server.exited, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/**
 * Stops the server that a killed mall has left on a store. The recorded process is taken for it only when its
 * command line names this very store.
 * @returns the id of the process that was stopped, undefined when there was none
 */
export async function stopNatsLeftover(left: {
  readonly storeFolder: string;
  readonly pidFile: string;
}): Promise<number | undefined> {
  const pid = pidIn(left.pidFile);
  if (pid === undefined) return undefined;
  const ours = isAlive(pid) && commandLine(pid)?.includes(`--store_dir ${left.storeFolder} `) === true;
  if (ours && !(await stopProcess(pid, stopSteps))) {
    throw new InfrastructureError(
      `A NATS server left over on ${left.storeFolder} (process ${pid}) does not stop.`,
      {
        next: `\`kill -9 ${pid}\``,
      },
    );
  }
  rmSync(left.pidFile, { force: true });
  return ours ? pid : undefined;
}

/** For the one thing that has no flag. */
function writeConfiguration({ storeBytes, pidFile }: NatsOptions): string[] {
  if (storeBytes === undefined) return [];
  const file = `${pidFile}.conf`;
  writeFileSync(file, `jetstream { max_file_store: ${storeBytes} }\n`);
  return ['--config', file];
}

function serverArguments(server: NatsOptions & { port: number; name: string }): string[] {
  return [
    '--jetstream',
    ...['--store_dir', server.storeFolder],
    ...['--addr', host],
    ...['--port', String(server.port)],
    ...['--name', server.name],
    ...['--pid', server.pidFile],
  ];
}

async function choosePort(wanted: number | undefined): Promise<number> {
  if (wanted === undefined) return freePort();
  if (await isPortFree(wanted)) return wanted;
  const owner = portOwner(wanted);
  throw new PortInUse({ port: wanted, wantedBy: 'NATS', ...(owner === undefined ? {} : { owner }) });
}

/** JetStream's account information, asked of the server of this name and no other that took its port. */
async function askVersion(server: { port: number; name: string }): Promise<string> {
  const connection = await connect({ servers: `${host}:${server.port}`, reconnect: false, timeout: 2_000 });
  try {
    if (connection.info?.server_name !== server.name) {
      throw new Error(`another NATS server answers on port ${server.port}`);
    }
    await (await jetstreamManager(connection)).getAccountInfo();
    return connection.info.version;
  } finally {
    await connection.close();
  }
}
