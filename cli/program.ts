import { Command, CommanderError } from 'commander';
import packageJson from '../package.json' with { type: 'json' };
import { typed } from './terminal/command-name.ts';
import { usageError } from './usage-error.ts';

interface VerbEntry {
  readonly name: string;
  readonly summary: string;
  /** The heading it stands under in the help. */
  readonly group: string;
  /** Whether `--json` may name a file, as `--json now.json`; the result for people is told as well then. */
  readonly jsonFile?: true;
  /** Imports the verb's code: only the verb that was typed pays for its imports. */
  readonly load: () => Promise<Command>;
}

/** What people want to do, in the order in which the help lists it. */
const groups = {
  run: 'Run the mall:',
  use: 'Use it:',
  look: 'Look inside:',
  prove: 'Prove and measure:',
  help: 'Find your way:',
} as const;

/** Every verb, in the order in which people meet them. */
export const verbs: readonly VerbEntry[] = [
  {
    name: 'up',
    group: groups.run,
    summary: 'start the mall',
    load: async () => (await import('./verbs/up.ts')).upCommand(),
  },
  {
    name: 'down',
    group: groups.run,
    summary: 'stop the mall',
    load: async () => (await import('./verbs/down.ts')).downCommand(),
  },
  {
    name: 'ps',
    group: groups.run,
    summary: 'list the malls of this project',
    load: async () => (await import('./verbs/ps.ts')).psCommand(),
  },
  {
    name: 'wait',
    group: groups.run,
    summary: 'wait until the mall is ready',
    load: async () => (await import('./verbs/wait.ts')).waitCommand(),
  },
  {
    name: 'logs',
    group: groups.run,
    summary: "show the mall's log",
    load: async () => (await import('./verbs/logs.ts')).logsCommand(),
  },
  {
    name: 'busywork',
    group: groups.use,
    summary: 'send shoppers through the mall',
    jsonFile: true,
    load: async () => (await import('./verbs/busywork.ts')).busyworkCommand(),
  },
  {
    name: 'dlq',
    group: groups.look,
    summary: 'dead letters: read, mend, try again, drop',
    load: async () => (await import('./verbs/dlq.ts')).dlqCommand(),
  },
  {
    name: 'saga',
    group: groups.look,
    summary: 'sagas: how orders come to their end, and what holds them up',
    load: async () => (await import('./verbs/saga.ts')).sagaCommand(),
  },
  {
    name: 'trace',
    group: groups.look,
    summary: "an order's way through requests, messages and contexts",
    load: async () => (await import('./verbs/trace.ts')).traceCommand(),
  },
  {
    name: 'events',
    group: groups.look,
    summary: 'stored events, and states as they were',
    load: async () => (await import('./verbs/events.ts')).eventsCommand(),
  },
  {
    name: 'audit',
    group: groups.prove,
    summary: 'prove that nothing is lost, doubled or out of balance',
    load: async () => (await import('./verbs/audit.ts')).auditCommand(),
  },
  {
    name: 'bench',
    group: groups.prove,
    summary: 'measure how fast it is on this machine',
    load: async () => (await import('./verbs/bench.ts')).benchCommand(),
  },
  {
    name: 'chaos',
    group: groups.prove,
    summary: 'break a mall of its own and see whether it keeps its promises',
    load: async () => (await import('./verbs/chaos.ts')).chaosCommand(),
  },
  {
    name: 'test',
    group: groups.prove,
    summary: 'run the tests',
    load: async () => (await import('./verbs/test.ts')).testCommand(),
  },
  {
    name: 'pacts',
    group: groups.prove,
    summary: 'contracts: list, publish, verify, ask whether a version can be deployed',
    load: async () => (await import('./verbs/pacts.ts')).pactsCommand(),
  },
  {
    name: 'serve',
    group: groups.run,
    summary: 'run one process of a mall: some contexts, or the gateway',
    load: async () => (await import('./verbs/serve.ts')).serveCommand(),
  },
  {
    name: 'open',
    group: groups.use,
    summary: 'open the pages of the mall, or name them',
    load: async () => (await import('./verbs/open.ts')).openCommand(),
  },
  {
    name: 'token',
    group: groups.use,
    summary: 'print a token for a mall that asks for one',
    load: async () => (await import('./verbs/token.ts')).tokenCommand(),
  },
  {
    name: 'doctor',
    group: groups.help,
    summary: 'whether this machine can run a mall, and what to mend',
    load: async () => (await import('./verbs/doctor.ts')).doctorCommand(),
  },
  {
    name: 'config',
    group: groups.help,
    summary: 'show each setting and where it comes from',
    load: async () => (await import('./verbs/config.ts')).configCommand(),
  },
  {
    name: 'completion',
    group: groups.help,
    summary: 'complete the command line in bash, zsh or fish',
    load: async () => (await import('./verbs/completion.ts')).completionCommand(loadVerbs),
  },
];

/** All verbs with what they take: for those who write about them. */
function loadVerbs(): Promise<Command[]> {
  return Promise.all(verbs.map(async ({ load, summary }) => (await load()).summary(summary)));
}

/** Whether a program reads the answer to these arguments, also where they are not valid. */
export function asksForJson(args: readonly string[]): boolean {
  const end = args.indexOf('--');
  const flags = end === -1 ? args : args.slice(0, end);
  const at = flags.indexOf('--json');
  if (at === -1) return false;
  const mayBeFile = verbs.some(({ name, jsonFile }) => jsonFile && name === wantedVerb(args));
  const file = flags[at + 1]?.startsWith('-') === false;
  return !(mayBeFile && file);
}

/**
 * Parses the arguments and runs the verb they name.
 * @throws CliError (2) for what cannot be parsed, and whatever the verb throws
 */
export async function runProgram(args: readonly string[]): Promise<void> {
  const program = await buildProgram(args);
  try {
    await program.parseAsync(args.length === 0 ? ['--help'] : [...args], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode !== 0)
      throw usageError(error, {
        wanted: wantedCommand(program, args),
        args,
        verbs: verbs.map(({ name }) => name),
      });
  }
}

async function buildProgram(args: readonly string[]): Promise<Command> {
  const program = new Command('mall')
    .description('An event-driven shopping mall that starts anywhere, and the tools to put it to the test.')
    .version(packageJson.version, '-v, --version', 'the version')
    .addHelpText('after', `\n${examples()}\n\nMore on a verb: ${typed('mall <verb> --help')}`);
  const wanted = wantedVerb(args);
  program.addHelpCommand(
    new Command('help').argument('[verb]').summary('more on a verb').helpGroup(groups.help),
  );
  // Groups come in the order of their first verb.
  for (const group of Object.values(groups)) {
    for (const { name, summary, load } of verbs.filter((each) => each.group === group)) {
      const command = name === wanted ? await load() : new Command(name);
      program.addCommand(command.summary(summary).helpGroup(group));
    }
  }
  for (const command of withNested(program)) {
    command
      .exitOverride()
      .configureHelp({ helpWidth: Math.min(process.stdout.columns ?? 100, 110), minWidthToWrap: 24 })
      .configureOutput({ writeErr: () => undefined });
  }
  return program;
}

function examples(): string {
  const lines = [
    ['mall up', 'start it here; Ctrl-C stops it'],
    ['mall busywork --clients=10', 'in a second terminal: shoppers, and how the mall did'],
    ['mall audit --wait 30s', 'prove that nothing was lost, doubled or out of balance'],
  ] as const;
  return ['Examples:', ...lines.map(([line, effect]) => `  ${typed(line).padEnd(32)}${effect}`)].join('\n');
}

/** A command with all commands below it: what commander sets on one holds for that one only. */
function withNested(command: Command): readonly Command[] {
  return [command, ...command.commands.flatMap(withNested)];
}

/** The verb that was typed: `mall up`, `mall help up`. */
function wantedVerb(args: readonly string[]): string | undefined {
  const words = args.filter((arg) => !arg.startsWith('-'));
  return words[0] === 'help' ? words[1] : words[0];
}

/** What was typed as far as it is a command of ours: ` up`, ` dlq ls`, or nothing. */
function wantedCommand(program: Command, args: readonly string[]): string {
  let [command, path]: [Command | undefined, string] = [program, ''];
  for (const word of args) {
    command = command.commands.find((each) => each.name() === word);
    if (command === undefined) break;
    path += ` ${word}`;
  }
  return path;
}
