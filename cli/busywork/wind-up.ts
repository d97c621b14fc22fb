import type { Stage } from './client.ts';
import { unlessStopped } from './clock.ts';
import type { Ends } from './ends.ts';
import { formatDuration } from './format.ts';
import type { BusyworkOptions } from './options.ts';
import type { World } from './world.ts';

/** How long baskets of cut-short activities may take to be put back. */
const CLEAR_UP_MS = 1_000;

interface Closing {
  readonly options: Pick<BusyworkOptions, 'graceMs'>;
  readonly world: World;
  readonly stage: Pick<Stage, 'follower' | 'leftovers'>;
  readonly ends: Ends;
}

/**
 * Waits, in bounds, for baskets to be put back and for open orders to be decided. Afterwards nothing goes on.
 */
export async function windUp(closing: Closing): Promise<void> {
  await Promise.all([finishClearingUp(closing), finishFollowing(closing)]);
}

async function finishClearingUp({ world, stage, ends }: Closing): Promise<void> {
  await within({ ms: CLEAR_UP_MS, work: Promise.all(stage.leftovers) }, { world, ends });
  ends.endClearingUp();
  await Promise.all(stage.leftovers);
}

async function finishFollowing({ options, world, stage, ends }: Closing): Promise<void> {
  const { follower } = stage;
  const open = follower.watched();
  if (open > 0 && options.graceMs > 0 && !ends.abandon.aborted) {
    const orders = open === 1 ? 'an open order' : `${open} open orders`;
    world.tell(`waiting up to ${formatDuration(options.graceMs)} for ${orders}, Ctrl-C skips this`);
  }
  await within({ ms: options.graceMs, work: follower.settled() }, { world, ends });
  ends.endFollowing();
  await follower.settled();
}

/** Waits for `work`, but not longer than `ms`, and not at all once the run is abandoned. */
async function within(
  limit: { ms: number; work: Promise<unknown> },
  { world, ends }: Pick<Closing, 'world' | 'ends'>,
): Promise<void> {
  const done = new AbortController();
  const end = unlessStopped(world.clock.pause(limit.ms, AbortSignal.any([ends.abandon, done.signal])));
  try {
    await Promise.race([limit.work, end]);
  } finally {
    done.abort();
    await end;
  }
}
