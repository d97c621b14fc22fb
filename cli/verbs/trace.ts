import type { Command } from 'commander';
import { CliError } from '../cli-error.ts';
import { exitCodes } from '../exit-codes.ts';
import { findMall } from '../malls/directory.ts';
import { defaultName } from '../malls/names.ts';
import { currentHome, loadSettings } from '../settings/index.ts';
import { outputOf, verb } from './verb.ts';

const DEFAULT_COLUMNS = 120;

/** `mall trace`: where an order's time went, from the request through every message. */
export function traceCommand(): Command {
  return verb({
    name: 'trace',
    description:
      "Draws an order's way through requests, messages and contexts, or one trace by its id. Every piece of work is " +
      'a line: how long its message was in the outbox and on its way, and how long it took. Exit code 1: there is no ' +
      'such trace.',
    settings: ['name'],
    examples: [
      ['mall trace <order id>', 'all that happened to an order, where it was recorded'],
      ['mall trace <trace id> --spans', 'with each statement and sent message'],
      ['mall trace <order id> --json', 'for a program'],
    ],
  })
    .argument('<id>', "an order's id, or a trace's")
    .option('-s, --spans', 'also what happened within each piece of work')
    .option('-u, --url <url>', 'the REST address of a mall elsewhere')
    .action(trace);
}

async function trace(id: string, flags: Readonly<Record<string, unknown>>): Promise<void> {
  const output = outputOf(flags);
  const { tracesOf } = await import('../traces/trace-answer.ts');
  const traces = await tracesOf(await restUrl(flags), id);
  if (output.json) return output.document('mall.trace/1', { id, traces });
  const { waterfallText } = await import('../traces/waterfall-text.ts');
  const width = output.resultWidth;
  output.result(
    waterfallText(traces, {
      width: width ?? DEFAULT_COLUMNS,
      watched: width !== undefined,
      steps: flags.spans === true,
      paint: (style, text) => output.paint(style, text),
    }),
  );
}

async function restUrl(flags: Readonly<Record<string, unknown>>): Promise<string> {
  if (flags.url !== undefined) {
    const url = String(flags.url);
    if (URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)) return url.replace(/\/$/, '');
    throw new CliError(`--url cannot be "${url}": it must be an address that begins with http://.`, {
      exitCode: exitCodes.usage,
      next: '`mall trace <id> --url http://localhost:8080`',
    });
  }
  const { settings } = await loadSettings(flags);
  const { pid, state } = findMall(currentHome(), settings.name);
  if (pid !== undefined && state?.addresses !== undefined) return state.addresses.rest;
  const named = settings.name === defaultName ? '' : ` --name ${settings.name}`;
  throw new CliError(`The mall "${settings.name}" does not run here.`, {
    exitCode: exitCodes.environment,
    next: `\`mall up --detach${named}\` starts it, \`mall ps\` shows what runs`,
  });
}
