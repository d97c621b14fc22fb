import { setTimeout as pause } from 'node:timers/promises';
import { createLatency, type Percentiles } from '../busywork/latency.ts';

/** What a spell of load came to. */
export interface LoadResult {
  readonly latency: Percentiles;
  readonly perSecond: number;
  readonly done: number;
}

/** One piece of work, by its number; resolves when it is done. */
export type Work = (index: number) => Promise<void>;

/** Keeps a number of pieces of work under way until all are done: what the other side can take at most. */
export async function saturate(load: {
  readonly inFlight: number;
  readonly count: number;
  readonly work: Work;
  readonly signal: AbortSignal;
}): Promise<LoadResult> {
  const latency = createLatency();
  const started = performance.now();
  let next = 0;
  const worker = async () => {
    while (next < load.count) {
      load.signal.throwIfAborted();
      const begun = performance.now();
      await load.work(next++);
      latency.record(performance.now() - begun);
    }
  };
  await Promise.all(Array.from({ length: Math.min(load.inFlight, load.count) }, worker));
  return resultOf(latency, load.count, started);
}

/**
 * Begins work at even intervals, whether or not what was begun before is done. Latency counts from the moment the
 * work was meant to begin, so that an answer that is late makes everything behind it late as well.
 */
export async function atRate(load: {
  readonly perSecond: number;
  readonly count: number;
  readonly work: Work;
  readonly signal: AbortSignal;
}): Promise<LoadResult> {
  const latency = createLatency();
  const started = performance.now();
  // Counted, not kept: ten thousand promises would have this process look for garbage while it measures.
  let left = load.count;
  const { promise: all, resolve, reject } = Promise.withResolvers<void>();
  all.catch(() => undefined);
  const one = async (index: number, intendedAt: number) => {
    await load.work(index);
    latency.record(performance.now() - intendedAt);
    if (--left === 0) resolve();
  };
  for (let index = 0; index < load.count; index++) {
    const intendedAt = started + (index * 1_000) / load.perSecond;
    const waitMs = intendedAt - performance.now();
    if (waitMs >= 1) await pause(waitMs, undefined, { signal: load.signal });
    load.signal.throwIfAborted();
    one(index, intendedAt).catch(reject);
  }
  await all;
  return resultOf(latency, load.count, started);
}

function resultOf(latency: ReturnType<typeof createLatency>, done: number, started: number): LoadResult {
  const percentiles = latency.percentiles();
  if (percentiles === null) throw new TypeError('load without work');
  return { latency: percentiles, done, perSecond: (done * 1_000) / (performance.now() - started) };
}
