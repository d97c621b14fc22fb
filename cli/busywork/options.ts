import { parseDuration as readDuration } from '../terminal/duration.ts';
import { totalMs } from './arrivals.ts';
import { type Refusal, refuse } from './errors.ts';
import { type LoadFlags, type OpenLoad, parseLoad, parseMix } from './load-options.ts';
import type { Mix } from './mix.ts';
import { PACES, type PaceName } from './pace.ts';
import { parseThreshold, type Threshold } from './thresholds.ts';

/** What a run needs to know, checked and complete. */
export interface BusyworkOptions {
  /** How many users play at the same time; of no concern to an open load. */
  readonly clients: number;
  /** Null: clients, each of which begins anew only when it is done. */
  readonly load: OpenLoad | null;
  /** Null: the original's activities and probabilities. */
  readonly mix: Mix | null;
  readonly thresholds: readonly Threshold[];
  /** `host:port` of the mall's HTTP door. */
  readonly host: string;
  /** Null: until stopped. */
  readonly durationMs: number | null;
  readonly seed: number;
  readonly pace: PaceName;
  readonly timeoutMs: number;
  readonly graceMs: number;
}

/** The flags as typed; what is missing has its default. */
export interface BusyworkFlags extends LoadFlags {
  readonly clients?: string;
  readonly host?: string;
  readonly name?: string;
  readonly duration?: string;
  readonly seed?: string;
  readonly pace?: string;
  readonly timeout?: string;
  readonly grace?: string;
  readonly threshold?: readonly string[];
  /** True: the document on standard output; a name: in that file. */
  readonly json?: boolean | string;
  readonly html?: string;
  readonly compare?: string;
  readonly quiet?: boolean;
}

export const DEFAULTS = { clients: '5', pace: 'human', timeout: '10s', grace: '10s' } as const;

/** Users of the friendly mode. Load beyond it is a matter of rates, not of more users. */
const MAX_CLIENTS = 25;

const MAX_DURATION_MS = 7 * 24 * 3_600_000;
const MAX_TIMEOUT_MS = 10 * 60_000;

/** Checks one flag's value. Throws {@link BusyworkUsageError}. */
type Parser<T> = (value: string) => T;

function wholeNumber(refusal: Refusal, range: { least: number; most: number }): Parser<number> {
  return (value) => {
    const number = /^\d{1,16}$/.test(value) ? Number(value) : Number.NaN;
    return number >= range.least && number <= range.most ? number : refuse(value, refusal);
  };
}

export const parseClients = wholeNumber(
  { flag: '--clients', must: `be a whole number from 1 to ${MAX_CLIENTS}`, example: '--clients=10' },
  { least: 1, most: MAX_CLIENTS },
);

export const parseSeed = wholeNumber(
  { flag: '--seed', must: `be a whole number from 0 to ${Number.MAX_SAFE_INTEGER}`, example: '--seed=7' },
  { least: 0, most: Number.MAX_SAFE_INTEGER },
);

export const parsePace: Parser<PaceName> = (value) =>
  PACES.find((pace) => pace === value) ??
  refuse(value, { flag: '--pace', must: `be one of: ${PACES.join(', ')}`, example: '--pace=none' });

function duration(refusal: Refusal, range: { leastMs: number; mostMs: number }): Parser<number> {
  return (value) => {
    const ms = readDuration(value) ?? Number.NaN;
    return ms >= range.leastMs && ms <= range.mostMs ? ms : refuse(value, refusal);
  };
}

export const parseDuration = duration(
  { flag: '--duration', must: 'be a time such as 30s, 5m or 1h30m, up to 168h', example: '--duration=5m' },
  { leastMs: 1, mostMs: MAX_DURATION_MS },
);

export const parseTimeout = duration(
  { flag: '--timeout', must: 'be a time such as 500ms or 10s, up to 10m', example: '--timeout=10s' },
  { leastMs: 1, mostMs: MAX_TIMEOUT_MS },
);

export const parseGrace = duration(
  { flag: '--grace', must: 'be a time such as 0s or 10s, up to 10m', example: '--grace=10s' },
  { leastMs: 0, mostMs: MAX_TIMEOUT_MS },
);

/** A name, an IPv4 address or an IPv6 address in brackets, and a port. */
export const parseHost: Parser<string> = (value) => {
  const [, port = ''] = /^(?:[\w.-]+|\[[\da-fA-F:.]+\]):(\d{1,5})$/.exec(value) ?? [];
  if (Number(port) >= 1 && Number(port) <= 65_535) return value;
  return refuse(value, {
    flag: '--host',
    must: 'be host:port without http:// and path',
    example: '--host=localhost:8080',
  });
};

/**
 * Checks the flags and fills in what is missing; all but the mall to talk to, which may have to be looked
 * for.
 */
export function readFlags(flags: BusyworkFlags, newSeed: () => number): Omit<BusyworkOptions, 'host'> {
  const wished = flags.duration === undefined ? null : parseDuration(flags.duration);
  const load = parseLoad(flags, wished);
  const lastsMs = load === null ? Number.POSITIVE_INFINITY : totalMs(load.stages);
  return {
    clients: parseClients(flags.clients ?? DEFAULTS.clients),
    load,
    mix: flags.mix === undefined ? null : parseMix(flags.mix),
    thresholds: (flags.threshold ?? []).map(parseThreshold),
    durationMs: wished ?? (Number.isFinite(lastsMs) ? lastsMs : null),
    seed: flags.seed === undefined ? newSeed() : parseSeed(flags.seed),
    pace: parsePace(flags.pace ?? DEFAULTS.pace),
    timeoutMs: parseTimeout(flags.timeout ?? DEFAULTS.timeout),
    graceMs: parseGrace(flags.grace ?? DEFAULTS.grace),
  };
}
