import { writeFileSync } from 'node:fs';
import { type Command, Option } from 'commander';
import type { Comparison } from '../bench/compare.ts';
import type { BenchReport } from '../bench/report.ts';
import { CliError } from '../cli-error.ts';
import { exitCodes } from '../exit-codes.ts';
import { currentHome } from '../settings/index.ts';
import { onInterruption } from '../terminal/interruption.ts';
import { Narrator } from '../terminal/narrator.ts';
import type { Output } from '../terminal/output.ts';
import { prepareFile } from '../terminal/report-place.ts';
import { outputOf, verb } from './verb.ts';

interface BenchFlags {
  readonly quick?: boolean;
  readonly list?: boolean;
  readonly repeats: string;
  readonly orders: string;
  readonly flatPercent: string;
  readonly compare?: string;
  readonly worseBy: string;
  readonly markdown?: string;
  readonly save?: string;
  readonly [flag: string]: unknown;
}

/** `mall bench`: how fast the mall is on this machine. */
export function benchCommand(): Command {
  return verb({
    name: 'bench',
    description:
      'Measures a mall that it starts for itself, durable and on this disk, and stops and removes it again. What ' +
      "the relay gains over the original's (a poll every 333 ms, one message at a time) is measured in the same " +
      'run. Exit code 6: with --compare, a figure is worse than --worse-by allows.',
    examples: [
      ['mall bench', 'everything, about ten minutes'],
      ['mall bench checkout append', 'these two'],
      ['mall bench --save before.json', 'keeps the figures'],
      ['mall bench --compare before.json --worse-by 30', 'fails where one is more than 30 % worse'],
      ['mall bench flat --flat-percent 10', 'how costs grow with what is stored: a tenth of the millions'],
      ['mall bench --quick', 'a minute, to see that everything runs'],
    ],
  })
    .argument('[names...]', 'which benchmarks; all of them when left out')
    .option('--list', 'which benchmarks there are')
    .option('--repeats <n>', 'how often each is run; the median is told', '3')
    .option('--orders <n>', 'orders after which memory is read', '10000')
    .option(
      '--flat-percent <n>',
      'how full `flat` fills its tables; 100: five million events, a million orders',
      '100',
    )
    .option('--compare <file>', 'an earlier report to compare with')
    .option('--worse-by <percent>', 'how much worse than in that report a figure may be', '25')
    .option('--save <file>', 'writes the report as JSON to a file as well')
    .option('--markdown <file>', 'writes the report as a page as well')
    .addOption(new Option('--quick', 'little of everything: shows that it runs, the figures say nothing'))
    .action(bench);
}

async function bench(names: readonly string[], flags: BenchFlags): Promise<void> {
  const output = outputOf(flags);
  const [repeats, memoryOrders] = [count('--repeats', flags.repeats), count('--orders', flags.orders)];
  const worseByPercent = count('--worse-by', flags.worseBy);
  const flatPercent = count('--flat-percent', flags.flatPercent);
  const { benchmarks, benchmarksNamed } = await import('../bench/benchmarks.ts');
  if (flags.list === true) return list(output, benchmarks);
  const wanted = benchmarksNamed(names);
  const [{ runBenchmarks }, { compareReports, readReport }] = await Promise.all([
    import('../bench/run.ts'),
    import('../bench/compare.ts'),
  ]);
  const before = flags.compare === undefined ? undefined : readReport(flags.compare);
  for (const [flag, path] of [
    ['--save', flags.save],
    ['--markdown', flags.markdown],
  ] as const)
    if (path !== undefined) prepareFile({ flag, path });
  const quick = flags.quick === true;
  const interruption = onInterruption();
  const narrator = new Narrator(output);
  const report = await runBenchmarks({
    benchmarks: wanted,
    scale: { quick, memoryOrders: quick ? 50 : memoryOrders, flatPercent: quick ? 0.1 : flatPercent },
    repeats: quick ? 1 : repeats,
    home: currentHome(),
    signal: interruption.asked,
    step: (text) => narrator.step(text),
  }).catch((error: unknown) => {
    narrator.failed();
    throw interruption.asked.aborted ? calledOff() : error;
  });
  narrator.done();
  const compared = before === undefined ? [] : compareReports(report, before, { worseByPercent });
  await tell(output, { report, compared, flags });
  if (compared.some((each) => each.worse)) process.exitCode = exitCodes.thresholdMissed;
}

async function tell(
  output: Output,
  { report, compared, flags }: { report: BenchReport; compared: readonly Comparison[]; flags: BenchFlags },
): Promise<void> {
  const [{ conditionsOf, tableOf }, { markdownOf }, { columns }] = await Promise.all([
    import('../bench/table.ts'),
    import('../bench/markdown.ts'),
    import('../terminal/table.ts'),
  ]);
  if (flags.save !== undefined) write(flags.save, `${JSON.stringify(report, null, 2)}\n`);
  if (flags.markdown !== undefined) write(flags.markdown, markdownOf(report, compared));
  const { schema, ...content } = report;
  if (output.json) {
    output.document(schema, { ...content, ...(compared.length > 0 && { compared }) });
    return;
  }
  const { head, rows } = tableOf(report, compared);
  const width = output.resultWidth;
  const conditions = columns(conditionsOf(report), [], { width, wrap: 1 });
  output.result(`${conditions}\n\n${columns(rows, head, { width, spare: ['spread', 'before'], wrap: 0 })}`);
  if (report.quick) output.say('Quick: it shows that everything runs; the figures say nothing.');
}

function write(path: string, text: string): void {
  try {
    writeFileSync(path, text);
  } catch (error) {
    throw new CliError(`${path} cannot be written.`, { exitCode: exitCodes.environment, cause: error });
  }
}

async function list(
  output: Output,
  all: readonly { readonly name: string; readonly summary: string }[],
): Promise<void> {
  const known = all.map(({ name, summary }) => ({ name, summary }));
  if (output.json) {
    output.document('mall.bench-list/1', { benchmarks: known });
    return;
  }
  const { columns } = await import('../terminal/table.ts');
  const rows = known.map(({ name, summary }) => [name, summary]);
  output.result(columns(rows, [], { width: output.resultWidth, wrap: 1 }));
}

function count(flag: string, text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new CliError(`${flag} cannot be "${text}": it must be a whole number from 1 on.`, {
    exitCode: exitCodes.usage,
    next: '`mall bench --help` shows examples',
  });
}

function calledOff(): CliError {
  return new CliError('The measuring was called off; what it had started is stopped and removed.', {
    exitCode: exitCodes.interrupted,
  });
}
