import { reason, stopNatsLeftover, stopPostgresLeftover } from '../../containers/embedded/index.ts';
import type { MallFolders } from './folders.ts';
import { readState, removeState } from './state.ts';

/**
 * Stops the servers a killed mall has left and forgets its state. The caller holds the mall's lock.
 * @returns one sentence for each server that was stopped
 */
export async function cleanLeftovers(folders: MallFolders): Promise<string[]> {
  const inDocker = readState(folders.state)?.infra === 'docker';
  const [nats, postgres] = [
    await stopNatsLeftover({ storeFolder: folders.natsStore, pidFile: folders.natsPid }),
    await stopPostgresLeftover(folders.postgresData),
  ];
  const stopped = inDocker ? await removeContainersLeft(folders.folder) : [];
  removeState(folders.state);
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
