import { Command, Option } from 'commander';
import { type SettingName, settingsTable } from '../settings/table.ts';
import { typed } from '../terminal/command-name.ts';
import { Output } from '../terminal/output.ts';

interface VerbOptions {
  readonly name: string;
  readonly description: string;
  /** Settings that may be given as flags. */
  readonly settings?: readonly SettingName[];
  /** Whether the document may also go to a file, as `--json FILE`. */
  readonly jsonFile?: boolean;
  /** Command lines with what they do. */
  readonly examples: readonly (readonly [command: string, effect: string])[];
}

/** A verb with what all verbs have in common: output flags, settings as flags, examples below the help. */
export function verb(options: VerbOptions): Command {
  const command = new Command(options.name).description(options.description);
  for (const name of options.settings ?? []) {
    const { flag, help, otherwise, environment } = settingsTable[name];
    const fallback = otherwise === undefined ? '' : `; else ${otherwise}`;
    if (flag !== undefined) command.addOption(new Option(flag, `${help}${fallback} (${environment})`));
  }
  return command
    .option(
      options.jsonFile ? '--json [file]' : '--json',
      `the result as one JSON document${options.jsonFile ? ', on standard output or in a file' : ''}`,
    )
    .option('-q, --quiet', 'only results, warnings and errors')
    .option('--no-color', 'no colours; NO_COLOR works as well')
    .addHelpText('after', `\nExamples:\n${exampleLines(options.examples).join('\n')}`);
}

/** Beside each command what it does; below it where the terminal is too narrow for that. */
function exampleLines(examples: VerbOptions['examples']): string[] {
  const width = Math.max(...examples.map(([line]) => typed(line).length));
  const beside = examples.map(([line, effect]) => `  ${typed(line).padEnd(width)}  ${effect}`);
  const room = process.stdout.columns ?? Number.POSITIVE_INFINITY;
  if (beside.every(({ length }) => length <= room)) return beside;
  return examples.flatMap(([line, effect]) => [`  ${typed(line)}`, `      ${effect}`]);
}

/** A verb that is a noun with verbs of its own: `mall dlq ls`. */
export function verbGroup(group: {
  readonly name: string;
  readonly description: string;
  readonly verbs: readonly Command[];
}): Command {
  const command = new Command(group.name).description(group.description);
  for (const each of group.verbs) command.addCommand(each);
  return command.addHelpText('after', `\nMore on one: ${typed(`mall ${group.name} <verb> --help`)}`);
}

/** The output as the flags of a verb ask for it. */
export function outputOf(flags: Readonly<Record<string, unknown>>): Output {
  return new Output({ json: flags.json === true, quiet: flags.quiet === true, color: flags.color !== false });
}
