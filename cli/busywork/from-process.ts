import { randomInt } from 'node:crypto';
import { onInterruption } from '../terminal/interruption.ts';
import { Output } from '../terminal/output.ts';
import { systemClock } from './clock.ts';
import type { BusyworkFlags } from './options.ts';
import { busywork } from './program.ts';
import { runningMall } from './target.ts';

/** Seeds are drawn short enough to be read out and typed again. */
const SEEDS = 1_000_000;

/** Runs the program in this process, with its signals and its standard streams. Returns the exit code. */
export async function busyworkInProcess(flags: BusyworkFlags): Promise<number> {
  const output = new Output();
  const interruption = onInterruption();
  const unread = new AbortController();
  // Nobody reads on: `mall busywork | head` is a way to end it, like Ctrl-C.
  const onStreamError = () => unread.abort();
  const onQuit = () => process.emit('SIGINT');
  process.on('SIGQUIT', onQuit);
  process.stdout.on('error', onStreamError);
  try {
    return await busywork(flags, {
      clock: systemClock(),
      out: (line) => output.result(line),
      err: (line) => output.say(line),
      watched: { out: process.stdout.isTTY === true, err: process.stderr.isTTY === true },
      stop: AbortSignal.any([interruption.asked, unread.signal]),
      abandon: interruption.hurried,
      host: () => runningMall(flags),
      seed: () => randomInt(SEEDS),
    });
  } finally {
    process.off('SIGQUIT', onQuit);
    interruption.release();
  }
}
