import type { Logger } from 'pino';

/** A fault nobody caught leaves the process in an unknown state: it is logged, and what runs is to stop in order. */
export function watchForCrash(logger: Logger): { readonly happened: Promise<never>; release(): void } {
  const { promise, reject } = Promise.withResolvers<never>();
  const caught = (error: unknown) => {
    logger.fatal({ err: error }, 'a fault that nobody caught');
    reject(error);
  };
  process.on('uncaughtException', caught);
  return { happened: promise, release: () => process.off('uncaughtException', caught) };
}
