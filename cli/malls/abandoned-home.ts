import { rmSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { type Entrusted, entrust, programBeside } from '../../containers/embedded/index.ts';
import { mallNames } from './folders.ts';
import { stopMall } from './stop-mall.ts';

const shape = z.object({ home: z.string(), folders: z.array(z.string()) });

/** A mall home that one process has made for itself. */
export interface OwnHome {
  readonly home: string;
  /** What is to be removed once its malls are stopped. */
  readonly folders: readonly string[];
}

/** What is not gone by then does not go. */
const goneWithinMs = 120_000;
const lookEveryMs = 100;

/**
 * Has the malls of a home of one's own stopped, and all of it removed, once this process is gone. Commands that may be
 * starting a mall are to be entrusted one by one, so that they have ended before.
 */
export function entrustHome(about: OwnHome): Entrusted {
  return entrust({ program: programBeside(import.meta.url, 'abandoned-home'), about });
}

/** What the caretaker does. A mall that cannot be stopped, since it is only just coming up, is tried again. */
export default async function removeHome(about: unknown): Promise<void> {
  const { home, folders } = shape.parse(about);
  const deadline = performance.now() + goneWithinMs;
  for (let names = mallNames(home); names.length > 0; names = mallNames(home)) {
    await Promise.allSettled(
      names.map((name) => stopMall({ home, name, purge: true, onStep: () => undefined })),
    );
    if (performance.now() > deadline) return;
    await pause(lookEveryMs);
  }
  for (const folder of folders) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}
