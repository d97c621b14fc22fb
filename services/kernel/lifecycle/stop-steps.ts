import type { Logger } from 'pino';

/** One step of a stop, and how long it may take. */
export interface StopStep {
  readonly name: string;
  readonly withinMs: number;
  readonly work: () => Promise<unknown> | unknown;
}

/** Takes the steps one after the other. One that fails or takes longer than it may is cut short and logged. */
export async function stopInSteps(steps: readonly StopStep[], logger: Logger): Promise<void> {
  for (const { name, withinMs, work } of steps) {
    const { promise: late, reject } = Promise.withResolvers<never>();
    const timer = setTimeout(() => reject(new Error(`not done within ${withinMs} ms`)), withinMs);
    try {
      await Promise.race([work(), late]);
    } catch (error) {
      logger.warn({ err: error, step: name }, 'a step of the stop was cut short');
    } finally {
      clearTimeout(timer);
    }
  }
  logger.info('stopped');
}
