import { type SettingName, type Settings, settingNames, settingsTable } from './table.ts';

/** Settings as the environment of another process that is to have the same ones. */
export function environmentOf(settings: Partial<Settings>): Record<string, string> {
  const environment: Record<string, string> = {};
  for (const name of settingNames) {
    const value = settings[name];
    if (value !== undefined) environment[settingsTable[name].environment] = settingText(value);
  }
  return environment;
}

/** The environment without any variable that decides a setting. */
export function withoutSettings(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const variables = new Set(
    settingNames.flatMap((name) => [settingsTable[name].environment, standardOf(name)]),
  );
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !variables.has(name)));
}

function standardOf(name: SettingName): string {
  return settingsTable[name].standard ?? '';
}

/** A value as it would be written in the environment. */
export function settingText(value: Settings[SettingName]): string {
  if (typeof value !== 'object') return String(value);
  if (Array.isArray(value)) return value.join(',');
  return Object.entries(value)
    .map(([name, address]) => `${name}=${address}`)
    .join(',');
}
