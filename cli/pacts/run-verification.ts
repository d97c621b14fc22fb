import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { entrustProcess } from '../../containers/embedded/index.ts';
import { CliError } from '../cli-error.ts';
import { exitCodes } from '../exit-codes.ts';
import {
  type VerificationOrder,
  type VerifiedInteraction,
  verifiedInteraction,
} from './verified-interaction.ts';

const ownProgram = fileURLToPath(new URL('../../pacts/verify.ts', import.meta.url));
const lastLogLines = 12;

/** How a context fared: what it was asked, or why it could not be. */
export type VerificationOutcome =
  | { readonly context: string; readonly interactions: readonly VerifiedInteraction[] }
  | { readonly context: string; readonly broken: string };

export interface VerificationRun {
  /** How many contexts are verified at a time, each in a process of its own. */
  readonly parallel: number;
  /** Of the processes: where Postgres and NATS are, and a broker's secrets. */
  readonly environment: NodeJS.ProcessEnv;
  /** Ends the processes. */
  readonly signal: AbortSignal;
  /** The program that verifies, of another tree than this. */
  readonly program?: string;
  readonly onContext?: (outcome: VerificationOutcome) => void;
}

/** @throws CliError (4) where there are no providers to verify: contexts are verified in their checkout */
function mustBeCheckout(): void {
  if (existsSync(ownProgram)) return;
  throw new CliError('The contexts can be verified in a checkout of the mall only.', {
    exitCode: exitCodes.environment,
    next: 'run it in a clone, after `npm ci`',
  });
}

/** Has contexts verified, some at a time, in the order of the orders. @throws CliError (4) */
export async function runVerification(
  orders: readonly VerificationOrder[],
  run: VerificationRun,
): Promise<readonly VerificationOutcome[]> {
  mustBeCheckout();
  const outcomes: VerificationOutcome[] = [];
  const waiting = orders.entries();
  const worker = async () => {
    for (const [index, order] of waiting) {
      if (run.signal.aborted) return;
      const outcome = await verifyContext(order, run);
      outcomes[index] = outcome;
      run.onContext?.(outcome);
    }
  };
  await Promise.all(Array.from({ length: Math.min(run.parallel, orders.length) }, worker));
  return outcomes.filter((outcome) => outcome !== undefined);
}

async function verifyContext(order: VerificationOrder, run: VerificationRun): Promise<VerificationOutcome> {
  const { context } = order;
  const folder = mkdtempSync(join(tmpdir(), 'mall-verify-'));
  const orderFile = join(folder, 'order.json');
  const resultsFile = join(folder, 'results.json');
  const logFile = join(folder, 'log');
  try {
    writeFileSync(orderFile, JSON.stringify(order));
    const end = await runProgram([orderFile, resultsFile], logFile, run);
    if (existsSync(resultsFile)) {
      const results: unknown = JSON.parse(readFileSync(resultsFile, 'utf8'));
      return { context, interactions: z.array(verifiedInteraction).parse(results) };
    }
    const lines = readFileSync(logFile, 'utf8').trimEnd().split('\n').slice(-lastLogLines);
    return { context, broken: `its verification ended with ${end}:\n${lines.join('\n')}` };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @returns how it ended, for people */
function runProgram(args: readonly string[], logFile: string, run: VerificationRun): Promise<string> {
  const log = openSync(logFile, 'w');
  const child = spawn(process.execPath, [run.program ?? ownProgram, ...args], {
    stdio: ['ignore', log, log],
    env: { ...process.env, ...run.environment },
  });
  closeSync(log);
  const entrusted = entrustProcess(child.pid, { group: false });
  const end = () => child.kill('SIGTERM');
  run.signal.addEventListener('abort', end, { once: true });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      entrusted.release();
      run.signal.removeEventListener('abort', end);
      resolve(signal ?? `code ${code ?? 1}`);
    });
  });
}
