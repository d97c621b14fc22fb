import type { Random } from './random.ts';

export const PACES = ['human', 'none'] as const;
export type PaceName = (typeof PACES)[number];

/** How much of a human's time a pace takes. The draws are made at every pace, so decisions stay the same. */
const FACTOR: Readonly<Record<PaceName, number>> = { human: 1, none: 0 };

const PAUSE_MS = { least: 500, spread: 1_500 };
const REST_MS = { least: 8_000, spread: 3_000 };

/** Without any pace a mall that answers every call with an error at once would otherwise be hammered. */
const REST_AFTER_TROUBLE_MS = 250;

/** The pause within an activity: 0.5 s up to, not including, 2 s. */
export function pauseMs(pace: PaceName, random: Random): number {
  return (PAUSE_MS.least + random.next() * PAUSE_MS.spread) * FACTOR[pace];
}

/** A client's rest between activities: 8 s up to, not including, 11 s; drawn once for all its life. */
export function restMs(pace: PaceName, random: Random): number {
  return (REST_MS.least + random.next() * REST_MS.spread) * FACTOR[pace];
}

export function restAfterTroubleMs(usualMs: number): number {
  return Math.max(usualMs, REST_AFTER_TROUBLE_MS);
}
