import type { Random } from './random.ts';

/** Activities the original has, in the order in which the summary lists them. */
const ORIGINAL = [
  'browse',
  'buy',
  'register',
  'set up a store',
  'add inventory',
  'rebrand a store',
  'rebrand a product',
] as const;

/** What only a mix asks for: what becomes of an order after its checkout (B-11). */
const ADDED = ['buy and cancel', 'collect an order', 'pay an invoice', 'search orders'] as const;

export const ACTIVITIES = [...ORIGINAL, ...ADDED] as const;

export type ActivityName = (typeof ACTIVITIES)[number];

/** Whether an activity is one of the original's, which every summary lists. */
export function isOriginal(activity: ActivityName): boolean {
  return ORIGINAL.some((each) => each === activity);
}

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
