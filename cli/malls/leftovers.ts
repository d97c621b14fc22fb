import {
  commandLine,
  isAlive,
  reason,
  startToken,
  stopNatsLeftover,
  stopPostgresLeftover,
  stopProcess,
} from '../../containers/embedded/index.ts';
import type { MallFolders } from './folders.ts';
import { readState, removeState, type ServiceState } from './state.ts';

/** A service that has lost its mall stops by itself; one that does not is helped along. */
const serviceStopSteps = [
  { signal: 'SIGTERM', waitMs: 5_000 },
  { signal: 'SIGKILL', waitMs: 2_000 },
] as const;

/**
 * Stops the services and servers a killed mall has left and forgets its state. The caller holds the mall's lock.
 * @returns one sentence for each that was stopped
 */
export async function cleanLeftovers(folders: MallFolders): Promise<string[]> {
  const state = readState(folders.state);
  const services = await stopServices(state?.services ?? []);
  const [nats, postgres] = [
    await stopNatsLeftover({ storeFolder: folders.natsStore, pidFile: folders.natsPid }),
    await stopPostgresLeftover(folders.postgresData),
  ];
  const stopped = state?.infra === 'docker' ? await removeContainersLeft(folders.folder) : [];
  removeState(folders.state);
  if (services.length > 0) stopped.push(`stopped ${services.join(', ')} that a killed mall had left`);
  if (nats !== undefined)
    stopped.push(`stopped the NATS server (process ${nats}) that a killed mall had left`);
  if (postgres !== undefined)
    stopped.push(`stopped the Postgres (process ${postgres}) that a killed mall had left`);
  return stopped;
}

/** The reaper may have been faster. Without the engine there is nothing to be done, and nothing runs. */
async function removeContainersLeft(folder: string): Promise<string[]> {
  const [{ findEngine }, { removeContainers }] = await Promise.all([
    import('../../containers/docker/find-engine.ts'),
    import('../../containers/docker/mall-containers.ts'),
  ]);
  const engine = await findEngine();
  if ('complaint' in engine) return [`containers of a killed mall were not looked for: ${engine.complaint}`];
  try {
    const count = await removeContainers(engine, folder);
    return count === 0 ? [] : [`removed ${count} containers that a killed mall had left`];
  } catch (error) {
    return [`containers of a killed mall may still be there: ${reason(error)}`];
  }
}

/** Answers the names of those that still ran. One that is not proved to be the recorded process is left alone. */
async function stopServices(services: readonly ServiceState[]): Promise<readonly string[]> {
  const stopped = await Promise.all(
    services.map(async ({ name, pid, startToken: token }) => {
      if (pid === undefined || !isAlive(pid) || startToken(pid) !== token) return [];
      if (!commandLine(pid)?.endsWith(`serve --context ${name}`)) return [];
      await stopProcess(pid, serviceStopSteps);
      return [name];
    }),
  );
  return stopped.flat();
}
