import { stopNatsLeftover, stopPostgresLeftover } from '../../containers/embedded/index.ts';
import type { MallFolders } from './folders.ts';
import { removeState } from './state.ts';

/**
 * Stops the servers a killed mall has left and forgets its state. The caller holds the mall's lock.
 * @returns one sentence for each server that was stopped
 */
export async function cleanLeftovers(folders: MallFolders): Promise<string[]> {
  const [nats, postgres] = [
    await stopNatsLeftover({ storeFolder: folders.natsStore, pidFile: folders.natsPid }),
    await stopPostgresLeftover(folders.postgresData),
  ];
  removeState(folders.state);
  const stopped: string[] = [];
  if (nats !== undefined)
    stopped.push(`stopped the NATS server (process ${nats}) that a killed mall had left`);
  if (postgres !== undefined)
    stopped.push(`stopped the Postgres (process ${postgres}) that a killed mall had left`);
  return stopped;
}
