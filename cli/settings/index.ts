import { mallHome } from '../launcher/home.mjs';
import { readConfigFile } from './config-file.ts';
import { type ResolvedSettings, resolveSettings } from './resolve.ts';

/** Settings of the command line: flag > MALL_* environment > mall.config.ts > default. */
export { type Origin, type ResolvedSettings, settingLabel } from './resolve.ts';
export { type MallConfig, type SettingName, type Settings, settingNames, settingsTable } from './table.ts';

/** The folder that keeps everything a mall leaves on disk. */
export function currentHome(): string {
  return mallHome({ cwd: process.cwd(), env: process.env });
}

/**
 * The settings of this start.
 * @throws CliError when one is not valid
 */
export async function loadSettings(flags: Readonly<Record<string, unknown>>): Promise<ResolvedSettings> {
  const file = await readConfigFile(process.cwd());
  return resolveSettings({ flags, environment: process.env, file });
}
