import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { CliError } from '../cli-error.ts';
import { exitCodes } from '../exit-codes.ts';
import { projectFolder } from '../launcher/home.mjs';
import { nearest } from '../terminal/nearest.ts';
import { settingNames } from './table.ts';

const fileName = 'mall.config.ts';
const exported = z.object({ default: z.record(z.string(), z.unknown()) });

export interface ConfigFile {
  readonly path: string;
  readonly values: Readonly<Record<string, unknown>>;
}

/**
 * Reads the nearest `mall.config.ts`, from a folder up to its project's: a module whose default export is a
 * `MallConfig`. It is code that runs, so folders above the project, which may belong to others, do not count.
 * @throws CliError (3) when it cannot be read or names a setting that does not exist
 */
export async function readConfigFile(from: string): Promise<ConfigFile | undefined> {
  const path = nearestFile(from);
  if (path === undefined) return undefined;
  const values = await load(path);
  const unknown = Object.keys(values).find((key) => !settingNames.some((name) => name === key));
  if (unknown === undefined) return { path, values };
  const meant = nearest(unknown, settingNames);
  throw new CliError(`${path} sets "${unknown}", which is no setting.`, {
    exitCode: exitCodes.configuration,
    next: meant === undefined ? '`mall config` lists the settings' : `write "${meant}"`,
  });
}

function nearestFile(from: string): string | undefined {
  const project = projectFolder(from);
  for (let at = resolve(from); ; at = dirname(at)) {
    const path = join(at, fileName);
    if (existsSync(path)) return path;
    if (at === project) return undefined;
  }
}

async function load(path: string): Promise<Readonly<Record<string, unknown>>> {
  try {
    return exported.parse(await import(pathToFileURL(path).href)).default;
  } catch (error) {
    const cause = error instanceof z.ZodError ? 'its default export is no object' : error;
    throw new CliError(`${path} cannot be read.`, {
      exitCode: exitCodes.configuration,
      cause,
      next: 'make it a module such as: export default { port: 8081 }',
    });
  }
}
