import type { Command } from 'commander';
import { CliError } from '../cli-error.ts';
import { exitCodes } from '../exit-codes.ts';
import { mallNames } from '../malls/folders.ts';
import { type StoppedMall, stopMall } from '../malls/stop-mall.ts';
import { currentHome, loadSettings } from '../settings/index.ts';
import { Narrator } from '../terminal/narrator.ts';
import { outputOf, verb } from './verb.ts';

/** `mall down`: stops malls from outside and, when asked to, removes their data. */
export function downCommand(): Command {
  return verb({
    name: 'down',
    description:
      'Stops a mall in order, wherever it was started, and cleans up after one that was killed. Its data stays, ' +
      'unless --purge is given. Nothing to stop is no error.',
    settings: ['name'],
    examples: [
      ['mall down', 'stop the mall, keep its data'],
      ['mall down --purge', 'stop it and remove its data, also when it does not run'],
      ['mall down --all', 'stop every mall of this project'],
    ],
  })
    .option('-a, --all', 'every mall of this project')
    .option('--purge', 'remove the data as well')
    .action(down);
}

async function down(flags: Readonly<Record<string, unknown>>): Promise<void> {
  const output = outputOf(flags);
  if (flags.all === true && flags.name !== undefined) {
    throw new CliError('--all stops every mall, --name one of them.', {
      exitCode: exitCodes.usage,
      next: 'give one of the two',
    });
  }
  const { settings } = await loadSettings(flags);
  const home = currentHome();
  const names = flags.all === true ? mallNames(home) : [settings.name];
  const narrator = new Narrator(output);
  const stopped: StoppedMall[] = [];
  for (const name of names) {
    stopped.push(
      await stopMall({ home, name, purge: flags.purge === true, onStep: (text) => narrator.step(text) }),
    );
    narrator.done();
  }
  if (output.json) return output.document('mall.down/1', { malls: stopped });
  if (stopped.length === 0) output.result('There is no mall here.');
  for (const mall of stopped) {
    output.result(sentence(mall));
    for (const note of mall.notes) output.say(`  ${note}`);
  }
}

function sentence({ name, was, purged }: StoppedMall): string {
  const done = {
    running: `The mall "${name}" has stopped`,
    killed: `The mall "${name}" had been killed; nothing of it runs any more`,
    stopped: `The mall "${name}" was not running`,
  };
  return `${done[was]}${purged ? ', and its data is removed' : ''}.`;
}
