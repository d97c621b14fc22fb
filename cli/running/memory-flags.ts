import { availableParallelism } from 'node:os';

/** Threads that V8 looks for garbage with beside the main one: Node's own four, on as few cores, take them from it. */
const helpers = (count: number) => `--v8-pool-size=${count}`;

/**
 * How Node is to treat the heap of a process that serves: the mall lives on some 70 MB, and with Node's own settings
 * holds five times as much, most of it garbage that nobody has looked for.
 */
const oldSpace = ['--initial-old-space-size=80', '--heap-growing-percent=50'];

/** For a process with all contexts: beyond this nursery, garbage is only found later, and in longer pauses. */
export const monolithFlags: readonly string[] = [
  '--max-semi-space-size=16',
  ...oldSpace,
  helpers(Math.min(4, Math.max(1, availableParallelism() - 1))),
];

/** For one context of nine, which has a ninth of the work. */
export const contextFlags: readonly string[] = ['--max-semi-space-size=4', ...oldSpace, helpers(1)];
