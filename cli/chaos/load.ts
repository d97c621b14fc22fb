import { systemClock } from '../busywork/clock.ts';
import type { Report } from '../busywork/report.ts';
import { runBusywork } from '../busywork/run.ts';

/** Clients whose mall is away would call it thousands of times a second: they take breath between their steps. */
const breathMs = 10;
const timeoutMs = 12_000;

/** Busywork that goes on until it is told to stop. */
export interface Load {
  /** Ends it; open orders are not waited for. */
  stop(): Promise<Report>;
}

export function startLoad(options: { host: string; clients: number; seed: number }): Load {
  const end = new AbortController();
  const clock = systemClock();
  const running = runBusywork(
    {
      ...options,
      load: null,
      mix: null,
      thresholds: [],
      durationMs: null,
      pace: 'none',
      timeoutMs,
      graceMs: 0,
    },
    {
      clock: { ...clock, pause: (ms, signal) => clock.pause(Math.max(ms, breathMs), signal) },
      say: () => undefined,
      tell: () => undefined,
      progress: 'none',
      draw: () => undefined,
      stop: end.signal,
      abandon: end.signal,
    },
  );
  // Told to whoever stops it; until then it is nobody's.
  running.catch(() => undefined);
  return {
    stop: () => {
      end.abort();
      return running;
    },
  };
}
