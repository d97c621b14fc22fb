import { Command, Option } from 'commander';
import { type BusyworkFlags, DEFAULTS } from '../busywork/options.ts';
import { PACES } from '../busywork/pace.ts';

const HELP = `
Narration and summary go to standard output, what the program itself has to say to standard error.
Ctrl-C ends it at once: calls and pauses are cut short, orders still open are waited for (--grace),
the summary is printed. Ctrl-C again skips the wait.

Exit codes:
  0  it ran and no call failed
  1  it ran and calls failed; the summary says which
  2  a flag cannot be used
  4  no mall could be reached at the start

Examples:
  mall busywork                                  5 clients against the running mall, until Ctrl-C
  mall busywork --clients=10 --seed 7            the same decisions in every run
  mall busywork --duration 2m --pace none        two minutes without pauses
  mall busywork --duration 1m --json --quiet     one JSON document, nothing else
  mall busywork --host mall.example.org:8080     a mall somewhere else`;

/** `mall busywork`: plays several users at once against the public HTTP interface of a running mall. */
export function busyworkCommand(): Command {
  return new Command('busywork')
    .description('play customers and shopkeepers against a running mall, and measure how it does')
    .option('--clients <n>', 'how many users at the same time, 1 to 25', DEFAULTS.clients)
    .addOption(
      new Option(
        '--host <host:port>',
        'where the mall answers (default: the running one, else localhost:8080)',
      ).conflicts('name'),
    )
    .option('-n, --name <name>', 'which of several running malls')
    .option('--duration <time>', 'how long, such as 30s or 5m (default: until Ctrl-C)')
    .option('--seed <n>', 'makes every client decide the same again (default: a new one, which is printed)')
    .option('--pace <pace>', `${PACES.join(' or ')}: with a human's pauses, or without any`, DEFAULTS.pace)
    .option('--timeout <time>', 'how long a call may take', DEFAULTS.timeout)
    .option('--grace <time>', 'how long to wait for open orders at the end', DEFAULTS.grace)
    .option('--json', 'print one JSON document; the narration goes to standard error')
    .option('--quiet', 'no narration, only the result')
    .addHelpText('after', HELP)
    .action(async (flags: BusyworkFlags) => {
      // Loaded only here: the rest of the command line answers without waiting for it.
      const { busyworkInProcess } = await import('../busywork/from-process.ts');
      process.exitCode = await busyworkInProcess(flags);
    });
}
