import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { stripVTControlCharacters } from 'node:util';
import { CliError } from '../cli-error.ts';
import { exitCodes } from '../exit-codes.ts';
import { type BrokerAccess, brokerEnvironment } from './broker.ts';

/** The broker's client retries by itself; a command that takes longer hangs. */
const longestCommandMs = 60_000;
const retries = 2;

export interface PactCliResult {
  readonly code: number;
  /** Of standard output, where it answers, and of standard error: it tells failures on either. */
  readonly said: string;
}

/** Runs `pact broker …`, the broker's own client. Secrets travel in its environment. @throws CliError (4) */
export async function pactCli(access: BrokerAccess, args: readonly string[]): Promise<PactCliResult> {
  const child = spawn(pactBinary(), ['broker', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...brokerEnvironment(access), PACT_BROKER_HTTP_RETRIES: String(retries) },
    signal: AbortSignal.timeout(longestCommandMs),
    killSignal: 'SIGKILL',
  });
  const end = new Promise<number>((resolve, reject) => {
    child.once('error', (error) => reject(error.name === 'AbortError' ? tooLong(access) : error));
    child.once('close', (code) => resolve(code ?? 1));
  });
  const [code, stdout, stderr] = await Promise.all([end, text(child.stdout), text(child.stderr)]);
  return { code, said: stripVTControlCharacters(`${stdout}${stderr}`).trim() };
}

function tooLong({ url }: BrokerAccess): CliError {
  return new CliError(`The broker at ${url} was not done within ${longestCommandMs / 1000} s.`, {
    exitCode: exitCodes.environment,
    next: "look at the broker's log, and try again",
  });
}

/** The client that npm has installed for this platform, with ours or in the current project. */
function pactBinary(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@pact-foundation/pact-cli-${platform}-${process.arch}`;
  for (const from of [import.meta.url, join(process.cwd(), 'package.json')]) {
    try {
      const folder = dirname(createRequire(from).resolve(`${name}/package.json`));
      const binary = join(folder, 'standalone', platform === 'windows' ? 'pact.exe' : 'pact');
      if (existsSync(binary)) return binary;
    } catch {
      // Not installed there.
    }
  }
  throw new CliError("The broker's client is not installed.", {
    exitCode: exitCodes.environment,
    next: '`npm install --save-dev @pact-foundation/pact-cli`',
  });
}
