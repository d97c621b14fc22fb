import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdtempSync,
  openSync,
  rmSync,
  statfsSync,
  statSync,
  writeSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { arch, platform } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { errorCode } from '../../containers/embedded/index.ts';
import { nodeIsNewEnough } from '../launcher/needs.mjs';
import { type Check, type Finding, fail, pass, warn } from './finding.ts';

const MB = 1024 * 1024;
const limits = {
  /**
   * With less, NATS refuses the stream: that may grow to 1 GB, and NATS takes three quarters of what is free. Then a
   * mall after a day of busywork.
   */
  space: { warn: 4_096 * MB, fail: 1_500 * MB },
  /** Node, Postgres and NATS of one mall at work; of one that has just started. */
  memory: { warn: 700 * MB, fail: 300 * MB },
  /** Each order waits for some fifteen commits, one after the other. */
  syncMs: 10,
  clockDriftMs: 100,
} as const;

/** What the mall needs of the machine and of the folder it keeps its data in. */
export function machineChecks(home: string): Check[] {
  return [
    { name: 'node', run: () => nodeFinding(process.versions.node) },
    { name: 'folder', run: () => folderFinding(home) },
    { name: 'space', run: () => spaceFinding(freeBytes(home), home) },
    { name: 'memory', run: () => memoryFinding(process.availableMemory()) },
    { name: 'disk sync', run: () => syncFinding(measureSync(home)) },
    { name: 'clock', run: clockFinding },
  ];
}

export function nodeFinding(version: string): Finding {
  const here = `Node ${version}, ${platform()} ${arch()}`;
  if (nodeIsNewEnough(version)) return pass(here);
  return fail(
    `${here}, which is too old`,
    'install Node 22.22 or newer, or run `npx mall`, which brings one',
  );
}

/** Whether a mall could make its folder; nothing stays behind. */
export function folderFinding(home: string): Finding {
  const above = existing(home);
  try {
    const probe = mkdtempSync(join(above, '.mall-probe-'));
    rmSync(probe, { recursive: true });
    return pass(existsSync(home) ? home : `${home}, to be made`);
  } catch (error) {
    return fail(
      `${above} cannot be written (${errorCode(error) ?? 'error'})`,
      'set MALL_HOME to a folder that can, for example `MALL_HOME=~/.mall mall up`',
    );
  }
}

export function spaceFinding(free: number, home: string): Finding {
  const found = `${megabytes(free)} free for ${home}`;
  const fix =
    'make room there, `mall down --purge` removes a mall with its data, or set MALL_HOME to another disk';
  if (free < limits.space.fail) return fail(found, fix);
  return free < limits.space.warn ? warn(found, fix) : pass(found);
}

export function memoryFinding(available: number): Finding {
  const found = `${megabytes(available)} available`;
  const fix = 'end other programs, or give this container more memory; a mall takes about 450 MB';
  if (available < limits.memory.fail) return fail(found, fix);
  return available < limits.memory.warn ? warn(found, fix) : pass(found);
}

export function syncFinding(ms: number | undefined): Finding {
  if (ms === undefined) return warn('not measured, since nothing can be written', 'see `folder`');
  const found = `${ms.toFixed(2)} ms for a write to reach the disk`;
  if (ms <= limits.syncMs) return pass(found);
  return warn(
    `${found}: every order waits for it several times`,
    '`mall up --fast` does not wait, for malls that may be lost; or set MALL_HOME to a faster disk',
  );
}

/** A clock that is behind the files of the mall itself is wrong; one that jumps makes waits and stamps wrong. */
async function clockFinding(): Promise<Finding> {
  const [wall, steady] = [Date.now(), performance.now()];
  await pause(150);
  const driftMs = Math.abs(Date.now() - wall - (performance.now() - steady));
  const manifest = createRequire(import.meta.url).resolve('../../package.json');
  return clockJudgement({ now: Date.now(), installedAt: statSync(manifest).mtimeMs, driftMs });
}

export function clockJudgement(seen: { now: number; installedAt: number; driftMs: number }): Finding {
  const found = new Date(seen.now).toISOString();
  const fix = 'set the clock, for example by `timedatectl set-ntp true`: tokens and time-outs depend on it';
  if (seen.now < seen.installedAt - 24 * 3_600_000) {
    return fail(`${found}, which is before the mall was installed`, fix);
  }
  if (seen.driftMs > limits.clockDriftMs) {
    return warn(`${found}, moved by ${Math.round(seen.driftMs)} ms while it was watched`, fix);
  }
  return pass(found);
}

/** The middle of some writes with fsync, as Postgres does them; undefined where nothing can be written. */
function measureSync(home: string): number | undefined {
  try {
    const folder = mkdtempSync(join(existing(home), '.mall-sync-'));
    try {
      const file = openSync(join(folder, 'probe'), 'w');
      const page = Buffer.alloc(8_192, 1);
      const times = Array.from({ length: 21 }, (_, index) => {
        const begun = performance.now();
        writeSync(file, page, 0, page.length, index * page.length);
        fsyncSync(file);
        return performance.now() - begun;
      });
      closeSync(file);
      return times.toSorted((left, right) => left - right)[10];
    } finally {
      rmSync(folder, { recursive: true });
    }
  } catch {
    return undefined;
  }
}

function freeBytes(home: string): number {
  const { bavail, bsize } = statfsSync(existing(home));
  return bavail * bsize;
}

/** The folder itself or the nearest above it that is there. */
function existing(folder: string): string {
  return existsSync(folder) || folder === dirname(folder) ? folder : existing(dirname(folder));
}

function megabytes(bytes: number): string {
  return bytes >= 10_240 * MB ? `${Math.round(bytes / MB / 1024)} GB` : `${Math.round(bytes / MB)} MB`;
}
