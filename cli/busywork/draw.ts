import type { Random } from './random.ts';

/** The activities in the order in which the summary lists them. */
export const ACTIVITIES = [
  'browse',
  'buy',
  'register',
  'set up a store',
  'add inventory',
  'rebrand a store',
  'rebrand a product',
] as const;

export type ActivityName = (typeof ACTIVITIES)[number];

/**
 * The two draws: a coin chooses the row, a draw as wide as the row chooses the activity in it.
 * Overall: browse 37.5 %, buy 12.5 %, register 20 %, inventory 15 %, a store and the two rebrands 5 % each.
 */
export const DRAWS: readonly (readonly ActivityName[])[] = [
  ['browse', 'browse', 'browse', 'buy'],
  [
    'register',
    'set up a store',
    'add inventory',
    'rebrand a store',
    'rebrand a product',
    'register',
    'register',
    'register',
    'add inventory',
    'add inventory',
  ],
];

export function drawActivity(random: Random): ActivityName {
  return random.pick(random.pick(DRAWS));
}
