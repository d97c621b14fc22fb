import { mallApi } from './api.ts';
import { live, type Stage, type Trouble } from './client.ts';
import { Stopped, unlessStopped } from './clock.ts';
import { type Door, openDoor } from './door.ts';
import { createEnds, type Ends } from './ends.ts';
import { MallUnreachable } from './errors.ts';
import { CallFailed } from './failures.ts';
import type { BusyworkOptions } from './options.ts';
import { createFollower, MAX_LOOKS } from './orders.ts';
import { type Report, reportOf, TROUBLES_KEPT, totals } from './report.ts';
import { createSender } from './sender.ts';
import { createStatistics } from './statistics.ts';
import { createStoreList } from './store-list.ts';
import { newTrace } from './trace.ts';
import { windUp } from './wind-up.ts';
import type { World } from './world.ts';

const PROGRESS_MS = 10_000;

/**
 * Plays the clients until stopped or until the duration is over. Throws {@link MallUnreachable} at the start
 * only.
 */
export async function runBusywork(options: BusyworkOptions, world: World): Promise<Report> {
  // Twice the clients: each may be clearing up one activity while its last call is under way.
  const connections = options.clients * 2 + MAX_LOOKS;
  const door = openDoor({ host: options.host, connections, timeoutMs: options.timeoutMs });
  try {
    await greet({ options, world, door });
    return await play({ options, world, door });
  } finally {
    await door.close();
  }
}

interface Run {
  readonly options: BusyworkOptions;
  readonly world: World;
  readonly door: Door;
}

/** Makes sure that a mall answers, by a call that is not counted. */
async function greet({ options, world, door }: Run): Promise<void> {
  const send = createSender({
    door,
    clock: world.clock,
    record: () => undefined,
    authorization: world.authorization,
  });
  try {
    await mallApi(send, { trace: newTrace({ sampled: false }), signal: world.stop }).listStores();
  } catch (error) {
    if (error instanceof CallFailed) throw new MallUnreachable({ host: options.host, cause: error });
    if (!(error instanceof Stopped)) throw error;
  }
}

async function play(run: Run): Promise<Report> {
  const { options, world } = run;
  const ends = createEnds(world);
  const { stage, troubles } = setStage(run, ends);
  const startedAt = { epochMs: world.clock.now(), elapsedMs: world.clock.elapsed() };
  const aside = [endInTime(run, ends), showProgress(run, stage)];
  try {
    await Promise.all(Array.from({ length: options.clients }, (_, index) => live(stage, index + 1)));
  } finally {
    // Also where a client failed for a reason of its own: nothing may go on behind an error.
    ends.endShopping();
    await Promise.all(aside);
  }
  const durationMs = world.clock.elapsed() - startedAt.elapsedMs;
  const endedBy = world.stop.aborted ? 'signal' : 'duration';
  await windUp({ options, world, stage, ends });
  return reportOf({
    options,
    startedAt: new Date(startedAt.epochMs).toISOString(),
    durationMs,
    endedBy,
    statistics: stage.statistics,
    orders: stage.follower.report(),
    troubles,
  });
}

function setStage({ options, world, door }: Run, ends: Ends): { stage: Stage; troubles: Trouble[] } {
  const { clock } = world;
  const troubles: Trouble[] = [];
  const statistics = createStatistics();
  const send = createSender({
    door,
    clock,
    record: (call, outcome) => statistics.called(call.name, outcome),
    authorization: world.authorization,
  });
  const status = (orderId: string) =>
    mallApi(send, { trace: newTrace({ sampled: false }), signal: ends.followStop }).orderStatus(orderId);
  const stage: Stage = {
    seed: options.seed,
    pace: options.pace,
    clock,
    send,
    stores: createStoreList(clock),
    follower: createFollower({ status, clock, signal: ends.followStop }),
    statistics,
    say: world.say,
    trouble: (trouble) => {
      if (troubles.length < TROUBLES_KEPT) troubles.push(trouble);
    },
    stop: ends.stop,
    clearUpStop: ends.clearUpStop,
    leftovers: new Set(),
  };
  return { stage, troubles };
}

async function endInTime({ options, world }: Run, ends: Ends): Promise<void> {
  if (options.durationMs === null) return;
  await unlessStopped(world.clock.pause(options.durationMs, ends.stop));
  ends.endShopping();
}

async function showProgress({ world }: Run, stage: Stage): Promise<void> {
  while (world.progress && !stage.stop.aborted) {
    await unlessStopped(world.clock.pause(PROGRESS_MS, stage.stop));
    if (!stage.stop.aborted) world.tell(progressText(stage));
  }
}

function progressText({ statistics, follower }: Stage): string {
  const { calls, failed } = totals(statistics.calls());
  const { placed, approved, rejected } = follower.report();
  const orders = `${placed} placed, ${approved} approved, ${rejected} rejected`;
  return `so far ${calls} calls, ${failed} failed; orders: ${orders}`;
}
