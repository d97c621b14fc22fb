import { Argument, Command } from 'commander';
import { completionScript, type Shell, shells } from '../completion/scripts.ts';
import { completionNodes, type KnownWords } from '../completion/words.ts';
import { choicesOf } from '../settings/table.ts';
import { verb } from './verb.ts';

/** Settings and the levels of tests are judged by tables of their own. */
async function knownWords(): Promise<KnownWords> {
  const { levels } = await import('../testing/levels.ts');
  const names = ['all', ...levels.map(({ name }) => name)];
  return { option: choicesOf, argument: (path) => (path === 'test' ? names : []) };
}

/** `mall completion`: a script by which a shell completes our command line. */
export function completionCommand(loadAll: () => Promise<readonly Command[]>): Command {
  return verb({
    name: 'completion',
    description: 'Prints what teaches a shell to complete `mall`: verbs, options and the values they know.',
    examples: [
      ['eval "$(mall completion bash)"', 'in ~/.bashrc'],
      ['eval "$(mall completion zsh)"', 'in ~/.zshrc, after compinit'],
      ['mall completion fish | source', 'in ~/.config/fish/config.fish'],
    ],
  })
    .addArgument(new Argument('<shell>', 'your shell').choices(shells))
    .action(async (shell: Shell) => {
      const program = new Command('mall').version('', '-v, --version', 'the version');
      for (const each of await loadAll()) program.addCommand(each);
      process.stdout.write(completionScript(shell, completionNodes(program, await knownWords())));
    });
}
