import { Argument, Command } from 'commander';
import { completionScript, type Shell, shells } from '../completion/scripts.ts';
import { completionNodes } from '../completion/words.ts';
import { verb } from './verb.ts';

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
      process.stdout.write(completionScript(shell, completionNodes(program)));
    });
}
