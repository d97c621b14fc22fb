import { existsSync } from 'node:fs';
import { Argument, type Command } from 'commander';
import { CliError } from '../cli-error.ts';
import { exitCodes } from '../exit-codes.ts';
import { mallFolders } from '../malls/folders.ts';
import { lastLines, logFollower } from '../malls/log-file.ts';
import { currentHome, loadSettings } from '../settings/index.ts';
import { aborted, onInterruption } from '../terminal/interruption.ts';
import type { Output } from '../terminal/output.ts';
import { outputOf, verb } from './verb.ts';

const sources = ['mall', 'postgres', 'nats'] as const;

/** `mall logs`: what a mall, or one of its servers, has written. */
export function logsCommand(): Command {
  return verb({
    name: 'logs',
    description:
      "Shows the log of a mall, or of its Postgres or NATS. The mall's own is made readable; --json leaves it as it is.",
    settings: ['name'],
    examples: [
      ['mall logs --follow', 'as it happens'],
      ['mall logs --lines 500 --json', 'the last 500 entries, one JSON document a line'],
      ['mall logs postgres', "its Postgres' log, embedded or in a container"],
    ],
  })
    .addArgument(new Argument('[source]', 'whose log').choices(sources).default('mall'))
    .option('-f, --follow', 'go on as lines are written')
    .option('-l, --lines <count>', 'how many of the last lines', '100')
    .action(logs);
}

async function logs(
  source: (typeof sources)[number],
  flags: Readonly<Record<string, unknown>>,
): Promise<void> {
  const output = outputOf(flags);
  const { settings } = await loadSettings(flags);
  const folders = mallFolders(currentHome(), settings.name);
  const path = { mall: folders.log, postgres: folders.postgresLog, nats: folders.natsLog }[source];
  const count = readCount(String(flags.lines));
  if (!existsSync(path) && flags.follow !== true) {
    throw new CliError(`The mall "${settings.name}" has no ${source} log (${path}).`, {
      exitCode: exitCodes.environment,
      next: '`mall ps --all` shows the malls there are',
    });
  }
  const print = await printer(source, output);
  const { lines, end } = lastLines(path, count);
  for (const line of lines) print(line);
  if (flags.follow !== true) return;
  const interruption = onInterruption();
  const follower = logFollower({ path, from: end, onLine: print });
  await aborted(interruption.asked);
  follower.stop();
}

async function printer(source: string, output: Output): Promise<(line: string) => void> {
  if (source !== 'mall' || output.json) return (line) => output.result(line);
  const { prettyFactory } = await import('pino-pretty');
  const pretty = prettyFactory({
    colorize: output.colorful('out'),
    ignore: 'pid,hostname',
    translateTime: 'SYS:HH:MM:ss.l',
  });
  return (line) => output.result(pretty(line).trimEnd());
}

function readCount(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new CliError(`--lines cannot be "${text}": it must be a whole number.`, {
    exitCode: exitCodes.usage,
    next: '`mall logs --lines 100`',
  });
}
