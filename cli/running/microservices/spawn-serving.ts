import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { CliError } from '../../cli-error.ts';
import { exitCodes } from '../../exit-codes.ts';
import { type Report, reportShape } from '../audience.ts';
import { contextFlags } from '../memory-flags.ts';
import { reportedFailure } from '../reported-failure.ts';

const launcher = fileURLToPath(new URL('../../launcher/mall.mjs', import.meta.url));

/** A process that runs `mall serve`. */
export interface ServingProcess {
  readonly child: ChildProcess;
  readonly ready: Promise<undefined>;
  /** How it ended: with its exit code, and an error that says why in its own words. */
  readonly ended: Promise<{ readonly code: number | null; readonly error: CliError }>;
}

/** Starts `mall serve`, whose lines go to a log beside those of others; they name it. */
export function spawnServing(options: {
  readonly name: string;
  readonly args: readonly string[];
  readonly environment: NodeJS.ProcessEnv;
  readonly logFile: string;
}): ServingProcess {
  const { name, args, environment, logFile } = options;
  // Opened anew each time, so that it is the file that is read now, and never set aside while others write to it.
  const log = openSync(logFile, 'a');
  const child = spawn(process.execPath, [...contextFlags, launcher, 'serve', ...args], {
    detached: true,
    stdio: ['ignore', log, log, 'ipc'],
    env: environment,
  });
  closeSync(log);
  const { promise: ready, resolve } = Promise.withResolvers<undefined>();
  let failure: Extract<Report, { kind: 'failed' }> | undefined;
  child.on('message', (message) => {
    const report = reportShape.parse(message);
    if (report.kind === 'failed') failure = report;
    if (report.kind === 'ready') resolve(undefined);
  });
  const ended = new Promise<Awaited<ServingProcess['ended']>>((resolveEnd) => {
    child.once('error', (error) => resolveEnd({ code: null, error: suddenEnd(name, error.message) }));
    child.once('close', (code, signal) => {
      const error = failure ? reportedFailure(failure) : suddenEnd(name, signal ?? `exit code ${code}`);
      resolveEnd({ code, error });
    });
  });
  return { child, ready, ended };
}

function suddenEnd(name: string, how: string): CliError {
  return new CliError(`The service ${name} ended with ${how}.`, {
    exitCode: exitCodes.environment,
    next: `\`mall logs ${name}\` shows its last words`,
  });
}
