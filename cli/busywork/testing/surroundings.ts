import { type Clock, Stopped, systemClock } from '../clock.ts';
import type { BusyworkFlags } from '../options.ts';
import { busywork } from '../program.ts';
import type { Report } from '../report.ts';
import type { TestMall } from './types.ts';

/** Shorter pauses pass at once; others (duration, grace, progress) wait until a test ends them. */
const LONG_MS = 1_000;

export interface TestClock extends Clock {
  /** Every pause that was asked for, in milliseconds. */
  readonly asked: number[];
  /** Ends the long pauses of this length that are being waited for. */
  pass(ms: number): void;
}

/** The system's clock, but nobody waits: a pause gives all others their turn and is over. */
export function testClock(): TestClock {
  const asked: number[] = [];
  const long: { ms: number; end: () => void }[] = [];
  return {
    ...systemClock(),
    asked,
    pause: async (ms, signal) => {
      asked.push(ms);
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      const onAbort = () => reject(new Stopped());
      if (signal.aborted) onAbort();
      signal.addEventListener('abort', onAbort, { once: true });
      if (ms < LONG_MS) setImmediate(resolve);
      else long.push({ ms, end: resolve });
      try {
        await promise;
      } finally {
        signal.removeEventListener('abort', onAbort);
      }
    },
    pass: (ms) => {
      for (const pause of long.splice(0)) {
        if (pause.ms === ms) pause.end();
        else long.push(pause);
      }
    },
  };
}

export interface TestRun {
  readonly clock: TestClock;
  readonly out: string[];
  readonly err: string[];
  /** Told after each line on standard output or error, with the line. */
  onLine: (line: string) => void;
  stop(): void;
  abandon(): void;
  /** Resolves with the exit code. */
  readonly exitCode: Promise<number>;
}

/** Runs the whole program against a mall, with no pace and one client unless the flags say otherwise. */
export function startRun(
  mall: Pick<TestMall, 'host'>,
  flags: BusyworkFlags = {},
  watched = { out: false, err: false },
  clock = testClock(),
): TestRun {
  const [stop, abandon] = [new AbortController(), new AbortController()];
  const run = {
    clock,
    out: [] as string[],
    err: [] as string[],
    onLine: (_line: string): void => undefined,
    stop: () => stop.abort(),
    abandon: () => abandon.abort(),
  };
  const write = (lines: string[]) => (line: string) => {
    lines.push(line);
    run.onLine(line);
  };
  const exitCode = busywork(
    { clients: '1', pace: 'none', seed: '1', ...flags },
    {
      clock,
      out: write(run.out),
      err: write(run.err),
      watched,
      stop: stop.signal,
      abandon: abandon.signal,
      host: async () => mall.host,
      seed: () => 42,
    },
  );
  return Object.assign(run, { exitCode });
}

/**
 * A clock on which waiting makes time go by at once: shoppers arrive as fast as they can be drawn, none of them late.
 * Pauses of whole seconds are the program's own (duration, grace, progress), and wait as on {@link testClock}.
 */
export function skippingClock(): TestClock {
  const clock = testClock();
  let skippedMs = 0;
  return {
    ...clock,
    elapsed: () => clock.elapsed() + skippedMs,
    pause: async (ms, signal) => {
      if (ms >= LONG_MS && ms % LONG_MS === 0) return clock.pause(ms, signal);
      await clock.pause(0, signal);
      skippedMs += ms;
    },
  };
}

/** What a client said, without stamp and name. */
export function texts(lines: readonly string[], client: number): string[] {
  const mark = ` [Client ${client}] `;
  return lines
    .filter((line) => line.includes(mark))
    .map((line) => line.slice(line.indexOf(mark) + mark.length));
}

/** The one document on standard output. */
export function parseReport(run: Pick<TestRun, 'out'>): Report {
  return JSON.parse(run.out.join('\n'));
}
