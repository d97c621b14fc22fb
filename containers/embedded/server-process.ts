import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { InfrastructureError, reason } from './infrastructure-error.ts';
import { type StopStep, stopProcess } from './processes.ts';

const logRotateBytes = 5 * 1024 * 1024;
const probeEveryMs = 10;
const tailLines = 12;

export interface ServerCommand {
  /** What people call it: `Postgres`, `NATS`. */
  readonly title: string;
  readonly command: string;
  readonly args: readonly string[];
  /** Receives standard output and error; appended to, set aside as `<file>.1` once it is large. */
  readonly logFile: string;
  /** Settings beside those that every server gets. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly user?: { readonly uid: number; readonly gid: number } | undefined;
}

export interface ReadyLimits {
  readonly withinMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** A server this process has started. */
export interface ServerProcess {
  readonly pid: number;
  /** Resolves with a sentence when the server ends, for whatever reason. Never rejects. */
  readonly exited: Promise<string>;
  /**
   * Asks until `probe` succeeds. Rejects with the end of the log when the server ends meanwhile, and with the
   * probe's last complaint when the time is over. Also rejects when `signal` is aborted.
   */
  ready(probe: () => Promise<void>, limits: ReadyLimits): Promise<void>;
  stop(steps: readonly StopStep[]): Promise<void>;
}

/**
 * Starts a server in a process group of its own, so that Ctrl-C in a terminal reaches the mall only, which then
 * stops its servers in order. The working directory is `/`: another user's server may not enter ours.
 * The environment is bare, so that settings of other installations (`PGDATA`, `PGHOST`) change nothing.
 */
export async function startServerProcess(server: ServerCommand): Promise<ServerProcess> {
  mkdirSync(dirname(server.logFile), { recursive: true });
  const log = openLog(server.logFile);
  const logStart = statSync(server.logFile).size;
  const child = spawn(server.command, server.args, {
    cwd: '/',
    detached: true,
    stdio: ['ignore', log, log],
    env: { PATH: process.env.PATH ?? '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC', ...server.environment },
    ...server.user,
  });
  closeSync(log);
  child.unref();
  let ended: string | undefined;
  const exited = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(`${server.title} could not be started: ${reason(error)}`));
    child.once('exit', (code, signal) =>
      resolve(`${server.title} ended with ${signal === null ? `exit code ${code}` : signal}`),
    );
  }).then((sentence) => {
    ended = sentence;
    return sentence;
  });
  const { pid } = child;
  if (pid === undefined) throw new InfrastructureError(`${await exited}.`);
  return {
    pid,
    exited,
    ready: (probe, limits) => untilReady({ server, probe, ...limits, logStart, endedWith: () => ended }),
    stop: (steps) => stopChild({ server, pid, steps, endedWith: () => ended }),
  };
}

interface ReadyWait extends ReadyLimits {
  readonly server: ServerCommand;
  readonly probe: () => Promise<void>;
  readonly logStart: number;
  readonly endedWith: () => string | undefined;
}

async function untilReady(wait: ReadyWait): Promise<void> {
  const deadline = performance.now() + wait.withinMs;
  for (;;) {
    wait.signal?.throwIfAborted();
    try {
      return await wait.probe();
    } catch (error) {
      refuseToWaitOn(wait, { error, late: performance.now() > deadline });
    }
    await pause(probeEveryMs);
  }
}

/** Throws when it is no use to ask again: the server has ended, or its time is over. */
function refuseToWaitOn(wait: ReadyWait, { error, late }: { error: unknown; late: boolean }): void {
  const next = `\`tail -n 50 ${wait.server.logFile}\``;
  const ended = wait.endedWith();
  if (ended !== undefined) {
    const cause = tail(wait.server.logFile, wait.logStart);
    throw new InfrastructureError(`${ended} while starting.`, { cause, next });
  }
  if (late) {
    const seconds = Math.round(wait.withinMs / 1000);
    throw new InfrastructureError(`${wait.server.title} did not answer within ${seconds} s.`, {
      cause: error,
      next,
    });
  }
}

async function stopChild(stop: {
  server: ServerCommand;
  pid: number;
  steps: readonly StopStep[];
  endedWith: () => string | undefined;
}): Promise<void> {
  if (stop.endedWith() !== undefined) return;
  if (await stopProcess(stop.pid, stop.steps)) return;
  throw new InfrastructureError(`${stop.server.title} (process ${stop.pid}) does not stop.`, {
    next: `\`kill -9 ${stop.pid}\``,
  });
}

/** Opens a log for appending; a large one of earlier runs is set aside first, the one before that dropped. */
export function openLog(path: string): number {
  if (existsSync(path) && statSync(path).size > logRotateBytes) renameSync(path, `${path}.1`);
  return openSync(path, 'a');
}

function tail(path: string, from: number): string {
  const lines = readFileSync(path).subarray(from).toString('utf8').trimEnd().split('\n');
  return lines.slice(-tailLines).join('\n');
}
