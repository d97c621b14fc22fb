/** Ctrl-C in a terminal reaches the launcher, which passes it on, and this process: one keystroke, two signals. */
const sameKeystrokeMs = 300;

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
export type StopSignal = (typeof signals)[number];

/** Requests to stop, from the terminal, `mall down` or a closing session. */
export interface Interruption {
  /** Aborted at the first request. */
  readonly asked: AbortSignal;
  /** Aborted at the second: the reader is in a hurry. */
  readonly hurried: AbortSignal;
  /** Gives the signals their usual effect back. */
  release(): void;
}

/** Takes the stop signals over from Node, whose answer would be to end at once. */
export function onInterruption(): Interruption {
  const [asked, hurried] = [new AbortController(), new AbortController()];
  let lastAt = Number.NEGATIVE_INFINITY;
  const received = (signal: StopSignal) => {
    const now = performance.now();
    if (now - lastAt < sameKeystrokeMs) return;
    lastAt = now;
    if (asked.signal.aborted) hurried.abort(signal);
    else asked.abort(signal);
  };
  for (const signal of signals) process.on(signal, received);
  return {
    asked: asked.signal,
    hurried: hurried.signal,
    release: () => {
      for (const signal of signals) process.off(signal, received);
    },
  };
}

/** Resolves once a signal is aborted; never when it is not. */
export function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
