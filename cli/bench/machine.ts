import { closeSync, fdatasyncSync, openSync, rmSync, writeSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, platform, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { benchFolder } from './folder.ts';
import { median } from './repeats.ts';

/** What survives a crash of the machine, in one sentence per server. */
export interface Durability {
  readonly postgres: string;
  readonly nats: string;
}

/** Where figures come from: without it they cannot be compared. */
export interface Machine {
  readonly processor: string;
  readonly cores: number;
  readonly memoryGb: number;
  readonly system: string;
  readonly node: string;
  /** One synced write of 8 KB to the disk that malls live on, in milliseconds. */
  readonly diskSyncMs: number;
  /** Processes that wanted a core when the run began: 0 on a quiet machine. */
  readonly loadBefore: number;
}

export function thisMachine(home: string): Machine {
  return {
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryGb: Math.round(totalmem() / 1024 ** 3),
    system: `${platform()} ${release()}`,
    node: process.version,
    diskSyncMs: diskSyncMs(home),
    loadBefore: Math.round((loadavg()[0] ?? 0) * 10) / 10,
  };
}

function diskSyncMs(home: string): number {
  const folder = benchFolder(home);
  const file = openSync(join(folder, 'sync'), 'w');
  try {
    const page = Buffer.alloc(8_192, 1);
    const times = Array.from({ length: 40 }, () => {
      const started = performance.now();
      writeSync(file, page);
      fdatasyncSync(file);
      return performance.now() - started;
    });
    return Math.round(median(times) * 100) / 100;
  } finally {
    closeSync(file);
    rmSync(folder, { recursive: true, force: true });
  }
}
