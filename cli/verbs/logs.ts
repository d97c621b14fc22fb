import { existsSync } from 'node:fs';
import { Argument, type Command } from 'commander';
import { extraNames } from '../../containers/docker/extras/extra.ts';
import { contextNames } from '../../proto/contexts.ts';
import { CliError } from '../cli-error.ts';
import { exitCodes } from '../exit-codes.ts';
import { extraLog, type MallFolders, mallFolders } from '../malls/folders.ts';
import { lastLines, logFollower } from '../malls/log-file.ts';
import { currentHome, loadSettings } from '../settings/index.ts';
import { aborted, onInterruption } from '../terminal/interruption.ts';
import { type Output, readerGone } from '../terminal/output.ts';
import { outputOf, verb } from './verb.ts';

/** The mall's own log has the lines of all its services; each line says whose it is. */
const services = [...contextNames, 'gateway'] as const;
/** What else a mall may have brought along writes a log of its own. */
const servers = ['postgres', 'nats', ...extraNames] as const;
const sources = ['mall', ...servers, ...services] as const;
type Source = (typeof sources)[number];

/** `mall logs`: what a mall, or one of its servers, has written. */
export function logsCommand(): Command {
  return verb({
    name: 'logs',
    description:
      "Shows the log of a mall, of one of its contexts, of its Postgres or NATS, or of what watches it in Docker. The mall's own is made " +
      'readable; --json leaves it as it is.',
    settings: ['name'],
    examples: [
      ['mall logs --follow', 'as it happens'],
      ['mall logs --lines 500 --json', 'the last 500 entries, one JSON document a line'],
      ['mall logs baskets --follow', 'of one context, whichever process it runs in'],
      [
        'mall logs --order <order id>',
        'what tells of one order; MALL_LOG_LEVEL=debug for `mall up` has every message in it',
      ],
      ['mall logs postgres', "its Postgres' log, embedded or in a container"],
    ],
  })
    .addArgument(new Argument('[source]', 'whose log').choices(sources).default('mall'))
    .option('-f, --follow', 'go on as lines are written')
    .option('-l, --lines <count>', 'how many of the last lines', '100')
    .option('-o, --order <id>', 'only lines about an order')
    .action(logs);
}

async function logs(source: Source, flags: Readonly<Record<string, unknown>>): Promise<void> {
  const output = outputOf(flags);
  const { settings } = await loadSettings(flags);
  const folders = mallFolders(currentHome(), settings.name);
  const path = pathOf(source, folders);
  const count = readCount(String(flags.lines));
  if (!existsSync(path) && flags.follow !== true) {
    throw new CliError(`The mall "${settings.name}" has no ${source} log (${path}).`, {
      exitCode: exitCodes.environment,
      next: '`mall ps --all` shows the malls there are',
    });
  }
  if (!existsSync(path)) output.say(`waiting for ${path}`);
  const print = await printer(source, output);
  const ofSource = linesOf(source);
  const ofOrder = linesAbout(flags.order);
  const wanted = (line: string) => ofSource(line) && ofOrder(line);
  const { lines, end } = lastLines(path, count, wanted);
  for (const line of lines) print(line);
  if (flags.follow !== true) return;
  const interruption = onInterruption();
  const onLine = (line: string) => {
    if (wanted(line)) print(line);
  };
  const follower = logFollower({ path, from: end, onLine });
  await aborted(AbortSignal.any([interruption.asked, readerGone()]));
  follower.stop();
}

function pathOf(source: Source, folders: MallFolders): string {
  const server = servers.find((each) => each === source);
  if (server === undefined) return folders.log;
  if (server === 'postgres') return folders.postgresLog;
  return server === 'nats' ? folders.natsLog : extraLog(folders, server);
}

/** Which lines are the source's: in a process of its own it is the `service`, in one for all the `context`. */
function linesOf(source: Source): (line: string) => boolean {
  const name = services.find((each) => each === source);
  if (name === undefined) return () => true;
  return (line) => line.includes(`"service":"${name}"`) || line.includes(`"context":"${name}"`);
}

/** Lines in the context of an order's requests and messages; before its checkout it is a basket of the same id. */
function linesAbout(order: unknown): (line: string) => boolean {
  if (order === undefined) return () => true;
  const id = JSON.stringify(String(order));
  return (line) => line.includes(`"order":${id}`) || line.includes(`"basket":${id}`);
}

async function printer(source: Source, output: Output): Promise<(line: string) => void> {
  if (servers.some((each) => each === source) || output.json) return (line) => output.result(line);
  const { prettyFactory } = await import('pino-pretty');
  const pretty = prettyFactory({
    colorize: output.colorful('out'),
    ignore: 'pid,hostname,service',
    messageFormat: '{if service}{service}: {end}{msg}',
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
