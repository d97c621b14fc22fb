import { type Logger, pino } from 'pino';
import type { ExitCode } from '../exit-codes.ts';
import type { Settings } from '../settings/index.ts';
import { failureReport, tellParent } from './audience.ts';

/**
 * Does the work of one process of a mall, whose log goes to standard output, a JSON document a line. What ends it is
 * logged, and told to the process that has started it.
 */
export async function withServingLog(
  { service, settings }: { service: string; settings: Settings },
  work: (logger: Logger) => Promise<ExitCode>,
): Promise<ExitCode> {
  const destination = pino.destination({ dest: 1, sync: false, minLength: 0 });
  const logger = pino({ level: settings.logLevel, base: { service, pid: process.pid } }, destination);
  try {
    return await work(logger);
  } catch (error) {
    logger.fatal({ err: error }, 'it has ended');
    tellParent(failureReport(error));
    throw error;
  } finally {
    destination.flushSync();
  }
}
