import { DOING } from './activities.ts';
import { mallApi } from './api.ts';
import type { Claims } from './claims.ts';
import { type Clock, Stopped, unlessStopped, untilStopped } from './clock.ts';
import type { ActivityName } from './draw.ts';
import { CallFailed, reasonOf } from './failures.ts';
import { madeUp } from './made-up.ts';
import { drawFrom, type Mix } from './mix.ts';
import type { OrderFollower } from './orders.ts';
import { type PaceName, pauseMs, restAfterTroubleMs, restMs } from './pace.ts';
import { type Random, randomOf } from './random.ts';
import type { Send } from './sender.ts';
import type { Shopper } from './shopper.ts';
import type { ActivityEnd, Statistics } from './statistics.ts';
import type { StoreList } from './store-list.ts';
import { CONSIDERING, TEXTS } from './texts.ts';
import { newTrace, type Trace } from './trace.ts';

/** What all clients of a run share. */
export interface Stage {
  readonly seed: number;
  readonly pace: PaceName;
  /** Null: the original's activities and probabilities. */
  readonly mix: Mix | null;
  readonly clock: Clock;
  readonly send: Send;
  readonly stores: StoreList;
  readonly claims: Claims;
  readonly follower: OrderFollower;
  readonly statistics: Statistics;
  readonly say: (client: number, text: string) => void;
  readonly trouble: (trouble: Trouble) => void;
  /** Ends pauses and calls. */
  readonly stop: AbortSignal;
  /** Ends also what is cleared up after the stop. */
  readonly clearUpStop: AbortSignal;
  /** Clearing up that nobody waits for any more; it is the run's to wait for at its end. */
  readonly leftovers: Set<Promise<void>>;
}

export interface Trouble {
  readonly at: string;
  readonly client: number;
  readonly activity: ActivityName;
  readonly reason: string;
  readonly traceId: string;
}

/**
 * Lives as one client until the run stops. Never gives up: an activity in trouble is told, and life goes on.
 */
export async function live(stage: Stage, client: number): Promise<void> {
  const usualRestMs = restMs(stage.pace, randomOf([stage.seed, client]));
  try {
    for (let turn = 1; !stage.stop.aborted; turn += 1) {
      const end = await act(stage, { client, turn, lateMs: 0 });
      const rest = end === 'finished' ? usualRestMs : restAfterTroubleMs(usualRestMs);
      await stage.clock.pause(rest, stage.stop);
    }
  } catch (error) {
    if (!(error instanceof Stopped)) throw error;
  }
  stage.say(client, TEXTS.quitting());
}

/** Which activity of which client, and by how much it begins later than it should. */
export interface Turn {
  readonly client: number;
  readonly turn: number;
  readonly lateMs: number;
}

/** Does one activity. Trouble is told and counted, not thrown. Throws {@link Stopped} once the run stops. */
export async function act(stage: Stage, { client, turn, lateMs }: Turn): Promise<ActivityEnd> {
  const random = randomOf([stage.seed, client, turn]);
  const trace = newTrace({ sampled: true });
  const activity = drawFrom(stage.mix, random);
  const dueAt = stage.clock.elapsed() - lateMs;
  const finish = (end: ActivityEnd): ActivityEnd => {
    stage.statistics.activityEnded(activity, end, stage.clock.elapsed() - dueAt);
    return end;
  };
  stage.say(client, CONSIDERING[activity]);
  stage.statistics.activityStarted(activity);
  try {
    await DOING[activity](shopperOf(stage, { client, random, trace, late: once(lateMs) }));
    return finish('finished');
  } catch (error) {
    if (error instanceof Stopped) {
      finish('cutShort');
      throw error;
    }
    const reason = reasonOf(error);
    stage.say(client, TEXTS.hardTime(reason));
    const at = new Date(stage.clock.now()).toISOString();
    stage.trouble({ at, client, activity, reason, traceId: trace.id });
    return finish('troubled');
  }
}

/** The value the first time, 0 afterwards: only the first call of an activity can be late through no fault of the mall. */
function once(ms: number): () => number {
  let left = ms;
  return () => {
    const mine = left;
    left = 0;
    return mine;
  };
}

interface Playing {
  readonly client: number;
  readonly random: Random;
  readonly trace: Trace;
  readonly late: () => number;
}

function shopperOf(stage: Stage, { client, random, trace, late }: Playing): Shopper {
  const { stop, clock } = stage;
  const api = mallApi(stage.send, { trace, signal: stop, late });
  const lateApi = mallApi(stage.send, { trace, signal: stage.clearUpStop });
  return {
    api,
    random,
    madeUp: madeUp(random),
    say: (text) => stage.say(client, text),
    pause: () => clock.pause(pauseMs(stage.pace, random), stop),
    wait: (ms) => clock.pause(ms, stop),
    claims: stage.claims,
    stores: () => stage.stores.get(api),
    storesChanged: stage.stores.forget,
    elapsed: clock.elapsed,
    follow: stage.follower.follow,
    clearUp: (work) => clearUp(stage, () => work(lateApi)),
  };
}

/**
 * A failure in here is counted with its call, but not told: the trouble that led here is what the client
 * tells.
 */
async function clearUp(stage: Stage, work: () => Promise<void>): Promise<void> {
  const leftover: Promise<void> = work()
    .catch((error) => {
      if (!(error instanceof CallFailed || error instanceof Stopped)) throw error;
    })
    .finally(() => stage.leftovers.delete(leftover));
  stage.leftovers.add(leftover);
  await unlessStopped(untilStopped(leftover, stage.stop));
}
