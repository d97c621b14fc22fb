import type { CommanderError } from 'commander';
import { CliError } from './cli-error.ts';
import { exitCodes } from './exit-codes.ts';
import { nearest } from './terminal/nearest.ts';

/** What was typed. */
interface Typed {
  /** As far as it is a command of ours: ` up`, ` dlq ls`, or nothing. */
  readonly wanted: string;
  readonly args: readonly string[];
  /** What could have been meant by the first word. */
  readonly verbs: readonly string[];
}

/** Commander's complaint as an error of ours: `error: unknown option '--pot'\n(Did you mean --port?)`. */
export function usageError(error: CommanderError, { wanted, args, verbs }: Typed): CliError {
  const help = `\`mall${wanted} --help\` shows what there is`;
  const [first, unknown] = args;
  if (error.code === 'commander.help' && first === 'help' && unknown !== undefined) {
    const near = nearest(unknown, verbs);
    return new CliError(`Unknown command '${unknown}'.`, {
      exitCode: exitCodes.usage,
      next: near === undefined ? help : `did you mean ${near}? ${help}`,
    });
  }
  if (error.code === 'commander.help') {
    return new CliError(`\`mall${wanted}\` is not all of a command.`, {
      exitCode: exitCodes.usage,
      next: help,
    });
  }
  const [complaint = '', suggestion] = error.message.split('\n');
  const sentence = reworded(complaint.replace(/^error: /, '').replace(/\.?$/, '.'));
  const meant = suggestion?.match(/Did you mean (?:one of )?(.*)\?\)/)?.[1] ?? nearestChoice(complaint);
  return new CliError(`${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}`, {
    exitCode: exitCodes.usage,
    next: meant === undefined ? help : `did you mean ${meant}? ${help}`,
  });
}

/** Commander's words for what we say otherwise, the first that fits; all others stand as they are. */
const words: readonly (readonly [theirs: RegExp, ours: string])[] = [
  [
    /^option '(?:-\w, )?(--[\w-]+)[^']*' argument '(.*)' is invalid\. Allowed choices are (.*)\.$/,
    '$1 cannot be "$2": it must be one of $3.',
  ],
  [
    /^command-argument value '(.*)' is invalid for argument '(.*)'\. Allowed choices are (.*)\.$/,
    '"$1" is no $2: there are $3.',
  ],
  [/^required option '(?:-\w, )?(--[\w-]+)[^']*' not specified\.$/, '$1 is missing.'],
  [/^option '(?:-\w, )?(--[\w-]+)[^']*' argument missing\.$/, '$1 needs a value.'],
  [
    /^option '(?:-\w, )?(--[\w-]+)[^']*' cannot be used with option '(?:-\w, )?(--[\w-]+)[^']*'\.$/,
    '$1 and $2 exclude each other.',
  ],
  [/^missing required argument '(.*)'\.$/, 'the argument <$1> is missing.'],
];

function reworded(sentence: string): string {
  const [theirs, ours] = words.find(([pattern]) => pattern.test(sentence)) ?? [/$/, ''];
  return sentence.replace(theirs, ours);
}

/** Of a complaint such as `value 'bascets' is invalid … Allowed choices are mall, baskets.` the choice that was meant. */
function nearestChoice(complaint: string): string | undefined {
  const [, value, choices] = /'([^']*)' is invalid.*Allowed choices are (.*)\.$/.exec(complaint) ?? [];
  return value === undefined || choices === undefined ? undefined : nearest(value, choices.split(', '));
}
