import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import {
  type Entrusted,
  entrust,
  programBeside,
  someCommandLineHolds,
} from '../../containers/embedded/index.ts';
import { mallNames } from '../malls/folders.ts';
import { stopMall } from '../malls/stop-mall.ts';

const shape = z.object({ home: z.string(), run: z.string() });

/** What is not gone by then does not go. */
const goneWithinMs = 120_000;
const lookEveryMs = 100;

/** Whether a mall belongs to a run: the run's own, or one that a scenario has started. */
export function isOfRun(name: string, run: string): boolean {
  return name === run || name.startsWith(`${run}-`);
}

/** Has the malls of a run stopped and removed once this process is gone. */
export function entrustMalls(about: { readonly home: string; readonly run: string }): Entrusted {
  return entrust({ program: programBeside(import.meta.url, 'abandoned-malls'), about });
}

/**
 * What the caretaker does. One that is just being started has no folder yet, or no lock, and comes up after its
 * starter has been killed: so it looks until no command names the run.
 */
export default async function removeMalls(about: unknown): Promise<void> {
  const { home, run } = shape.parse(about);
  const deadline = performance.now() + goneWithinMs;
  while (performance.now() < deadline) {
    const names = mallNames(home).filter((name) => isOfRun(name, run));
    // One that fails, since it is only just coming up, is tried again.
    await Promise.allSettled(
      names.map((name) => stopMall({ home, name, purge: true, onStep: () => undefined })),
    );
    if (names.length === 0 && !someCommandLineHolds(`--name ${run}`)) return;
    await pause(lookEveryMs);
  }
}
