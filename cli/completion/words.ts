import type { Command, Option } from 'commander';

/** What can be typed after some words: verbs, options, and words from a known list. */
export interface CompletionNode {
  /** The words before, `mall saga ls` as `saga ls`. */
  readonly path: string;
  readonly verbs: readonly { readonly name: string; readonly is: string }[];
  readonly options: readonly CompletionOption[];
  /** Words an argument may be. */
  readonly choices: readonly string[];
}

export interface CompletionOption {
  /** `--detach`, `-d`. */
  readonly names: readonly string[];
  readonly is: string;
  readonly takesValue: boolean;
  readonly choices: readonly string[];
}

/** Words that the command line takes and commander does not know of, since others judge them. */
export interface KnownWords {
  /** By the name of an option, such as `grpcPort`. */
  readonly option: (name: string) => readonly string[];
  /** By the path of a command. */
  readonly argument: (path: string) => readonly string[];
}

/** Every command below a program, itself first, with what may follow it. */
export function completionNodes(command: Command, known: KnownWords, path = ''): CompletionNode[] {
  const children = command.commands.filter((each) => each.name() !== 'help');
  const node: CompletionNode = {
    path,
    verbs: children.map((each) => ({
      name: each.name(),
      is: firstSentence(each.summary() || each.description()),
    })),
    options: [
      ...command.options.map((option) => optionOf(option, known)),
      { names: ['--help', '-h'], is: 'help', takesValue: false, choices: [] },
    ],
    choices: [
      ...known.argument(path),
      ...command.registeredArguments.flatMap((argument) => [...(argument.argChoices ?? [])]),
    ],
  };
  const below = children.flatMap((each) => completionNodes(each, known, `${path} ${each.name()}`.trim()));
  return [node, ...below];
}

function optionOf(option: Option, known: KnownWords): CompletionOption {
  const names = [option.long, option.short].filter((name) => name !== undefined && name !== null);
  return {
    names,
    is: firstSentence(option.description),
    takesValue: option.required || option.optional,
    choices: [...(option.argChoices ?? known.option(option.attributeName()))],
  };
}

function firstSentence(text: string): string {
  return (/^.*?(?=[.;:(]|$)/.exec(text)?.[0] ?? text).replaceAll(/["'`$\\[\]]/g, '').trim();
}
