import { type Command, Option } from 'commander';
import { contextNames } from '../../proto/contexts.ts';
import { CliError } from '../cli-error.ts';
import type { DeadLetters } from '../desks/dead-letters.ts';
import type { MallServers } from '../desks/servers.ts';
import { exitCodes } from '../exit-codes.ts';
import { parseDuration } from '../terminal/duration.ts';
import type { Output } from '../terminal/output.ts';
import { outputOf, verb, verbGroup } from './verb.ts';

type Flags = Readonly<Record<string, unknown>>;

/** `mall dlq`: messages nobody could handle, to be read, mended, tried again or given up. */
export function dlqCommand(): Command {
  return verbGroup({
    name: 'dlq',
    description: 'The dead letters of a running mall: messages that a consumer could not handle, and why.',
    verbs: [lsCommand(), showCommand(), retryCommand(), editCommand(), dropCommand()],
  });
}

function lsCommand(): Command {
  return verb({
    name: 'ls',
    description: 'Lists the dead letters of all contexts, the oldest first.',
    settings: ['name'],
    examples: [
      ['mall dlq ls', 'those that wait for somebody'],
      ['mall dlq ls --context ordering --all', 'also those that were dropped'],
    ],
  })
    .addOption(contextOption())
    .option('-a, --all', 'also those that were dropped')
    .action((flags: Flags) => atDesk(flags, list));
}

async function list({ flags, output, letters }: DlqDesk): Promise<void> {
  const { letterTable } = await import('../desks/letter-view.ts');
  const found = await letters.list({ context: contextOf(flags), dropped: flags.all === true });
  if (output.json) return output.document('mall.dlq.ls/1', { letters: found });
  output.result(
    found.length === 0 ? 'There are no dead letters.' : letterTable(found, new Date(), output.resultWidth),
  );
}

function showCommand(): Command {
  return verb({
    name: 'show',
    description: 'Shows a dead letter in full: reason, headers, and the payload by its type, or in hex.',
    settings: ['name'],
    examples: [['mall dlq show ordering/12', 'all there is to know']],
  })
    .argument('<id>', 'as `mall dlq ls` has it')
    .action((id: string, flags: Flags) => atDesk(flags, (desk) => show(desk, id)));
}

async function show({ output, letters }: DlqDesk, id: string): Promise<void> {
  const { data, ...line } = await letters.get(id);
  const [{ readContent }, view] = await Promise.all([
    import('../desks/letter-content.ts'),
    import('../desks/letter-view.ts'),
  ]);
  const content = readContent(data);
  if (!output.json) return output.result(view.letterPage(line, content));
  const { headers, sentAt = null, occurredAt = null } = content;
  const rest = { headers, sentAt, occurredAt, ...view.payloadDocument(content) };
  output.document('mall.dlq.show/1', { letter: { ...line, ...rest } });
}

function retryCommand(): Command {
  return verb({
    name: 'retry',
    description:
      'Has messages handled again by the consumers that parked them; the others know them and do nothing. Exit ' +
      'code 1: not all were taken.',
    settings: ['name'],
    examples: [
      ['mall dlq retry ordering/12', 'one, for every consumer that parked it'],
      ['mall dlq retry --all --context search', 'all that search has parked'],
    ],
  })
    .argument('[id...]', 'as `mall dlq ls` has them')
    .option('-a, --all', 'all that were not dropped')
    .addOption(contextOption())
    .option('--force', 'also where consumers that have no record of a message would take it too')
    .option('-w, --wait <time>', 'how long the consumers may take', '10s')
    .action((ids: string[], flags: Flags) => atDesk(flags, (desk) => retry(desk, ids)));
}

async function retry({ flags, output, letters, servers }: DlqDesk, given: readonly string[]): Promise<void> {
  if (given.length > 0 === (flags.all === true)) {
    throw refusal('retry', 'Ids or --all must say which dead letters to try again, and not both');
  }
  const waitMs = parseDuration(String(flags.wait));
  if (waitMs === undefined) throw refusal('retry', `--wait cannot be "${String(flags.wait)}"`);
  const listed = async () => await letters.list({ context: contextOf(flags), dropped: false });
  const ids = given.length > 0 ? given : (await listed()).map(({ id }) => id);
  for (const id of given) await letters.get(id);
  const [{ retryLetters }, { retriedText }] = await Promise.all([
    import('../desks/retry-letters.ts'),
    import('../desks/letter-view.ts'),
  ]);
  const result = await retryLetters(letters, servers, { ids, waitMs, force: flags.force === true });
  if (output.json) output.document('mall.dlq.retry/1', { ...result });
  else
    output.result(ids.length === 0 ? 'There are no dead letters.' : retriedText(result, output.resultWidth));
  const allTaken = result.heldBack.length === 0 && result.retried.every(({ outcome }) => outcome === 'taken');
  if (!allTaken) process.exitCode = exitCodes.checkFailed;
}

function editCommand(): Command {
  return verb({
    name: 'edit',
    description:
      "Replaces a dead letter's payload, for every consumer that parked the message. Id and headers stay; the " +
      'header edited-at says that it was done.',
    settings: ['name'],
    examples: [[`mall dlq edit ordering/12 --payload '{"id":"…"}'`, 'then try it again']],
  })
    .argument('<id>', 'as `mall dlq ls` has it')
    .requiredOption('--payload <json>', 'the whole payload, as `mall dlq show --json` has it')
    .action((id: string, flags: Flags) => atDesk(flags, (desk) => edit(desk, id)));
}

async function edit({ flags, output, letters }: DlqDesk, id: string): Promise<void> {
  const { readContent, withPayload } = await import('../desks/letter-content.ts');
  const letter = await letters.get(id);
  const { data, headers } = withPayload(readContent(letter.data), String(flags.payload), new Date());
  const copies = await letters.copies(letter);
  await letters.rewrite(copies, data, headers);
  const ids = copies.map((copy) => copy.id);
  const { payload } = readContent(data);
  if (output.json) return output.document('mall.dlq.edit/1', { ids, payload });
  output.result(`${ids.join(', ')} edited; mall dlq retry ${id} has it handled.`);
}

function dropCommand(): Command {
  return verb({
    name: 'drop',
    description: 'Gives a dead letter up. It stays, with the reason; `mall dlq ls --all` shows it.',
    settings: ['name'],
    examples: [["mall dlq drop ordering/12 --reason 'a test' --yes", 'out of the way']],
  })
    .argument('<id>', 'as `mall dlq ls` has it')
    .requiredOption('--reason <text>', 'why, for those who come after')
    .option('-y, --yes', 'do it: the consumer will never take the message')
    .action((id: string, flags: Flags) => atDesk(flags, (desk) => drop(desk, id)));
}

async function drop({ flags, output, letters }: DlqDesk, id: string): Promise<void> {
  const reason = String(flags.reason).trim();
  if (reason === '') throw refusal('drop', '--reason must say why');
  const letter = await letters.get(id);
  if (letter.droppedAt !== null) {
    throw new CliError(`${id} was dropped before: ${letter.droppedReason ?? ''}.`, {
      exitCode: exitCodes.checkFailed,
      next: `\`mall dlq show ${id}\` shows it, \`mall dlq retry ${id}\` has it handled all the same`,
    });
  }
  if (flags.yes !== true) {
    const what = letter.name === '' ? 'its message' : `${letter.name} ${letter.messageId}`;
    throw refusal('drop', `--yes must confirm that ${letter.consumer} is never to take ${what}`);
  }
  await letters.drop(letter, reason);
  if (output.json) return output.document('mall.dlq.drop/1', { id, reason });
  output.result(`${id} is dropped.`);
}

interface DlqDesk {
  readonly flags: Flags;
  readonly output: Output;
  readonly letters: DeadLetters;
  readonly servers: MallServers;
}

/** Opens the database of the mall that the flags name for one piece of work. */
async function atDesk(flags: Flags, work: (desk: DlqDesk) => Promise<void>): Promise<void> {
  const [{ serversOf }, { DeskDatabase }, { DeadLetters }] = await Promise.all([
    import('../desks/servers.ts'),
    import('../desks/desk-database.ts'),
    import('../desks/dead-letters.ts'),
  ]);
  const servers = await serversOf(flags);
  await DeskDatabase.use(servers, async (database) =>
    work({ flags, output: outputOf(flags), letters: await DeadLetters.of(database), servers }),
  );
}

function contextOption(): Option {
  return new Option('-c, --context <context>', 'of one context only').choices(contextNames);
}

function contextOf(flags: Flags) {
  return contextNames.find((name) => name === flags.context);
}

function refusal(name: string, problem: string): CliError {
  return new CliError(`${problem}.`, {
    exitCode: exitCodes.usage,
    next: `\`mall dlq ${name} --help\` shows how`,
  });
}
