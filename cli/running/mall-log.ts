import { type Logger, pino } from 'pino';
import { openLog } from '../../containers/embedded/index.ts';

/** The log of a running mall: JSON lines in its folder; `mall logs` makes them readable. */
export interface MallLog {
  readonly logger: Logger;
  /** Writes what is still in memory. */
  flush(): void;
}

/** Opens the log, setting a large one of earlier runs aside. Lines are written at once but never waited for. */
export function openMallLog(options: { path: string; level: string }): MallLog {
  // An open file, not a path: pino opens paths late, and could not be flushed by a start that fails at once.
  const destination = pino.destination({ dest: openLog(options.path), sync: false, minLength: 0 });
  const logger = pino({ level: options.level, base: { pid: process.pid } }, destination);
  return { logger, flush: () => destination.flushSync() };
}
