import { setTimeout as pause } from 'node:timers/promises';
import { InfrastructureError } from '../embedded/index.ts';
import type { DockerEngine } from './engine.ts';

/** Every container of a mall carries it; its value is the mall's folder, which no other mall has. */
export const folderLabel = 'mall.folder';

const removeWithinMs = 20_000;
const pollMs = 50;

/**
 * Removes every container of a mall; data in volumes that have a name stays. What somebody else (the reaper) is removing at the same time
 * is waited for.
 * @returns how many there were
 * @throws InfrastructureError when some stay, EngineError when the engine does not answer
 */
export async function removeContainers(engine: DockerEngine, folder: string): Promise<number> {
  const deadline = performance.now() + removeWithinMs;
  const seen = new Set<string>();
  for (;;) {
    const ids = await engine.containersWith(folderLabel, folder);
    if (ids.length === 0) return seen.size;
    for (const id of ids) seen.add(id);
    if (performance.now() > deadline) {
      throw new InfrastructureError(`${ids.length} containers of the mall are not to be removed.`, {
        next: `\`docker rm --force --volumes ${ids.map((id) => id.slice(0, 12)).join(' ')}\``,
      });
    }
    await Promise.all(ids.map((id) => engine.remove(id)));
    await pause(pollMs);
  }
}
