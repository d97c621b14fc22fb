import { CliError } from '../cli-error.ts';
import { exitCodes } from '../exit-codes.ts';
import { parseDuration } from '../terminal/duration.ts';
import type { Mode } from './mall-process.ts';
import { allOutages, nameOf, type Outage } from './outages.ts';
import type { Victim } from './soak.ts';

const victims: readonly Victim[] = ['mall', 'postgres', 'nats'];

/** @throws CliError (2) for what is no length of time */
export function durationOf(flag: string, text: string): number {
  const ms = parseDuration(text);
  if (ms !== undefined && ms > 0) return ms;
  throw unusable(flag, text, 'a length of time such as 15s or 10m');
}

/** @throws CliError (2) for what is no whole number in the range */
export function numberOf(flag: string, text: string, [least, most]: readonly [number, number]): number {
  const number = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (number >= least && number <= most) return number;
  throw unusable(flag, text, `a whole number from ${least} to ${most}`);
}

/** The outages that are wanted, of the lengths that are wanted. @throws CliError (2) for a name that is none */
export function outagesOf(wanted: { names: string; lengths: string }): readonly Outage[] {
  const seconds = wanted.lengths.split(',').map((text) => durationOf('--for', text.trim()) / 1_000);
  const all = allOutages(seconds);
  if (wanted.names === 'all') return all;
  const names = wanted.names.split(',').map((name) => name.trim());
  const known = [...new Set(all.map(nameOf))];
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) throw unusable('--faults', unknown, `all or some of ${known.join(', ')}`);
  return all.filter((outage) => names.includes(nameOf(outage)));
}

/** @throws CliError (2) for what is no mode */
export function modeOf(text: string): Mode {
  if (text === 'monolith' || text === 'microservices') return text;
  throw unusable('--mode', text, 'monolith or microservices');
}

/** @throws CliError (2) for a name that is none */
export function victimsOf(text: string): readonly Victim[] {
  const names = text.split(',').map((name) => name.trim());
  const found = victims.filter((victim) => names.includes(victim));
  if (found.length === names.length) return found;
  throw unusable('--kill', text, `some of ${victims.join(', ')}`);
}

function unusable(flag: string, text: string, must: string): CliError {
  return new CliError(`${flag} cannot be "${text}": it must be ${must}.`, {
    exitCode: exitCodes.usage,
    next: '`mall chaos --help` has examples',
  });
}
