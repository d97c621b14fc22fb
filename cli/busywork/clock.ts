import { setImmediate, setTimeout } from 'node:timers/promises';

/** Time as the simulator needs it. Tests bring their own, so that none of them waits. */
export interface Clock {
  /** Milliseconds since 1970, with microseconds as the fraction. For stamps only. */
  now(): number;
  /** Milliseconds since some fixed moment, never going back. For measuring. */
  elapsed(): number;
  /**
   * Waits without using the processor (B-01). Rejects with {@link Stopped} as soon as `signal` aborts (B-02).
   */
  pause(ms: number, signal: AbortSignal): Promise<void>;
}

/** Somebody asked to stop while this was going on: neither a result nor a failure. */
export class Stopped extends Error {
  override readonly name = 'Stopped';

  constructor(options?: ErrorOptions) {
    super('stopped', options);
  }
}

/** The wall clock and the monotonic one part by more than this when the machine slept or its time was set. */
const DRIFT_MS = 50;

export function systemClock(): Clock {
  let origin = performance.timeOrigin;
  return {
    now: () => {
      const fine = origin + performance.now();
      const coarse = Date.now();
      if (Math.abs(fine - coarse) <= DRIFT_MS) return fine;
      origin += coarse - fine;
      return coarse;
    },
    elapsed: () => performance.now(),
    pause,
  };
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  try {
    // A pause of nothing still lets timers, signals and sockets have their turn.
    await (ms > 0 ? setTimeout(ms, undefined, { signal }) : setImmediate(undefined, { signal }));
  } catch (error) {
    throw signal.aborted ? new Stopped({ cause: error }) : error;
  }
}

/** Waits for `work`, but no longer than until `signal` aborts; `work` itself goes on. */
export async function untilStopped<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  if (signal.aborted) {
    // Nobody waits for it, so that it fails is nobody's to handle.
    work.catch(() => undefined);
    throw new Stopped();
  }
  const { promise: stopped, reject } = Promise.withResolvers<never>();
  const onAbort = () => reject(new Stopped());
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([work, stopped]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

/** Takes being stopped for an end like any other. */
export async function unlessStopped(work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!(error instanceof Stopped)) throw error;
  }
}
