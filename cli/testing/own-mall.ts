import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { CliError } from '../cli-error.ts';
import { exitCodes } from '../exit-codes.ts';
import type { DatabaseLayout } from '../malls/context-databases.ts';
import { findMall, isRunning, phaseSaid } from '../malls/directory.ts';
import { currentHome } from '../settings/index.ts';

const launcher = fileURLToPath(new URL('../launcher/mall.mjs', import.meta.url));

/** Longer than any start or stop may take; a command that is still running then hangs. */
const commandWithinMs = 120_000;
/** Malls of other homes may take a port between the moment it is chosen and the moment it is used. */
const startTries = 3;

/** Where a mall that was started for tests is to be found. */
export interface OwnMall extends DatabaseLayout {
  readonly name: string;
  readonly rest: string;
  readonly grpc: string;
  readonly natsUrl: string;
  readonly natsStream: string;
}

export interface OwnMallOptions {
  readonly name: string;
  readonly infra: string;
  readonly mode: string;
  /** Settings it has besides: `MALL_STRICT`. */
  readonly settings?: Readonly<Record<string, string>>;
}

/**
 * Starts a mall in a process of its own, as `mall up --detach` does, and answers where it is. One that ran before
 * under the name comes up again with its data.
 * @throws CliError with what the mall says when it does not start
 */
export async function startOwnMall({ name, infra, mode, settings = {} }: OwnMallOptions): Promise<OwnMall> {
  const args = ['up', '--detach', '--quiet', '--fast', '--name', name, '--infra', infra, '--mode', mode];
  for (let left = startTries - 1; ; left--) {
    try {
      await runMallCommand(args, settings);
      return ownMall(name);
    } catch (error) {
      if (left === 0 || !(error instanceof Error && /in use|EADDRINUSE/.test(error.message))) throw error;
    }
  }
}

/** As {@link startOwnMall}, but where another process is starting it already, its start is awaited. */
export async function startOrJoinOwnMall(options: OwnMallOptions): Promise<OwnMall> {
  const { phase } = findMall(currentHome(), options.name);
  if (phase === 'ready') return ownMall(options.name);
  try {
    return await startOwnMall(options);
  } catch (error) {
    if (findMall(currentHome(), options.name).pid === undefined) throw error;
    await runMallCommand(['wait', '--quiet', '--name', options.name], {});
    return ownMall(options.name);
  }
}

/** Where a running mall is. @throws CliError (4) when it does not run */
export function ownMall(name: string): OwnMall {
  const { state, phase } = findMall(currentHome(), name);
  if (phase !== 'ready' || state?.addresses === undefined) {
    const absent = phase === 'stopped' || phase === 'killed';
    throw new CliError(`The mall "${name}" ${phaseSaid(phase)}.`, {
      exitCode: exitCodes.environment,
      next: absent
        ? `\`mall up --detach --name ${name}\` starts it`
        : `\`mall logs --name ${name}\` shows why`,
    });
  }
  const { rest, grpc, postgres, nats } = state.addresses;
  const { databases, natsStream } = state;
  return { name, rest, grpc, postgresUrl: postgres, databases, natsUrl: nats, natsStream };
}

/** Ends a mall's process as a crash would, and answers once it is gone. */
export async function killOwnMall(name: string): Promise<void> {
  const mall = findMall(currentHome(), name);
  if (!isRunning(mall)) return;
  process.kill(mall.pid, 'SIGKILL');
  while (findMall(currentHome(), name).pid !== undefined) await new Promise((done) => setTimeout(done, 5));
}

/** Stops a mall in order; `purge` removes its data as well. */
export async function stopOwnMall(name: string, { purge }: { purge: boolean }): Promise<void> {
  await runMallCommand(['down', '--quiet', '--name', name, ...(purge ? ['--purge'] : [])], {});
}

/** Runs a command of ours to its end. @throws CliError with what it says when it fails */
export function runMallCommand(
  args: readonly string[],
  settings: Readonly<Record<string, string>>,
): Promise<void> {
  const child = spawn(process.execPath, [launcher, ...args], {
    env: { ...process.env, ...settings },
    stdio: ['ignore', 'ignore', 'pipe'],
    timeout: commandWithinMs,
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    // Not "close": a detached mall holds on to the pipe.
    child.once('exit', (code) => {
      child.stderr.destroy();
      if (code === 0) return resolve();
      reject(
        new CliError(`\`mall ${args.join(' ')}\` ended with exit code ${code ?? 'none'}: ${said.trim()}`, {
          exitCode: exitCodes.environment,
        }),
      );
    });
  });
}
