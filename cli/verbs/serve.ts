import type { Command } from 'commander';
import { type ContextName, contextNames } from '../../proto/contexts.ts';
import { CliError } from '../cli-error.ts';
import { exitCodes } from '../exit-codes.ts';
import type { Served } from '../running/serve.ts';
import { loadSettings } from '../settings/index.ts';
import { onInterruption } from '../terminal/interruption.ts';
import { nearest } from '../terminal/nearest.ts';
import { verb } from './verb.ts';

/** `mall serve`: what one process of a mall runs, or one container. */
export function serveCommand(): Command {
  return verb({
    name: 'serve',
    description:
      'Serves one context or several, or the gateway before all of them, on servers that run already: what each ' +
      'process of `mall up --mode microservices` runs, and each container. It has gRPC, health and metrics, logs ' +
      'to standard output, and stops in order on SIGTERM. A role of MALL_POSTGRES_URL that may not make schemas ' +
      'waits for them: `--migrate` makes them, as the role of MALL_MIGRATION_URL, and ends. Both addresses may ' +
      'hold {context}; MALL_SERVICES says where other contexts are.',
    settings: ['port', 'grpcPort', 'host', 'strict', 'tracing'],
    examples: [
      ['mall serve --context stores', 'one context, on ports 8080 and 9000'],
      ['mall serve --context baskets,stores,customers', 'three of them in one process'],
      ['mall serve --context all --migrate', 'brings all schemas up to date, before those that serve start'],
      ['mall serve --context gateway', 'the doors of a mall whose contexts run elsewhere'],
    ],
  })
    .requiredOption('-c, --context <names>', 'contexts with commas between, all, or gateway')
    .option('--migrate', 'serves nothing: brings their schemas up to date and ends')
    .action(async (flags: Readonly<Record<string, unknown>>) => {
      const served = readServed(String(flags.context));
      if (flags.migrate === true) {
        if (served === 'gateway') throw noSchema();
        const [{ settings }, { migrateContexts }] = await Promise.all([
          loadSettings(flags),
          import('../running/migrate.ts'),
        ]);
        process.exitCode = await migrateContexts({ contexts: served, settings });
        return;
      }
      const interruption = onInterruption();
      const [{ settings }, { serve }] = await Promise.all([
        loadSettings(flags),
        import('../running/serve.ts'),
      ]);
      process.exitCode = await serve({ served, settings, interruption });
    });
}

function readServed(text: string): Served {
  const words = text.split(',').map((name) => name.trim());
  if (words.length === 1 && words[0] === 'gateway') return 'gateway';
  if (words.length === 1 && words[0] === 'all') return contextNames;
  const unknown = words.find((word) => !contextNames.some((name) => name === word));
  if (unknown === undefined) {
    const wanted = new Set<string>(words);
    return contextNames.filter((name: ContextName) => wanted.has(name));
  }
  const meant = nearest(unknown, [...contextNames, 'all', 'gateway']);
  const alone = unknown === 'gateway' ? ': the gateway runs alone' : '';
  throw new CliError(`--context cannot be "${text}": "${unknown}" is no context${alone}.`, {
    exitCode: exitCodes.usage,
    next: meant === undefined || alone ? `choose of ${contextNames.join(', ')}` : `did you mean ${meant}?`,
  });
}

function noSchema(): CliError {
  return new CliError('--migrate has nothing to do for the gateway, which has no schema.', {
    exitCode: exitCodes.usage,
    next: '`mall serve --context all --migrate` brings those of all contexts up to date',
  });
}
