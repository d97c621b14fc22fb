import { ACTIVITIES, type ActivityName, drawActivity } from './draw.ts';
import type { Random } from './random.ts';

/** Activities with their weights, none of them 0; how often each comes up is its share of the sum. */
export type Mix = readonly (readonly [activity: ActivityName, weight: number])[];

/** An activity as it is typed: `set-up-a-store`. */
export function typedActivity(activity: ActivityName): string {
  return activity.replaceAll(' ', '-');
}

/** The activity of that name, as typed or as written. */
export function activityOf(typed: string): ActivityName | undefined {
  const wanted = typed.trim().toLowerCase();
  return ACTIVITIES.find((activity) => activity === wanted || typedActivity(activity) === wanted);
}

/** Draws an activity by its weight; without a mix by the original's two draws. */
export function drawFrom(mix: Mix | null, random: Random): ActivityName {
  if (mix === null) return drawActivity(random);
  let left = random.next() * mix.reduce((sum, [, weight]) => sum + weight, 0);
  for (const [activity, weight] of mix) {
    left -= weight;
    if (left < 0) return activity;
  }
  // Sums of fractions may be off by a rounding error at the very end.
  const last = mix.at(-1);
  if (last === undefined) throw new RangeError('an empty mix');
  return last[0];
}
