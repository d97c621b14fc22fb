import { setTimeout as pause } from 'node:timers/promises';
import { aborted } from '../terminal/interruption.ts';
import type { Audience } from './audience.ts';
import type { Infrastructure } from './infrastructure.ts';
import type { MallLog } from './mall-log.ts';
import type { RunningContexts } from './start-contexts.ts';
import type { Traces } from './traces.ts';

/** A start that was given up may still be busy. Contexts that are about to be ready are worth this long; */
const givenUpContextsMs = 2_000;
/** servers that are being stopped by the start itself are worth longer, or they would be left running. */
const givenUpServersMs = 8_000;
/** The contexts' share of the ten seconds a stop may take; what they need when every part of them hangs. */
const contextsMs = 7_500;
/** Servers that have not stopped by then are hurried, so that all is over within the ten seconds. */
const hurryAfterMs = 8_000;

/** The parts of a mall that run so far. */
export interface RunningParts {
  infrastructure: Infrastructure | undefined;
  contexts: RunningContexts | undefined;
  traces: Traces | undefined;
}

export interface Stop {
  readonly parts: RunningParts;
  /** The start that has filled the parts; it may not have ended. */
  readonly starting: Promise<unknown>;
  readonly audience: Audience;
  /** Aborted when the reader is in a hurry. */
  readonly hurried: AbortSignal;
  readonly log: MallLog;
}

/** Stops in order what runs: contexts, NATS, Postgres. A hurry cuts each of them short. */
export async function stopParts({ parts, starting, audience, hurried, log }: Stop): Promise<void> {
  const began = performance.now();
  const patienceMs = parts.infrastructure === undefined ? givenUpServersMs : givenUpContextsMs;
  // What has begun can be stopped; there is no need to see it ready first.
  if (parts.contexts === undefined) await within(patienceMs, starting, hurried);
  const { infrastructure, contexts } = parts;
  if (contexts !== undefined) {
    audience.step('stopping the contexts');
    const stopped = contexts.stop().catch((error: unknown) => {
      log.logger.error({ err: error }, 'the contexts did not stop in order');
    });
    const inTime = await within(contextsMs, stopped, hurried);
    if (!inTime) contexts.hurry?.();
  }
  await parts.traces?.stop();
  if (infrastructure !== undefined) {
    if (hurried.aborted) infrastructure.hurry();
    else hurried.addEventListener('abort', () => infrastructure.hurry(), { once: true });
    const leftMs = Math.max(0, hurryAfterMs - (performance.now() - began));
    const late = setTimeout(() => infrastructure.hurry(), leftMs);
    await infrastructure.stop((text) => audience.step(text));
    clearTimeout(late);
  }
  audience.done();
}

/**
 * Waits for work, for as long as it may take and nobody is in a hurry. Answers whether it has ended; its failure is told
 * elsewhere.
 */
async function within(ms: number, work: Promise<unknown>, hurried: AbortSignal): Promise<boolean> {
  const settled = work.then(
    () => true,
    () => true,
  );
  const enough = new AbortController();
  const limit = pause(ms, false, { signal: enough.signal }).catch(() => false);
  const ended = await Promise.race([settled, aborted(hurried).then(() => false), limit]);
  enough.abort();
  return ended;
}
