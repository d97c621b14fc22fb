import { type Command, Option } from 'commander';
import type { SagaStatus } from '../../services/mall.ts';
import { CliError } from '../cli-error.ts';
import type { SagaLine, SagaPage } from '../desks/saga-view.ts';
import type { Saga, Sagas } from '../desks/sagas.ts';
import { exitCodes } from '../exit-codes.ts';
import { parseDuration } from '../terminal/duration.ts';
import type { Output } from '../terminal/output.ts';
import { outputOf, verb, verbGroup } from './verb.ts';

type Flags = Readonly<Record<string, unknown>>;

/** Every status, spelled here so that `--help` loads nothing of the mall. */
const unfinished: readonly SagaStatus[] = ['running', 'compensating', 'attention'];
const statuses: readonly SagaStatus[] = [...unfinished, 'completed', 'compensated'];

/** `mall saga`: how each order comes to its approval, or is undone. */
export function sagaCommand(): Command {
  return verbGroup({
    name: 'saga',
    description:
      'The sagas of a running mall: each brings an order to its approval, or undoes what was done.',
    verbs: [lsCommand(), showCommand(), retryCommand(), abortCommand()],
  });
}

function lsCommand(): Command {
  return verb({
    name: 'ls',
    description:
      'Lists sagas that have not ended, the oldest first: those under way, and those that need you.',
    settings: ['name'],
    examples: [
      ['mall saga ls --older 1m', 'those that take long'],
      ['mall saga ls --status attention', 'those that only a person can move'],
    ],
  })
    .addOption(new Option('-s, --status <status>', 'of one status only').choices(statuses))
    .option('-a, --all', 'also those that have ended')
    .option('-o, --older <time>', 'those that began at least so long ago', '0s')
    .option('-l, --limit <count>', 'how many at most', '100')
    .action((flags: Flags) => atDesk(flags, list));
}

async function list({ flags, output, sagas, lineOf }: SagaDesk): Promise<void> {
  const olderMs = parseDuration(String(flags.older));
  if (olderMs === undefined)
    throw refusal('ls', `--older cannot be "${String(flags.older)}": it must be a length of time, as 5m`);
  if (!/^[1-9]\d{0,5}$/.test(String(flags.limit))) {
    throw refusal('ls', `--limit cannot be "${String(flags.limit)}": it must be a whole number from 1 on`);
  }
  const listed = flags.all === true ? statuses : unfinished;
  const wanted = flags.status === undefined ? listed : statuses.filter((status) => status === flags.status);
  const limit = Number(flags.limit);
  const found = (await sagas.list({ statuses: wanted, olderMs, limit })).map(lineOf);
  if (output.json) return output.document('mall.saga.ls/1', { sagas: found });
  const { sagaTable } = await import('../desks/saga-view.ts');
  const plain = flags.status === undefined && olderMs === 0 && listed === unfinished;
  const none = plain ? 'No saga is under way, and none needs you.' : 'There are no such sagas.';
  output.result(found.length === 0 ? none : sagaTable(found, new Date(), output.resultWidth));
  if (found.length === 0 && listed === unfinished)
    output.say('`mall saga ls --all` also shows those that have ended.');
  if (found.length === limit) output.say(`There may be more than ${limit}: see --limit.`);
}

function showCommand(): Command {
  return verb({
    name: 'show',
    description: "Draws an order's story: what was sent, answered and undone, when, and what is waited for.",
    settings: ['name'],
    examples: [['mall saga show <order id>', 'the story of an order']],
  })
    .argument('<order>', "the order's id")
    .action((id: string, flags: Flags) => atDesk(flags, (desk) => show(desk, id)));
}

async function show({ output, sagas, pageOf }: SagaDesk, id: string): Promise<void> {
  const page = await pageOf(await sagas.get(id));
  if (output.json) return output.document('mall.saga.show/1', { saga: page });
  const { sagaText } = await import('../desks/saga-view.ts');
  output.result(sagaText(page, new Date()));
}

function retryCommand(): Command {
  return verb({
    name: 'retry',
    description:
      'Has the outstanding command sent again within a second, with all its attempts before it. A saga in ' +
      'attention goes on with undoing its order.',
    settings: ['name'],
    examples: [['mall saga retry <order id>', 'once what stood in the way is out of it']],
  })
    .argument('<order>', "the order's id")
    .action((id: string, flags: Flags) => atDesk(flags, (desk) => retry(desk, id)));
}

async function retry({ output, sagas, firstReason }: SagaDesk, id: string): Promise<void> {
  const saga = await sagas.get(id);
  await sagas.retry(saga, saga.status === 'attention' ? firstReason(saga) : saga.reason);
  if (output.json) return output.document('mall.saga.retry/1', { orderId: id });
  output.result(`Its command is sent again within a second; mall saga show ${id} shows what comes of it.`);
}

function abortCommand(): Command {
  return verb({
    name: 'abort',
    description:
      'Turns a running saga back as a cancelled order does: what was done is undone and the order rejected, once ' +
      'the outstanding command is answered or given up.',
    settings: ['name'],
    examples: [["mall saga abort <order id> --reason 'fraud'", 'the order is rejected with that reason']],
  })
    .argument('<order>', "the order's id")
    .requiredOption('--reason <text>', 'why; the customer is told')
    .action((id: string, flags: Flags) => atDesk(flags, (desk) => abort(desk, id)));
}

async function abort({ flags, output, sagas }: SagaDesk, id: string): Promise<void> {
  const reason = String(flags.reason).trim();
  if (reason === '') throw refusal('abort', '--reason must say why');
  await sagas.abort(await sagas.get(id), reason);
  if (output.json) return output.document('mall.saga.abort/1', { orderId: id, reason });
  output.result(`It turns back at the next answer; mall saga show ${id} shows how far it is.`);
}

interface SagaDesk {
  readonly flags: Flags;
  readonly output: Output;
  readonly sagas: Sagas;
  lineOf(saga: Saga): SagaLine;
  pageOf(saga: Saga): Promise<SagaPage>;
  /** Why the order is undone, which a saga in attention has in its data only. */
  firstReason(saga: Saga): string;
}

/** Opens the database of the mall that the flags name for one piece of work. */
async function atDesk(flags: Flags, work: (desk: SagaDesk) => Promise<void>): Promise<void> {
  const [{ serversOf }, { DeskDatabase }, { Sagas }, pages, services] = await Promise.all([
    import('../desks/servers.ts'),
    import('../desks/desk-database.ts'),
    import('../desks/sagas.ts'),
    import('../desks/saga-pages.ts'),
    import('../../services/mall.ts'),
  ]);
  const servers = await serversOf(flags);
  const known = { definition: services.createOrderSaga, codec: services.createOrderDataCodec };
  await DeskDatabase.use(servers, async (database) => {
    const sagas = new Sagas(database, known.definition.name);
    await work({
      flags,
      output: outputOf(flags),
      sagas,
      lineOf: (saga) => pages.lineOf(known, saga),
      pageOf: (saga) => pages.pageOf(known, sagas, saga),
      firstReason: (saga) => known.codec.decode(saga.data).reason,
    });
  });
}

function refusal(name: string, problem: string): CliError {
  return new CliError(`${problem}.`, {
    exitCode: exitCodes.usage,
    next: `\`mall saga ${name} --help\` shows how`,
  });
}
