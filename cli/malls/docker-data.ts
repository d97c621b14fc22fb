import { createHash } from 'node:crypto';
import { existsSync, rmSync } from 'node:fs';
import { z } from 'zod';
import { reason } from '../../containers/embedded/index.ts';
import type { MallFolders } from './folders.ts';
import { readJsonFile, writeJsonFile } from './json-file.ts';

const volumesShape = z.object({ postgres: z.string(), nats: z.string() });
/** Names of the volumes that hold a mall's data in Docker. */
export type MallVolumes = z.output<typeof volumesShape>;

/** The volumes of a mall. That it has some is noted in its folder, so that they are removed with the rest of its data. */
export function volumesOf({ name, folder, dockerVolumes }: MallFolders): MallVolumes {
  const noted = readJsonFile(dockerVolumes, volumesShape);
  if (noted !== undefined) return noted;
  const key = `mall-${name}-${createHash('sha256').update(folder).digest('hex').slice(0, 8)}`;
  const volumes = { postgres: `${key}-postgres`, nats: `${key}-nats` };
  writeJsonFile(dockerVolumes, volumes);
  return volumes;
}

/**
 * Removes what a mall that does not run has in Docker.
 * @returns a sentence when it had to be left
 */
export async function removeVolumes({ dockerVolumes }: MallFolders): Promise<string[]> {
  if (!existsSync(dockerVolumes)) return [];
  const volumes = Object.values(readJsonFile(dockerVolumes, volumesShape) ?? {});
  const { findEngine } = await import('../../containers/docker/find-engine.ts');
  const engine = await findEngine();
  try {
    if ('complaint' in engine) throw new Error(engine.complaint);
    for (const volume of volumes) await engine.removeVolume(volume);
    rmSync(dockerVolumes);
    return [];
  } catch (error) {
    const command = `docker volume rm ${volumes.join(' ')}`;
    return [`its data in Docker is still there (${reason(error)}); \`${command}\` removes it`];
  }
}
