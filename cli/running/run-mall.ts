import { flushCompileCache } from 'node:module';
import { CliError } from '../cli-error.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { findMall } from '../malls/directory.ts';
import { type MallFolders, makeMallFolder } from '../malls/folders.ts';
import { type Lock, takeLock } from '../malls/lock.ts';
import type { RecordedState } from '../malls/recorded-state.ts';
import { removeState } from '../malls/state.ts';
import type { Settings } from '../settings/index.ts';
import { parseDuration } from '../terminal/duration.ts';
import { aborted, type Interruption } from '../terminal/interruption.ts';
import type { Audience } from './audience.ts';
import { watchForCrash } from './crash.ts';
import { type MallLog, openMallLog } from './mall-log.ts';
import { runsAlready } from './runs-already.ts';
import { StartClock } from './start-clock.ts';
import { lossOfPart, startParts } from './start-parts.ts';
import { type RunningParts, stopParts } from './stop-parts.ts';

export interface MallRun {
  readonly settings: Settings;
  readonly folders: MallFolders;
  readonly audience: Audience;
  readonly interruption: Interruption;
}

/**
 * Runs a mall in this process, from the lock on its folder to the last line of its stop.
 * @returns 0 when it was ready and has been stopped in order, 130 when the start was interrupted or the stop hurried
 * @throws CliError or InfrastructureError when it cannot start or loses a server; all is stopped again by then
 */
export async function runMall(run: MallRun): Promise<ExitCode> {
  makeMallFolder(run.folders);
  const lock = await lockMall(run);
  const log = openMallLog({ path: run.folders.log, level: run.settings.logLevel });
  try {
    return await runLocked(run, log);
  } catch (error) {
    log.logger.fatal({ err: error }, 'the mall has ended');
    run.audience.failed(error);
    throw error;
  } finally {
    removeState(run.folders.state);
    lock.release();
    log.flush();
  }
}

async function lockMall({ folders, audience }: MallRun): Promise<Lock> {
  const taken = await takeLock(folders.lock);
  if ('lock' in taken) return taken.lock;
  const error = runsAlready(findMall(folders.home, folders.name), taken.heldBy.pid);
  audience.failed(error);
  throw error;
}

async function runLocked(run: MallRun, log: MallLog): Promise<ExitCode> {
  const { audience, interruption } = run;
  const parts: RunningParts = { infrastructure: undefined, contexts: undefined, traces: undefined };
  const crash = watchForCrash(log.logger);
  const giveUp = new AbortController();
  const clock = new StartClock();
  const starting = startParts({ ...run, parts, clock, logger: log.logger, signal: giveUp.signal });
  const ended = Promise.race([aborted(interruption.asked), crash.happened]);
  let record: RecordedState | undefined;
  try {
    record = await Promise.race([
      starting,
      ended.then(() => undefined),
      startTimeout(run.settings, clock, giveUp.signal),
    ]);
    if (record !== undefined) {
      audience.ready(record.current);
      flushCompileCache?.();
      await Promise.race([ended, lossOfPart(parts, giveUp.signal)]);
    }
  } finally {
    giveUp.abort();
    if (record === undefined) audience.calledOff();
    else record.update({ phase: 'stopping' });
    await stopParts({ parts, starting, audience, hurried: interruption.hurried, log });
    crash.release();
  }
  return record !== undefined && !interruption.hurried.aborted ? exitCodes.ok : exitCodes.interrupted;
}

async function startTimeout(settings: Settings, clock: StartClock, signal: AbortSignal): Promise<never> {
  await clock.passes(parseDuration(settings.startTimeout) ?? 0, signal);
  throw new CliError(`The mall was not ready within ${settings.startTimeout}.`, {
    exitCode: exitCodes.startTimeout,
    next: '`mall logs` shows how far it came; MALL_START_TIMEOUT gives it more time',
  });
}
