/** How the reader has to type `mall` here: people who came through npx have no `mall` on their PATH. */
export function commandName(environment: NodeJS.ProcessEnv = process.env): string {
  return environment.npm_command === 'exec' ? 'npx mall' : 'mall';
}

/** A command of ours as the reader has to type it. */
export function typed(command: string): string {
  return command.replace(/^mall\b/, commandName());
}

/** Writes the commands of ours that stand in backticks as the reader has to type them. */
export function withTypedCommands(text: string): string {
  return text.replaceAll(/`(mall\b[^`]*)`/g, (_, command: string) => `\`${typed(command)}\``);
}
