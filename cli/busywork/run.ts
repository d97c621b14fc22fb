import { mallApi } from './api.ts';
import { live, type Stage } from './client.ts';
import { Stopped, unlessStopped } from './clock.ts';
import { type Door, openDoor } from './door.ts';
import { createEnds, type Ends } from './ends.ts';
import { MallUnreachable } from './errors.ts';
import { CallFailed } from './failures.ts';
import { reportOf } from './make-report.ts';
import type { BusyworkOptions } from './options.ts';
import { MAX_LOOKS } from './orders.ts';
import { closeMoment, setStage } from './parts.ts';
import { showProgress } from './progress.ts';
import type { Report } from './report.ts';
import { createSender } from './sender.ts';
import { newTrace } from './trace.ts';
import { windUp } from './wind-up.ts';
import type { World } from './world.ts';

const MOMENT_MS = 1_000;

/** Connections of an open load: more calls than that under way wait for one, which counts as the mall's time. */
const MOST_CONNECTIONS = 1_000;

/**
 * Plays the clients until stopped or until the duration is over. Throws {@link MallUnreachable} at the start
 * only.
 */
export async function runBusywork(options: BusyworkOptions, world: World): Promise<Report> {
  // Twice the clients: each may be clearing up one activity while its last call is under way.
  const callers = options.load === null ? options.clients * 2 : options.load.maxShoppers;
  const connections = Math.min(callers, MOST_CONNECTIONS) + MAX_LOOKS;
  const door = openDoor({ host: options.host, connections, timeoutMs: options.timeoutMs });
  try {
    await greet({ options, world, door });
    return await play({ options, world, door });
  } finally {
    await door.close();
  }
}

/** What a run is given. */
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
  const parts = setStage({ ...run, ends });
  const { stage, generator, reception } = parts;
  const startedAt = { epochMs: world.clock.now(), elapsedMs: world.clock.elapsed() };
  const soFar = () => world.clock.elapsed() - startedAt.elapsedMs;
  const tick = () => closeMoment(options, parts, soFar());
  const aside = [
    endInTime(run, ends),
    keepCount(stage, tick),
    showProgress({ options, world, parts, soFar }),
  ];
  try {
    if (reception !== undefined) await reception.run();
    else await Promise.all(clientNumbers(options).map((client) => live(stage, client)));
  } finally {
    // Also where a client failed for a reason of its own: nothing may go on behind an error.
    ends.endShopping();
    await Promise.all(aside);
  }
  tick();
  const durationMs = soFar();
  const endedBy = world.stop.aborted ? 'signal' : 'duration';
  const generatorReport = generator.report();
  generator.close();
  await windUp({ options, world, stage, ends });
  return reportOf({
    options,
    startedAt: new Date(startedAt.epochMs).toISOString(),
    durationMs,
    endedBy,
    statistics: stage.statistics,
    orders: stage.follower.report(),
    arrivals: reception === undefined ? null : generator.arrivals(),
    generator: generatorReport,
    series: parts.series.moments(),
    troubles: parts.troubles,
  });
}

function clientNumbers({ clients }: BusyworkOptions): number[] {
  return Array.from({ length: clients }, (_, index) => index + 1);
}

async function endInTime({ options, world }: Run, ends: Ends): Promise<void> {
  if (options.durationMs === null) return;
  await unlessStopped(world.clock.pause(options.durationMs, ends.stop));
  ends.endShopping();
}

/** Closes a stretch of the series every second. */
async function keepCount({ clock, stop }: Stage, tick: () => void): Promise<void> {
  while (!stop.aborted) {
    await unlessStopped(clock.pause(MOMENT_MS, stop));
    if (!stop.aborted) tick();
  }
}
