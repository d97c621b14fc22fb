import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { BackgroundTask } from './module.ts';

/** Runs tasks over and over until stopped; a failing one is logged and comes again. */
export class BackgroundTasks {
  readonly #tasks: readonly BackgroundTask[];
  readonly #logger: Logger;
  readonly #stop = new AbortController();
  #running: Promise<unknown> = Promise.resolve();

  constructor(tasks: readonly BackgroundTask[], logger: Logger) {
    this.#tasks = tasks;
    this.#logger = logger;
  }

  start(): void {
    this.#running = Promise.all(this.#tasks.map((task) => this.#repeat(task)));
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  async #repeat(task: BackgroundTask): Promise<void> {
    const { signal } = this.#stop;
    let rest = new AbortController();
    const wake = (): void => rest.abort();
    signal.addEventListener('abort', wake);
    task.wakeBy?.(wake);
    while (!signal.aborted) {
      // Made before the round: what turns up while it runs begins the next one at once.
      rest = new AbortController();
      try {
        await task.run();
      } catch (error) {
        this.#logger.warn({ err: error, task: task.name }, 'a background task failed and will run again');
      }
      // Jitter keeps replicas from doing the same work at the same moment.
      const restMs = task.everyMs * (0.75 + Math.random() / 2);
      await pause(restMs, undefined, { signal: rest.signal }).catch(() => undefined);
    }
  }
}
