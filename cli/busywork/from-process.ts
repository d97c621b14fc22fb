import { randomInt } from 'node:crypto';
import { loadSettings } from '../settings/index.ts';
import { onInterruption } from '../terminal/interruption.ts';
import { LiveBlock } from '../terminal/live-block.ts';
import { Output, readerGone } from '../terminal/output.ts';
import { systemClock } from './clock.ts';
import type { BusyworkFlags } from './options.ts';
import { busywork } from './program.ts';
import { runningMall } from './target.ts';

/** Seeds are drawn short enough to be read out and typed again. */
const SEEDS = 1_000_000;

/** Runs the program in this process, with its signals and its standard streams. Returns the exit code. */
export async function busyworkInProcess(flags: BusyworkFlags): Promise<number> {
  const output = new Output();
  const block = new LiveBlock(process.stderr);
  const interruption = onInterruption();
  // Nobody reads on: `mall busywork | head` is a way to end it, like Ctrl-C.
  const unread = readerGone();
  const onQuit = () => process.emit('SIGINT');
  process.on('SIGQUIT', onQuit);
  try {
    return await busywork(flags, {
      clock: systemClock(),
      out: (line) => {
        block.clear();
        output.result(line);
      },
      err: (line) => {
        block.clear();
        output.say(line);
      },
      draw: output.lively ? (lines) => block.draw(lines(block.width)) : undefined,
      width: output.resultWidth,
      watched: { out: process.stdout.isTTY === true, err: process.stderr.isTTY === true },
      stop: AbortSignal.any([interruption.asked, unread]),
      abandon: interruption.hurried,
      host: () => runningMall(flags),
      seed: () => randomInt(SEEDS),
      authorization: await serviceAuthorization(),
    });
  } finally {
    process.off('SIGQUIT', onQuit);
    interruption.release();
  }
}

/**
 * For malls that ask for tokens: one of the role `service` for each call, signed with MALL_AUTH_SECRET. A user
 * plays many customers and shopkeepers, whose ids most calls do not tell; who may call what is for the mall's own
 * tests to prove. @throws CliError when the settings are not valid
 */
async function serviceAuthorization(): Promise<(() => Promise<string>) | undefined> {
  const { authSecret } = (await loadSettings({})).settings;
  if (authSecret === undefined) return undefined;
  // Loaded only here: without a secret busywork needs nothing of the mall's own code.
  const { Tokens } = await import('../../services/mall.ts');
  const tokens = new Tokens(authSecret);
  return () => tokens.ownAuthorization('busywork');
}
