import type { z } from 'zod';
import { CliError } from '../cli-error.ts';
import { exitCodes } from '../exit-codes.ts';
import type { ConfigFile } from './config-file.ts';
import { type SettingName, type Settings, settingNames, settingsSchema, settingsTable } from './table.ts';

/** Where the value of a setting comes from, the strongest first. */
export type Origin = 'flag' | 'environment' | 'file' | 'default';

export interface ResolvedSettings {
  readonly settings: Settings;
  /** Settings that are not in it have their default. */
  readonly origins: ReadonlyMap<SettingName, Origin>;
}

export interface SettingSources {
  /** Flags as commander hands them over; those not given are undefined. */
  readonly flags: Readonly<Record<string, unknown>>;
  readonly environment: NodeJS.ProcessEnv;
  readonly file: ConfigFile | undefined;
}

/**
 * Decides each setting: flag before environment before `mall.config.ts` before default. An empty variable counts
 * as not set, so that a script can switch one off.
 * @throws CliError (2 for a flag, 3 for the rest) that names the setting, what is wrong and what to do
 */
export function resolveSettings(sources: SettingSources): ResolvedSettings {
  const values: Partial<Record<SettingName, unknown>> = {};
  const origins = new Map<SettingName, Origin>();
  for (const name of settingNames) {
    const found = find(name, sources);
    if (found === undefined) continue;
    values[name] = found.value;
    origins.set(name, found.origin);
  }
  const parsed = settingsSchema.safeParse(values);
  if (parsed.success) return { settings: parsed.data, origins };
  throw refusal({ error: parsed.error, values, origins, sources });
}

/** How the reader names a setting where it was set: `--port`, `MALL_PORT`, `port in mall.config.ts`. */
export function settingLabel(name: SettingName, origin: Origin, variable?: string): string {
  const { environment, flag } = settingsTable[name];
  if (origin === 'flag') return flag?.match(/--[a-z-]+/)?.[0] ?? name;
  return origin === 'file' ? `${name} in mall.config.ts` : (variable ?? environment);
}

function find(
  name: SettingName,
  { flags, environment, file }: SettingSources,
): { readonly value: unknown; readonly origin: Origin } | undefined {
  if (flags[name] !== undefined) return { value: flags[name], origin: 'flag' };
  const variable = variableOf(name, environment);
  if (variable !== undefined) return { value: environment[variable], origin: 'environment' };
  if (file?.values[name] !== undefined) return { value: file.values[name], origin: 'file' };
  return undefined;
}

/** The variable that sets it, of the two that may. */
function variableOf(name: SettingName, environment: NodeJS.ProcessEnv): string | undefined {
  const { environment: ours, standard } = settingsTable[name];
  const isSet = (variable: string) => environment[variable] !== undefined && environment[variable] !== '';
  return [ours, standard].find((variable) => variable !== undefined && isSet(variable));
}

function refusal(refused: {
  error: z.ZodError;
  values: Readonly<Record<string, unknown>>;
  origins: ResolvedSettings['origins'];
  sources: SettingSources;
}): CliError {
  const [issue] = refused.error.issues;
  const name = settingNames.find((known) => known === issue?.path[0]) ?? 'name';
  const origin = refused.origins.get(name) ?? 'default';
  const label = settingLabel(name, origin, variableOf(name, refused.sources.environment));
  const { secret, help } = settingsTable[name];
  const value = secret ? 'its value' : JSON.stringify(refused.values[name]);
  const where = origin === 'file' ? ` (${refused.sources.file?.path})` : '';
  return new CliError(`${label}${where} cannot be ${value}: ${issue?.message ?? 'it is not valid'}.`, {
    exitCode: origin === 'flag' ? exitCodes.usage : exitCodes.configuration,
    next: `correct ${label} (${help}); \`mall config\` shows where each setting comes from`,
  });
}
