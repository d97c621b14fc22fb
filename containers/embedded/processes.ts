import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { errorCode } from './infrastructure-error.ts';

const pollMs = 10;

/** One step of a stop: the signal to send and how long the process may take to answer it. */
export interface StopStep {
  readonly signal: NodeJS.Signals;
  readonly waitMs: number;
}

interface LinuxProcess {
  readonly state: string;
  readonly parent: number;
  readonly startTicks: string;
}

/**
 * Whether a process runs under this id. One that may not be signalled (another user's) runs; a zombie does not:
 * where process 1 reaps nothing, as in many containers, a killed orphan keeps its id for ever.
 */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (errorCode(error) !== 'EPERM') return false;
  }
  return linuxProcess(pid)?.state !== 'Z';
}

/**
 * A text that stays the same for as long as this very process lives: boot and start time.
 * Compare it with a recorded one to see whether the id has been given to another process since.
 */
export function startToken(pid: number): string | undefined {
  if (process.platform === 'linux') {
    const ticks = linuxProcess(pid)?.startTicks;
    return ticks === undefined ? undefined : `${readText('/proc/sys/kernel/random/boot_id')}:${ticks}`;
  }
  return psColumn(pid, 'lstart');
}

/** The command line of a process, its arguments joined by blanks; undefined when there is none to read. */
export function commandLine(pid: number): string | undefined {
  if (process.platform !== 'linux') return psColumn(pid, 'command');
  const text = readText(`/proc/${pid}/cmdline`);
  return text === undefined || text === '' ? undefined : text.split('\0').join(' ').trim();
}

/**
 * Sends each signal in turn until the process is gone. The caller has proved that the process is its own.
 * @returns whether it is gone; false only when even the last signal was not answered in time.
 */
export async function stopProcess(pid: number, steps: readonly StopStep[]): Promise<boolean> {
  for (const step of steps) {
    if (!isAlive(pid)) return true;
    signalQuietly(pid, step.signal);
    if (await becomesTrue(() => !isAlive(pid), step.waitMs)) return true;
  }
  return !isAlive(pid);
}

/** Polls until the condition holds; false when it did not within the time. */
export async function becomesTrue(condition: () => boolean, withinMs: number): Promise<boolean> {
  const deadline = performance.now() + withinMs;
  while (!condition()) {
    if (performance.now() >= deadline) return false;
    await pause(pollMs);
  }
  return true;
}

/** The process id a file begins with; undefined where there is no such file or no id in it. */
export function pidIn(file: string): number | undefined {
  const pid = Number.parseInt(readText(file) ?? '', 10);
  return Number.isInteger(pid) && pid > 0 ? pid : undefined;
}

/** Signals a process that may have ended meanwhile. */
export function signalQuietly(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (errorCode(error) !== 'ESRCH') throw error;
  }
}

/** Whether a process runs whose command line holds a text. */
export function someCommandLineHolds(text: string): boolean {
  return processesNaming(text).length > 0;
}

/** Ids of the processes whose command line holds a text. */
export function processesNaming(text: string): readonly number[] {
  if (process.platform !== 'linux') {
    const { stdout } = spawnSync('ps', ['-A', '-ww', '-o', 'pid=,command='], { encoding: 'utf8' });
    const lines = stdout.split('\n').filter((line) => line.includes(text));
    return lines.map((line) => Number.parseInt(line, 10));
  }
  const pids = readdirSync('/proc').map(Number).filter(Number.isInteger);
  return pids.filter((pid) => commandLine(pid)?.includes(text) === true);
}

/** Ids of the processes that a process has started and that still run. */
export function childrenOf(parent: number): readonly number[] {
  if (process.platform !== 'linux') {
    const { stdout } = spawnSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' });
    const rows = stdout.split('\n').map((line) => line.trim().split(/\s+/).map(Number));
    return rows.flatMap(([pid, ppid]) => (pid !== undefined && ppid === parent ? [pid] : []));
  }
  const pids = readdirSync('/proc').map(Number).filter(Number.isInteger);
  return pids.filter((pid) => linuxProcess(pid)?.parent === parent);
}

/** Reads state (field 3), parent (field 4) and start time (field 22) of `/proc/<pid>/stat`; the name before may hold blanks. */
function linuxProcess(pid: number): LinuxProcess | undefined {
  const stat = process.platform === 'linux' ? readText(`/proc/${pid}/stat`) : undefined;
  if (stat === undefined) return undefined;
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state, parent, startTicks] = [fields[0], Number(fields[1]), fields[19]];
  return state === undefined || startTicks === undefined ? undefined : { state, parent, startTicks };
}

function psColumn(pid: number, column: 'lstart' | 'command'): string | undefined {
  const answer = spawnSync('ps', ['-ww', '-o', `${column}=`, '-p', String(pid)], { encoding: 'utf8' });
  const text = answer.status === 0 ? answer.stdout.trim() : '';
  return text === '' ? undefined : text;
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trimEnd();
  } catch {
    return undefined;
  }
}
