import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { CliError } from '../cli-error.ts';
import { exitCodes } from '../exit-codes.ts';
import type { CrashRow } from './crash-run.ts';
import type { Mode } from './mall-process.ts';
import type { OutageRow } from './outage-run.ts';
import { type ChaosRows, resumableShape } from './report.ts';

/** What an earlier run has found. */
export interface Earlier {
  readonly points: readonly CrashRow[];
  readonly faults: readonly OutageRow[];
  readonly seed: number | undefined;
  readonly tookMs: number;
}

export const noneEarlier: Earlier = { points: [], faults: [], seed: undefined, tookMs: 0 };

/** Reads the report of a run that was cut off. @throws CliError (2) when it is none, or one of something else */
export function readEarlier(
  path: string,
  wanted: { readonly kind: ChaosRows['kind']; readonly mode: Mode },
): Earlier {
  const report = read(path);
  for (const [what, has, asked] of [
    ['kind', report.kind, wanted.kind],
    ['mode', report.mode, wanted.mode],
  ] as const) {
    if (has === asked) continue;
    throw new CliError(`${path} cannot be taken up: its ${what} is ${has}, and ${asked} is asked for.`, {
      exitCode: exitCodes.usage,
      next: 'give the flags that its run was started with',
    });
  }
  const { seed, tookMs } = report;
  return report.kind === 'points'
    ? { points: report.rows, faults: [], seed, tookMs }
    : { points: [], faults: report.rows, seed, tookMs };
}

function read(path: string) {
  try {
    return resumableShape.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (error) {
    throw new CliError(`${path} is no report of \`mall chaos\` that can be taken up.`, {
      exitCode: exitCodes.usage,
      cause: error instanceof z.ZodError ? z.prettifyError(error) : error,
      next: 'name the file that --save, or reports/chaos, has of a run with --points or --faults',
    });
  }
}
