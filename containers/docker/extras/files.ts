import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ExtraFile } from './extra.ts';

const containers = fileURLToPath(new URL('../../', import.meta.url));

/** A file below `containers/`, for a container. */
export function fileFor(target: string, source: string): ExtraFile {
  return { target, content: readFileSync(join(containers, source), 'utf8') };
}

/** The files of a folder below `containers/` whose names end so, for a folder in a container. */
export function filesFor(target: string, folder: string, ending: string): ExtraFile[] {
  const path = join(containers, folder);
  if (!existsSync(path)) return [];
  const names = readdirSync(path).filter((name) => name.endsWith(ending));
  return names.sort().map((name) => fileFor(`${target}/${name}`, join(folder, name)));
}
