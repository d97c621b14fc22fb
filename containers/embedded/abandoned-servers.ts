import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { type Entrusted, entrust } from './caretaker.ts';
import { postgresStopSteps } from './postgres-leftover.ts';
import { childrenOf, processesNaming, signalQuietly, stopProcess } from './processes.ts';
import { programBeside } from './program-beside.ts';

const shape = z.object({ home: z.string() });

/** Where the servers of a temporary folder keep what they are found by. */
export function serverFiles(home: string) {
  return {
    dataFolder: join(home, 'postgres'),
    storeFolder: join(home, 'nats'),
    pidFile: join(home, 'nats.pid'),
  };
}

/** Has the servers of a temporary folder end with this process, and the folder removed. */
export function entrustServers(home: string): Entrusted {
  return entrust({ program: programBeside(import.meta.url, 'abandoned-servers'), about: { home } });
}

/** What the caretaker does. */
export default async function endServers(about: unknown): Promise<void> {
  const { home } = shape.parse(about);
  const { dataFolder, storeFolder } = serverFiles(home);
  // Not by their pid files: one that has only just been started has none yet.
  for (const text of [`-D ${dataFolder}`, `--store_dir ${storeFolder}`]) {
    for (const pid of processesNaming(text)) await end(pid);
  }
  rmSync(home, { recursive: true, force: true, maxRetries: 5 });
}

/** One that is halted, as chaos does it, is woken: it would not hear. So are Postgres' backends, each by itself. */
async function end(pid: number): Promise<void> {
  for (const each of [pid, ...childrenOf(pid)]) signalQuietly(each, 'SIGCONT');
  await stopProcess(pid, postgresStopSteps);
}
