import { setTimeout as pause } from 'node:timers/promises';
import type { Command } from 'commander';
import { CliError } from '../cli-error.ts';
import { exitCodes } from '../exit-codes.ts';
import { findMall, phaseSaid } from '../malls/directory.ts';
import { readiness } from '../malls/health.ts';
import { currentHome, loadSettings } from '../settings/index.ts';
import { parseDuration } from '../terminal/duration.ts';
import { Narrator } from '../terminal/narrator.ts';
import { outputOf, verb } from './verb.ts';

const pollMs = 100;
const defaultTimeout = '30s';

/** `mall wait`: blocks until a mall is ready, for scripts that start one in the background. */
export function waitCommand(): Command {
  return verb({
    name: 'wait',
    description:
      'Waits until a mall answers that it is ready, also one that is still to be started. Exit code 5: too late.',
    settings: ['name'],
    examples: [
      ['mall wait', `up to ${defaultTimeout}`],
      ['mall wait --timeout 2m --name second', 'longer, for another mall'],
    ],
  })
    .option('-t, --timeout <time>', 'how long to wait, as 500ms, 30s or 2m', defaultTimeout)
    .action(wait);
}

async function wait(flags: Readonly<Record<string, unknown>>): Promise<void> {
  const output = outputOf(flags);
  const { settings } = await loadSettings(flags);
  const timeoutMs = readTimeout(String(flags.timeout));
  const narrator = new Narrator(output);
  narrator.step(`waiting for the mall "${settings.name}"`);
  const begun = performance.now();
  const { rest, complaint } = await untilReady({ name: settings.name, deadline: begun + timeoutMs });
  if (rest === undefined) {
    narrator.failed();
    throw new CliError(`The mall "${settings.name}" was not ready within ${String(flags.timeout)}.`, {
      exitCode: exitCodes.startTimeout,
      cause: complaint,
      next: '`mall ps` shows what runs, `mall up --detach` starts it',
    });
  }
  narrator.done();
  const waitedMs = Math.round(performance.now() - begun);
  if (output.json) output.document('mall.wait/1', { name: settings.name, rest, waitedMs });
  else output.result(`The mall "${settings.name}" is ready at ${rest}/`);
}

function readTimeout(text: string): number {
  const ms = parseDuration(text);
  if (ms !== undefined) return ms;
  throw new CliError(`--timeout cannot be "${text}": it must be a length of time.`, {
    exitCode: exitCodes.usage,
    next: '`mall wait --timeout 30s`',
  });
}

async function untilReady(wait: {
  name: string;
  deadline: number;
}): Promise<{ rest?: string; complaint?: string }> {
  const home = currentHome();
  for (;;) {
    const { phase, state } = findMall(home, wait.name);
    const rest = phase === 'ready' ? state?.addresses?.rest : undefined;
    const health = rest === undefined ? undefined : await readiness(rest);
    if (rest !== undefined && health?.ready) return { rest };
    if (performance.now() > wait.deadline) return { complaint: health?.text ?? `it ${phaseSaid(phase)}` };
    await pause(pollMs);
  }
}
