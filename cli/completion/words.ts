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

/** Every command below a program, itself first, with what may follow it. */
export function completionNodes(command: Command, path = ''): CompletionNode[] {
  const children = command.commands.filter((each) => each.name() !== 'help');
  const node: CompletionNode = {
    path,
    verbs: children.map((each) => ({
      name: each.name(),
      is: firstSentence(each.summary() || each.description()),
    })),
    options: [
      ...command.options.map(optionOf),
      { names: ['--help', '-h'], is: 'help', takesValue: false, choices: [] },
    ],
    choices: command.registeredArguments.flatMap((argument) => [...(argument.argChoices ?? [])]),
  };
  const below = children.flatMap((each) => completionNodes(each, `${path} ${each.name()}`.trim()));
  return [node, ...below];
}

function optionOf(option: Option): CompletionOption {
  const names = [option.long, option.short].filter((name) => name !== undefined && name !== null);
  return {
    names,
    is: firstSentence(option.description),
    takesValue: option.required || option.optional,
    choices: [...(option.argChoices ?? [])],
  };
}

function firstSentence(text: string): string {
  return (/^.*?(?=[.;:(]|$)/.exec(text)?.[0] ?? text).replaceAll(/["'`$\\[\]]/g, '').trim();
}
