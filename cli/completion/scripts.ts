import type { CompletionNode } from './words.ts';

/** Shells a completion is written for. */
export const shells = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof shells)[number];

/** The script that teaches a shell to complete `mall`. */
export function completionScript(shell: Shell, nodes: readonly CompletionNode[]): string {
  return { bash, zsh, fish }[shell](nodes);
}

/** Options that are followed by a value, so that the value is not taken for a verb. */
function valueOptions(nodes: readonly CompletionNode[]): string[] {
  const names = nodes.flatMap(({ options }) => options.filter(({ takesValue }) => takesValue));
  return [...new Set(names.flatMap((option) => option.names))].sort();
}

/** What is known of the value after an option, as branches of a `case` on the path and the option. */
function knownValues(nodes: readonly CompletionNode[]): string {
  const branches = nodes.flatMap(({ path, options }) =>
    options
      .filter(({ choices }) => choices.length > 0)
      .map(
        ({ names, choices }) =>
          `    ${names.map((name) => `'${path} ${name}'`).join('|')}) known='${choices.join(' ')}' ;;`,
      ),
  );
  return branches.join('\n');
}

/** A function that says which verbs follow a path: other words, such as ids, do not lead further. */
function verbsFunction(nodes: readonly CompletionNode[]): string {
  const branches = nodes
    .filter(({ verbs }) => verbs.length > 0)
    .map(({ path, verbs }) => `    '${path}') echo '${verbs.map(({ name }) => name).join(' ')}' ;;`);
  return `_mall_verbs() {
  case $1 in
${branches.join('\n')}
  esac
}`;
}

function bash(nodes: readonly CompletionNode[]): string {
  const cases = nodes.map(({ path, verbs, options, choices }) => {
    const words = [...verbs.map(({ name }) => name), ...choices];
    return `    '${path}') verbs='${words.join(' ')}'; options='${options.flatMap(({ names }) => names).join(' ')}' ;;`;
  });
  return `# bash completion for mall; eval "$(mall completion bash)"
_mall() {
  local current=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD-1]}
  local path='' verbs='' options='' known='' word skip='' i
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=\${COMP_WORDS[i]}
    if [[ -n $skip ]]; then skip=''; continue; fi
    case $word in
      ${valueOptions(nodes).join('|')}) skip=yes ;;
      -*) ;;
      *) case " $(_mall_verbs "$path") " in *" $word "*) path="\${path:+$path }$word" ;; esac ;;
    esac
  done
  case "$path $before" in
${knownValues(nodes)}
    *) ;;
  esac
  case $path in
${cases.join('\n')}
  esac
  if [[ -n $known ]]; then COMPREPLY=($(compgen -W "$known" -- "$current"))
  elif [[ -n $skip ]]; then COMPREPLY=($(compgen -f -- "$current"))
  elif [[ $current == -* ]]; then COMPREPLY=($(compgen -W "$options" -- "$current"))
  else COMPREPLY=($(compgen -W "$verbs" -- "$current")); fi
}
${verbsFunction(nodes)}
complete -F _mall mall
`;
}

function zsh(nodes: readonly CompletionNode[]): string {
  const cases = nodes.map(({ path, verbs, options, choices }) => {
    const words = [
      ...verbs.map(({ name, is }) => `'${name}:${is}'`),
      ...choices.map((choice) => `'${choice}'`),
    ];
    const flags = options.flatMap(({ names, is }) => names.map((name) => `'${name}:${is}'`));
    return `    '${path}') verbs=(${words.join(' ')}); options=(${flags.join(' ')}) ;;`;
  });
  return `#compdef mall
# zsh completion for mall; eval "$(mall completion zsh)", after compinit
_mall() {
  local -a verbs options
  local where='' word skip='' known=''
  for word in \${words[2,CURRENT-1]}; do
    if [[ -n $skip ]]; then skip=''; continue; fi
    case $word in
      ${valueOptions(nodes).join('|')}) skip=yes ;;
      -*) ;;
      *) [[ " $(_mall_verbs "$where") " == *" $word "* ]] && where="\${where:+$where }$word" ;;
    esac
  done
  case "$where $words[CURRENT-1]" in
${knownValues(nodes)}
  esac
  case $where in
${cases.join('\n')}
  esac
  if [[ -n $known ]]; then compadd -- \${=known}
  elif [[ -n $skip ]]; then _files
  elif [[ $words[CURRENT] == -* ]]; then _describe option options
  else _describe verb verbs; fi
}
${verbsFunction(nodes)}
compdef _mall mall
`;
}

function fish(nodes: readonly CompletionNode[]): string {
  const lines = nodes.flatMap(({ path, verbs, options, choices }) => {
    const condition =
      path === ''
        ? '__fish_use_subcommand'
        : path
            .split(' ')
            .map((word) => `__fish_seen_subcommand_from ${word}`)
            .join('; and ');
    const at = `complete -c mall -n '${condition}'`;
    return [
      ...verbs.map(({ name, is }) => `${at} -f -a ${name} -d '${is}'`),
      ...choices.map((choice) => `${at} -f -a ${choice}`),
      ...options.map(({ names, is, takesValue, choices: values }) => {
        const flags = names.map((name) =>
          name.startsWith('--') ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`,
        );
        const value = values.length > 0 ? ` -x -a '${values.join(' ')}'` : takesValue ? ' -r' : '';
        return `${at} ${flags.join(' ')}${value} -d '${is}'`;
      }),
    ];
  });
  return `# fish completion for mall; mall completion fish | source\ncomplete -c mall -f\n${lines.join('\n')}\n`;
}
