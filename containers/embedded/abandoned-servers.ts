import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { type Entrusted, entrust } from './caretaker.ts';
import { stopNatsLeftover } from './nats.ts';
import { stopPostgresLeftover } from './postgres-leftover.ts';
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
  const files = serverFiles(home);
  await Promise.allSettled([stopPostgresLeftover(files.dataFolder), stopNatsLeftover(files)]);
  rmSync(home, { recursive: true, force: true, maxRetries: 5 });
}
