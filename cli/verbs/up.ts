import type { Command } from 'commander';
import { mallFolders } from '../malls/folders.ts';
import { parentAudience, terminalAudience } from '../running/audience.ts';
import { detachedVariable, detachMall } from '../running/detach.ts';
import { runMall } from '../running/run-mall.ts';
import { currentHome, loadSettings } from '../settings/index.ts';
import { exitCodeOf } from '../terminal/error-report.ts';
import { onInterruption } from '../terminal/interruption.ts';
import { outputOf, verb } from './verb.ts';

/** `mall up`: starts a mall and keeps it until it is told to stop, or leaves it running with `--detach`. */
export function upCommand(): Command {
  return verb({
    name: 'up',
    description:
      'Starts the mall and keeps it running until Ctrl-C, which stops everything in order. Its data stays for the ' +
      'next start. Exit code: 0 stopped in order, 4 it runs already or something is in the way, 5 not ready in ' +
      'time, 130 interrupted before it was ready.',
    settings: ['name', 'infra', 'mode', 'port', 'grpcPort', 'host', 'fast', 'strict', 'extras', 'tracing'],
    examples: [
      ['mall up', 'start here, stop with Ctrl-C'],
      ['mall up --detach', 'return once it is ready; stop with mall down'],
      ['mall up --name second --detach', 'another one beside it, on ports of its own'],
      ['mall up --port 8090 --grpc-port 9090', 'other ports'],
      ['mall up --infra docker', 'Postgres and NATS in containers'],
      ['mall up --infra external', 'on the servers of MALL_POSTGRES_URL and MALL_NATS_URL'],
    ],
  })
    .option('-d, --detach', 'return when it is ready and leave it running')
    .action(async (flags: Readonly<Record<string, unknown>>) => {
      process.exitCode = await up(flags).catch((error: unknown) => {
        if (!reporting()) throw error;
        // Whoever waits for it tells the reader; what would be printed here would go to the mall's log.
        return exitCodeOf(error);
      });
    });
}

/** Whether this process was detached by one that waits for what it says. */
function reporting(): boolean {
  return process.env[detachedVariable] !== undefined && process.connected;
}

async function up(flags: Readonly<Record<string, unknown>>): Promise<number> {
  const { settings } = await loadSettings(flags);
  const folders = mallFolders(currentHome(), settings.name);
  const interruption = onInterruption();
  const detached = flags.detach === true;
  const isDetached = reporting();
  const audience = isDetached
    ? parentAudience()
    : terminalAudience({ output: outputOf(flags), log: folders.log, detached });
  // One that was detached does not detach another, however the flag was typed, as in `-dq`.
  if (!detached || isDetached) return runMall({ settings, folders, audience, interruption });
  return detachMall({ folders, args: process.argv.slice(2), audience, interruption });
}
