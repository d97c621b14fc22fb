import { setTimeout as timer } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { BackgroundTask } from './module.ts';

/** The reason of an abort; without one, each would be an error object with a stack. */
const WOKEN = 'woken';

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
    const wake = (): void => rest.abort(WOKEN);
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
      if (task.gatherMs !== undefined) await pause(task.gatherMs, signal);
      // Jitter keeps replicas from doing the same work at the same moment.
      await pause(task.everyMs * (0.75 + Math.random() / 2), rest.signal);
    }
  }
}

/** Ends early when the signal aborts. */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await timer(ms, undefined, { signal }).catch(() => undefined);
}
