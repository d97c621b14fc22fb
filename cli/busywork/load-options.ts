import { parseDuration as readDuration } from '../terminal/duration.ts';
import { nearest } from '../terminal/nearest.ts';
import type { LoadStage } from './arrivals.ts';
import { ACTIVITIES } from './draw.ts';
import { refuse } from './errors.ts';
import { activityOf, type Mix, typedActivity } from './mix.ts';

/** A load that does not wait for the mall: shoppers arrive whether or not those before them are done. */
export interface OpenLoad {
  readonly stages: readonly LoadStage[];
  /** How many may be inside at once; whoever arrives beyond that is turned away, and counted. */
  readonly maxShoppers: number;
}

export interface LoadFlags {
  readonly rate?: string;
  readonly stage?: readonly string[];
  readonly maxShoppers?: string;
  readonly mix?: string;
}

export const DEFAULT_MAX_SHOPPERS = '5000';

/** Beyond this one process is the bottleneck on any machine. */
const MAX_RATE = 5_000;
/** Each has an activity's state and at times a connection: a few hundred megabytes at the most. */
const MOST_SHOPPERS = 20_000;
const MAX_STAGE_MS = 24 * 3_600_000;
const MAX_WEIGHT = 1_000_000;

/** The open load the flags ask for, for `durationMs` or for ever; null where they ask for none. */
export function parseLoad(flags: LoadFlags, durationMs: number | null): OpenLoad | null {
  const { rate, stage = [] } = flags;
  if (rate === undefined && stage.length === 0) {
    if (flags.maxShoppers === undefined) return null;
    return refuse(flags.maxShoppers, {
      flag: '--max-shoppers',
      must: 'go with --rate or --stage',
      example: '--rate=20 --max-shoppers=500',
    });
  }
  if (stage.length > 0 && durationMs !== null) {
    refuse(stage.join(' '), {
      flag: '--stage',
      must: 'go without --duration, since stages have their own',
      example: '--stage 30s:50 --stage 2m:50',
    });
  }
  const maxShoppers = parseMaxShoppers(flags.maxShoppers ?? DEFAULT_MAX_SHOPPERS);
  const start = rate === undefined ? 0 : parseRate(rate);
  if (stage.length > 0) return { stages: stagesOf(start, stage), maxShoppers };
  if (start === 0) refuse(rate ?? '', rateRefusal);
  return {
    stages: [{ durationMs: durationMs ?? Number.POSITIVE_INFINITY, from: start, to: start }],
    maxShoppers,
  };
}

/** Each ramps from the rate before to its own. */
function stagesOf(start: number, typed: readonly string[]): LoadStage[] {
  let from = start;
  return typed.map((text) => {
    const [duration = '', target = '', ...rest] = text.split(':');
    const durationMs = readDuration(duration) ?? Number.NaN;
    const to = numberOf(target);
    const valid = durationMs >= 1 && durationMs <= MAX_STAGE_MS && to >= 0 && to <= MAX_RATE;
    if (!valid || rest.length > 0) {
      refuse(text, {
        flag: '--stage',
        must: `be a time and the rate at its end, such as 30s:50, up to 24h and ${MAX_RATE}`,
        example: '--rate=10 --stage 30s:50 --stage 2m:50',
      });
    }
    const stage = { durationMs, from, to };
    from = to;
    return stage;
  });
}

const rateRefusal = {
  flag: '--rate',
  must: `be a number of arrivals per second above 0, up to ${MAX_RATE}`,
  example: '--rate=20',
};

function parseRate(value: string): number {
  const rate = numberOf(value);
  return rate >= 0 && rate <= MAX_RATE ? rate : refuse(value, rateRefusal);
}

/** `20`, `0.5` or `20/s`. */
function numberOf(text: string): number {
  const [, number] = /^(\d{1,7}(?:\.\d{1,6})?)(?:\/s)?$/.exec(text) ?? [];
  return number === undefined ? Number.NaN : Number(number);
}

function parseMaxShoppers(value: string): number {
  const number = /^\d{1,6}$/.test(value) ? Number(value) : 0;
  if (number >= 1 && number <= MOST_SHOPPERS) return number;
  return refuse(value, {
    flag: '--max-shoppers',
    must: `be a whole number from 1 to ${MOST_SHOPPERS}`,
    example: '--rate=20 --max-shoppers=500',
  });
}

/** `buy=5,browse=3,search-orders=1`; a name alone weighs 1, one with 0 is left out. */
export function parseMix(value: string): Mix {
  const mix = value.split(',').map((part) => parseWeight(value, part));
  const twice = mix.find(([activity], index) => mix.findIndex(([each]) => each === activity) !== index);
  if (twice !== undefined)
    refuse(value, { ...mixRefusal, must: `name ${typedActivity(twice[0])} only once` });
  const chosen = mix.filter(([, weight]) => weight > 0);
  if (chosen.length === 0) refuse(value, { ...mixRefusal, must: 'give some activity a weight above 0' });
  return chosen;
}

const mixRefusal = { flag: '--mix', example: '--mix=buy=5,browse=3,search-orders=1' };

function parseWeight(value: string, part: string): Mix[number] {
  const [name = '', weight = '1', ...rest] = part.split('=');
  const activity = activityOf(name);
  if (activity === undefined) {
    const names = ACTIVITIES.map(typedActivity);
    const meant = nearest(name.trim(), names);
    const hint = meant === undefined ? `known are ${names.join(', ')}` : `did you mean ${meant}?`;
    return refuse(value, { ...mixRefusal, must: `name known activities, not "${name.trim()}"; ${hint}` });
  }
  const number = rest.length === 0 ? numberOf(weight.trim()) : Number.NaN;
  if (number >= 0 && number <= MAX_WEIGHT) return [activity, number];
  return refuse(value, { ...mixRefusal, must: 'give weights as numbers from 0 on' });
}
