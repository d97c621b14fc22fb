import { type Command, Option } from 'commander';
import { ACTIVITIES } from '../busywork/draw.ts';
import { DEFAULT_MAX_SHOPPERS } from '../busywork/load-options.ts';
import { typedActivity } from '../busywork/mix.ts';
import { type BusyworkFlags, DEFAULTS } from '../busywork/options.ts';
import { PACES } from '../busywork/pace.ts';
import { verb } from './verb.ts';

const NOTES = `
Narration and summary go to standard output, what the program itself has to say to standard error;
with --json the document is alone on standard output.
Ctrl-C ends it at once: calls and pauses are cut short, orders still open are waited for (--grace),
then the summary is printed. Ctrl-C again skips the wait.

A threshold is a figure, one of < <= > >= =, and a number: order_approved.p99<500ms, calls.error_rate<1%,
calls.rate>100/s, check_out.p95<50ms, orders.rejected=0. Figures are named after calls and activities, as in the
summary; a wrong name is told with the nearest one.

Exit codes:
  0  it ran and no call failed
  1  it ran and calls failed; the summary says which
  6  it ran and missed a --threshold
  2  a flag cannot be used
  4  no mall could be reached at the start`;

/** `mall busywork`: plays several users at once against the public HTTP interface of a running mall. */
export function busyworkCommand(): Command {
  return verb({
    name: 'busywork',
    description: 'Plays shoppers and shopkeepers against a running mall, tells what they do and measures it.',
    settings: ['name'],
    jsonFile: true,
    examples: [
      ['mall busywork', `${DEFAULTS.clients} clients, until Ctrl-C`],
      ['mall busywork --clients=10 --seed 7', 'clients that decide the same in every run'],
      ['mall busywork --duration 2m --pace none', 'two minutes without pauses'],
      ['mall busywork --duration 1m --json --quiet', 'one JSON document and nothing else'],
      ['mall busywork --rate 50 --mix buy --duration 1m', '50 buyers a second, however the mall keeps up'],
      [
        'mall busywork --stage 30s:50 --stage 2m:50',
        'a ramp from 0 to 50 arrivals a second, then two minutes of it',
      ],
      ["mall busywork --duration 1m --threshold 'order_approved.p99<500ms'", 'exit code 6 if it is slower'],
      [
        'mall busywork --duration 1m --json now.json --html now.html --compare before.json',
        'reports to keep',
      ],
      ['mall busywork --host mall.example.org:8080', 'a mall somewhere else'],
    ],
  })
    .addOption(clientsOption())
    .option('--rate <n>', 'shoppers who arrive per second, whether or not the mall keeps up, such as 20')
    .option('--stage <time:rate>', 'ramps the rate within that time; several follow each other', collected)
    .option(
      '--max-shoppers <n>',
      `how many may be inside (default: ${DEFAULT_MAX_SHOPPERS}); more are turned away`,
    )
    .option('--mix <weights>', `activities and their weights; ${ACTIVITIES.map(typedActivity).join(', ')}`)
    .addOption(hostOption())
    .option('--duration <time>', 'how long, such as 30s or 5m (default: until Ctrl-C)')
    .option('--seed <n>', 'makes every client decide the same again (default: a new one, which is told)')
    .option('--pace <pace>', `${PACES.join(' or ')}: with a human's pauses, or without any`, DEFAULTS.pace)
    .option('--timeout <time>', 'how long a call may take', DEFAULTS.timeout)
    .option('--grace <time>', 'how long to wait for open orders at the end', DEFAULTS.grace)
    .option('--threshold <expression>', 'what must hold at the end; may be given several times', collected)
    .option('--html <file>', 'the report as one HTML page with charts')
    .option('--compare <file>', 'the figures beside those of an earlier --json document')
    .addHelpText('after', NOTES)
    .action(async (flags: BusyworkFlags) => {
      // Loaded only here: `mall busywork --help` answers without the HTTP client and the word lists.
      const { busyworkInProcess } = await import('../busywork/from-process.ts');
      process.exitCode = await busyworkInProcess(flags);
    });
}

/** Gathers an option that may be given several times. */
function collected(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

function clientsOption(): Option {
  const help = `how many users at the same time, 1 to 25 (default: ${DEFAULTS.clients})`;
  return new Option('--clients <n>', help).conflicts(['rate', 'stage']);
}

function hostOption(): Option {
  const help = 'where the mall answers (default: the running one, else localhost:8080)';
  return new Option('--host <host:port>', help).conflicts('name');
}
