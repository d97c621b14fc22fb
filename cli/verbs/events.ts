import { setTimeout as pause } from 'node:timers/promises';
import { type Command, Option } from 'commander';
import { contextNames } from '../../proto/contexts.ts';
import { CliError } from '../cli-error.ts';
import type { EventLog, LoggedEvent } from '../desks/event-log.ts';
import { exitCodes } from '../exit-codes.ts';
import { onInterruption } from '../terminal/interruption.ts';
import { type Output, readerGone } from '../terminal/output.ts';
import { outputOf, verb, verbGroup } from './verb.ts';

type Flags = Readonly<Record<string, unknown>>;

/** How often a follower looks for new events. */
const pollMs = 250;

/** `mall events`: what happened to baskets, orders, stores and products, event by event. */
export function eventsCommand(): Command {
  return verbGroup({
    name: 'events',
    description: 'The stored events of a running mall: of baskets, orders, stores and products.',
    verbs: [showCommand(), tailCommand()],
  });
}

function showCommand(): Command {
  return verb({
    name: 'show',
    description:
      'Shows the events of a stream with what caused them, and the state they add up to. A basket and its order ' +
      'share an id: both are shown.',
    settings: ['name'],
    examples: [
      ['mall events show <id>', 'an order with its basket, a store or a product, as it is'],
      ['mall events show <id> --at 3', 'as it was at version 3'],
      ['mall events show <id> --at 2026-05-01T12:00:00Z', 'as it was at that time'],
    ],
  })
    .argument('<stream>', "the aggregate's id")
    .option('--at <point>', 'up to this version, or up to this time')
    .addOption(contextOption())
    .action((id: string, flags: Flags) => atDesk(flags, (desk) => show(desk, id)));
}

async function show({ flags, output, log }: EventsDesk, id: string): Promise<void> {
  const { parsePoint, storiesOf } = await import('../desks/stream-story.ts');
  const told = flags.at === undefined ? () => true : parsePoint(String(flags.at));
  const events = await log.stream(id);
  const stories = storiesOf(events.filter(told));
  if (stories.length === 0) {
    const problem = events.length === 0 ? 'has no events' : `had no events at ${String(flags.at)}`;
    throw new CliError(`The stream ${id} ${problem}.`, {
      exitCode: exitCodes.checkFailed,
      next:
        events.length === 0
          ? '`mall events tail` shows the newest of all streams'
          : `\`mall events show ${id}\` shows all it has`,
    });
  }
  if (output.json) return output.document('mall.events.show/1', { streams: stories });
  const { storyText } = await import('../desks/event-view.ts');
  output.result(stories.map(storyText).join('\n\n'));
}

function tailCommand(): Command {
  return verb({
    name: 'tail',
    description:
      'Shows the newest events of all contexts, in the order of their transactions; --json: one a line.',
    settings: ['name'],
    examples: [
      ['mall events tail', 'the last 20'],
      ['mall events tail --follow --context ordering', 'what happens to orders, as it happens'],
    ],
  })
    .option('-f, --follow', 'go on as events are stored')
    .option('-l, --lines <count>', 'how many of the newest', '20')
    .addOption(contextOption())
    .action((flags: Flags) => atDesk(flags, tail));
}

async function tail({ flags, output, log }: EventsDesk): Promise<void> {
  if (!/^\d{1,5}$/.test(String(flags.lines))) {
    throw new CliError(`--lines cannot be "${String(flags.lines)}": it must be a whole number.`, {
      exitCode: exitCodes.usage,
      next: '`mall events tail --lines 100`',
    });
  }
  const { eventLine } = await import('../desks/event-view.ts');
  const print = (event: LoggedEvent) =>
    output.result(output.json ? JSON.stringify({ schema: 'mall.event/1', ...event }) : eventLine(event));
  // The newest one tells where to follow from, even when none is to be shown.
  const newest = await log.newest(Math.max(1, Number(flags.lines)));
  if (flags.lines !== '0') newest.forEach(print);
  if (flags.follow === true) await follow(log, newest.at(-1), print);
}

/** Prints events as they are stored, until it is told to stop. */
async function follow(
  log: EventLog,
  last: LoggedEvent | undefined,
  print: (event: LoggedEvent) => void,
): Promise<void> {
  const interruption = onInterruption();
  const asked = AbortSignal.any([interruption.asked, readerGone()]);
  let cursor = { transactionId: '0', position: 0, ...last };
  while (!asked.aborted) {
    const events = await log.after(cursor);
    events.forEach(print);
    cursor = events.at(-1) ?? cursor;
    if (events.length === 0) await pause(pollMs, undefined, { signal: asked }).catch(() => undefined);
  }
  interruption.release();
}

interface EventsDesk {
  readonly flags: Flags;
  readonly output: Output;
  readonly log: EventLog;
}

/** Opens the database of the mall that the flags name for one piece of work. */
async function atDesk(flags: Flags, work: (desk: EventsDesk) => Promise<void>): Promise<void> {
  const [{ serversOf }, { DeskDatabase }, { EventLog }] = await Promise.all([
    import('../desks/servers.ts'),
    import('../desks/desk-database.ts'),
    import('../desks/event-log.ts'),
  ]);
  const servers = await serversOf(flags);
  const context = contextNames.find((name) => name === flags.context);
  await DeskDatabase.use(servers, async (database) =>
    work({ flags, output: outputOf(flags), log: await EventLog.of(database, context) }),
  );
}

function contextOption(): Option {
  return new Option('-c, --context <context>', 'of one context only').choices(contextNames);
}
