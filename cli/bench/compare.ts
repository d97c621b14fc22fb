import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { CliError } from '../cli-error.ts';
import { exitCodes } from '../exit-codes.ts';
import { type BenchReport, reportShape, timesBetter } from './report.ts';

/** A figure beside the same one of an earlier report. */
export interface Comparison {
  readonly id: string;
  readonly before: number;
  /** Times better than before; below 1 it is worse. */
  readonly ratio: number;
  /** Worse by more than is allowed. */
  readonly worse: boolean;
}

/** Reads an earlier report. @throws CliError (2) when the file is none */
export function readReport(path: string): BenchReport {
  try {
    return reportShape.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (error) {
    throw new CliError(`${path} is no report of \`mall bench\`.`, {
      exitCode: exitCodes.usage,
      cause: error instanceof z.ZodError ? z.prettifyError(error) : error,
      next: '`mall bench --json > before.json` makes one',
    });
  }
}

/** Compares figures that both reports have. */
export function compareReports(
  now: BenchReport,
  before: BenchReport,
  { worseByPercent }: { worseByPercent: number },
): Comparison[] {
  const earlier = new Map(before.figures.map((figure) => [figure.id, figure.value]));
  return now.figures.flatMap(({ id, better, value }) => {
    const then = earlier.get(id);
    if (then === undefined) return [];
    const ratio = timesBetter(better, value, then);
    return { id, before: then, ratio, worse: ratio < 1 / (1 + worseByPercent / 100) };
  });
}
