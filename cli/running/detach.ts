import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { openLog } from '../../containers/embedded/index.ts';
import { CliError } from '../cli-error.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { findMall } from '../malls/directory.ts';
import { type MallFolders, makeMallFolder } from '../malls/folders.ts';
import { aborted, type Interruption } from '../terminal/interruption.ts';
import { type Audience, reportShape } from './audience.ts';
import { monolithFlags } from './memory-flags.ts';
import { reportedFailure } from './reported-failure.ts';
import { refuseWhereRunning } from './runs-already.ts';

const launcher = fileURLToPath(new URL('../launcher/mall.mjs', import.meta.url));

/** Set for a process that was detached: it reports to its parent instead of a terminal. */
export const detachedVariable = 'MALL_DETACHED';

export interface Detach {
  readonly folders: MallFolders;
  /** The arguments of this start. */
  readonly args: readonly string[];
  readonly audience: Audience;
  readonly interruption: Interruption;
}

/**
 * Starts a mall in a process of its own, out of reach of the terminal, and follows it until it is ready.
 * What it would print goes to the mall's log.
 * @throws CliError with what the mall says when it cannot start
 */
export async function detachMall(detach: Detach): Promise<ExitCode> {
  makeMallFolder(detach.folders);
  // Before its log is opened, and perhaps set aside: it is that of the mall that runs.
  refuseWhereRunning(detach);
  const log = openLog(detach.folders.log);
  const child = spawn(process.execPath, [...monolithFlags, launcher, ...detach.args], {
    detached: true,
    stdio: ['ignore', log, log, 'ipc'],
    env: { ...process.env, [detachedVariable]: '1' },
  });
  closeSync(log);
  const outcome = follow(child, detach);
  void aborted(detach.interruption.asked).then(() => child.kill('SIGTERM'));
  try {
    const ready = await outcome;
    if (!ready) {
      // Its last words are those of a stop that has come to its end.
      detach.audience.done();
      return exitCodes.interrupted;
    }
  } catch (error) {
    detach.audience.failed(error);
    throw error;
  }
  const { state } = findMall(detach.folders.home, detach.folders.name);
  if (state !== undefined) detach.audience.ready(state);
  return exitCodes.ok;
}

/** Resolves with whether the mall is ready; false when the reader has called the start off. */
function follow(child: ChildProcess, { audience, folders, interruption }: Detach): Promise<boolean> {
  return new Promise((resolve, reject) => {
    child.on('message', (message) => {
      const report = reportShape.parse(message);
      if (report.kind === 'ready') {
        child.unref();
        resolve(true);
      } else if (report.kind === 'failed') reject(reportedFailure(report));
      else audience[report.kind](report.text);
    });
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      if (interruption.asked.aborted) resolve(false);
      else reject(suddenEnd({ how: signal ?? `exit code ${code}`, log: folders.log }));
    });
  });
}

function suddenEnd({ how, log }: { how: string; log: string }): CliError {
  return new CliError(`The mall ended with ${how} before it was ready.`, {
    exitCode: exitCodes.environment,
    next: `\`tail -n 50 ${log}\` shows its last words`,
  });
}
