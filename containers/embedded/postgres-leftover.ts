import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { InfrastructureError } from './infrastructure-error.ts';
import { commandLine, isAlive, pidIn, type StopStep, stopProcess } from './processes.ts';

/**
 * Fast shutdown, then an immediate one, then the axe. Postgres recovers from its log after either of the last
 * two; nothing committed is lost.
 */
export const postgresStopSteps: readonly StopStep[] = [
  { signal: 'SIGINT', waitMs: 5_000 },
  { signal: 'SIGQUIT', waitMs: 2_000 },
  { signal: 'SIGKILL', waitMs: 1_000 },
];

/**
 * Stops the Postgres that a killed mall has left running on a data folder, so that another may start on it.
 * A process is taken for it only when its command line names this very folder: its id may belong to somebody
 * else by now, and then only the stale lock file is removed. (A live server cannot be missed that way:
 * Postgres also refuses to start while the folder's shared memory is in use.)
 * @returns the id of the process that was stopped, undefined when there was none
 */
export async function stopPostgresLeftover(dataFolder: string): Promise<number | undefined> {
  const pidFile = join(dataFolder, 'postmaster.pid');
  const pid = pidIn(pidFile);
  if (pid === undefined) return undefined;
  if (!isAlive(pid) || !commandLine(pid)?.includes(`-D ${dataFolder} `)) {
    rmSync(pidFile, { force: true });
    return undefined;
  }
  if (await stopProcess(pid, postgresStopSteps)) return pid;
  throw new InfrastructureError(`A Postgres left over on ${dataFolder} (process ${pid}) does not stop.`, {
    next: `\`kill -9 ${pid}\``,
  });
}
