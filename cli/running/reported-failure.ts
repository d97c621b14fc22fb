import { CliError } from '../cli-error.ts';
import { exitCodes } from '../exit-codes.ts';
import type { Report } from './audience.ts';

/** What another process of the mall has told of its failure, as an error of this one. */
export function reportedFailure(report: Extract<Report, { kind: 'failed' }>): CliError {
  const exitCode = Object.values(exitCodes).find((code) => code === report.exitCode) ?? exitCodes.checkFailed;
  const error = new CliError(report.message, { exitCode, cause: report.cause, next: report.next });
  const { takenPort: port } = report;
  return port === undefined ? error : Object.assign(error, { code: 'EADDRINUSE', port });
}
