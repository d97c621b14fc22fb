import type { Command } from 'commander';
import { settingText } from '../settings/environment.ts';
import {
  currentHome,
  loadSettings,
  type Origin,
  type SettingName,
  type Settings,
  settingNames,
  settingsTable,
} from '../settings/index.ts';
import { columns } from '../terminal/table.ts';
import { outputOf, verb } from './verb.ts';

/** `mall config`: every setting with its value and where that comes from. */
export function configCommand(): Command {
  return verb({
    name: 'config',
    description:
      'Shows each setting: a flag comes before a MALL_* variable, that before mall.config.ts, that before the ' +
      'default. Secrets are hidden.',
    settings: settingNames,
    examples: [
      ['mall config', 'what holds here'],
      ['mall config --port 8090', 'what would hold with a flag'],
    ],
  }).action(config);
}

interface Row {
  readonly name: string;
  readonly value: Settings[SettingName];
  readonly origin: Origin;
  readonly environment: string;
  readonly help: string;
}

async function config(flags: Readonly<Record<string, unknown>>): Promise<void> {
  const output = outputOf(flags);
  const { settings, origins } = await loadSettings(flags);
  const rows: Row[] = settingNames.map((name) => {
    const { secret, otherwise, environment, help } = settingsTable[name];
    const value = settings[name];
    const shown = secret && value !== undefined ? '(hidden)' : (value ?? `(${otherwise ?? 'none'})`);
    return { name, value: shown, origin: origins.get(name) ?? 'default', environment, help };
  });
  const home = { path: currentHome(), origin: process.env.MALL_HOME ? 'environment' : 'default' };
  if (output.json) return output.document('mall.config/1', { home, settings: rows });
  const body = rows.map((row) => [row.name, settingText(row.value), row.origin, row.environment]);
  const all = [['home', home.path, home.origin, 'MALL_HOME'], ...body];
  const fit = { width: output.resultWidth, spare: ['VARIABLE'], wrap: 1 };
  output.result(columns(all, ['SETTING', 'VALUE', 'ORIGIN', 'VARIABLE'], fit));
}
