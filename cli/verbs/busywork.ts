import { type Command, Option } from 'commander';
import { type BusyworkFlags, DEFAULTS } from '../busywork/options.ts';
import { PACES } from '../busywork/pace.ts';
import { verb } from './verb.ts';

const NOTES = `
Narration and summary go to standard output, what the program itself has to say to standard error;
with --json the document is alone on standard output.
Ctrl-C ends it at once: calls and pauses are cut short, orders still open are waited for (--grace),
then the summary is printed. Ctrl-C again skips the wait.

Exit codes:
  0  it ran and no call failed
  1  it ran and calls failed; the summary says which
  2  a flag cannot be used
  4  no mall could be reached at the start`;

/** `mall busywork`: plays several users at once against the public HTTP interface of a running mall. */
export function busyworkCommand(): Command {
  return verb({
    name: 'busywork',
    description: 'Plays shoppers and shopkeepers against a running mall, tells what they do and measures it.',
    settings: ['name'],
    examples: [
      ['mall busywork', `${DEFAULTS.clients} clients, until Ctrl-C`],
      ['mall busywork --clients=10 --seed 7', 'clients that decide the same in every run'],
      ['mall busywork --duration 2m --pace none', 'two minutes without pauses'],
      ['mall busywork --duration 1m --json --quiet', 'one JSON document and nothing else'],
      ['mall busywork --host mall.example.org:8080', 'a mall somewhere else'],
    ],
  })
    .option('--clients <n>', 'how many users at the same time, 1 to 25', DEFAULTS.clients)
    .addOption(hostOption())
    .option('--duration <time>', 'how long, such as 30s or 5m (default: until Ctrl-C)')
    .option('--seed <n>', 'makes every client decide the same again (default: a new one, which is told)')
    .option('--pace <pace>', `${PACES.join(' or ')}: with a human's pauses, or without any`, DEFAULTS.pace)
    .option('--timeout <time>', 'how long a call may take', DEFAULTS.timeout)
    .option('--grace <time>', 'how long to wait for open orders at the end', DEFAULTS.grace)
    .addHelpText('after', NOTES)
    .action(async (flags: BusyworkFlags) => {
      // Loaded only here: `mall busywork --help` answers without the HTTP client and the word lists.
      const { busyworkInProcess } = await import('../busywork/from-process.ts');
      process.exitCode = await busyworkInProcess(flags);
    });
}

function hostOption(): Option {
  const help = 'where the mall answers (default: the running one, else localhost:8080)';
  return new Option('--host <host:port>', help).conflicts('name');
}
