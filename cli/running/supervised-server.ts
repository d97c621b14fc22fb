import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from 'pino';
import { reason } from '../../containers/embedded/index.ts';
import type { ServerState } from '../malls/state.ts';
import { type RestartLimits, restartPauseMs } from './microservices/limits.ts';

/** A server as it is supervised: a process of ours, or one in a container, which has no process id here. */
export interface OwnServer {
  readonly url: string;
  readonly port: number;
  readonly pid?: number;
  readonly version: string;
  /** Resolves with a sentence when the server ends, asked for or not. Never rejects. */
  readonly exited: Promise<string>;
  /** Stops it in order. */
  stop(): Promise<void>;
}

export interface SupervisedServerOptions<Server extends OwnServer> {
  /** What people call it: `Postgres`, `NATS`. */
  readonly title: string;
  /** Starts it on the mall's data, on the port that it had before. */
  readonly start: (again: {
    readonly port: number | undefined;
    readonly signal: AbortSignal;
  }) => Promise<Server>;
  /** Aborted when the mall is being stopped. */
  readonly signal: AbortSignal;
  readonly limits: RestartLimits;
  readonly logger: Logger;
  /** Told in one sentence when it has ended, and when it is back. */
  readonly onNotice: (sentence: string) => void;
}

/** One of the mall's own servers: watched, started again with growing pauses when it ends, stopped in order. */
export class SupervisedServer<Server extends OwnServer = OwnServer> {
  /** Resolves with a sentence once it has ended so often that it is not started any more. */
  readonly lost: Promise<string>;
  /** Called whenever its state is another. */
  changed: () => void = () => undefined;
  readonly #options: SupervisedServerOptions<Server>;
  readonly #giveUp: (sentence: string) => void;
  readonly #stopping: AbortController;
  #server: Server;
  #starting: Promise<Server> | undefined;
  #phase: NonNullable<ServerState['phase']> = 'ready';
  #readySince: number | undefined = Date.now();
  #endsInARow = 0;
  #restarts = 0;
  #lastEnd: string | undefined;

  private constructor(options: SupervisedServerOptions<Server>, server: Server) {
    this.#options = options;
    this.#server = server;
    this.#stopping = new AbortController();
    options.signal.addEventListener('abort', () => this.#stopping.abort(), { once: true });
    const { promise, resolve } = Promise.withResolvers<string>();
    this.lost = promise;
    this.#giveUp = resolve;
  }

  /** @throws the error of a first start that fails: that one is not tried again */
  static async start<Server extends OwnServer>(
    options: SupervisedServerOptions<Server>,
  ): Promise<SupervisedServer<Server>> {
    const supervised = new SupervisedServer(
      options,
      await options.start({ port: undefined, signal: options.signal }),
    );
    void supervised.#watch();
    return supervised;
  }

  /** As it runs, or has run last. */
  get server(): Server {
    return this.#server;
  }

  get state(): ServerState {
    const { pid, port, version } = this.#server;
    return {
      ...(this.#phase === 'ready' && pid !== undefined && { pid }),
      ...{ port, version, phase: this.#phase, restarts: this.#restarts },
      ...(this.#lastEnd !== undefined && { lastEnd: this.#lastEnd }),
    };
  }

  async stop(): Promise<void> {
    await this.abandon();
    await this.#server.stop();
  }

  /** Starts it no more, and waits for a start that is under way. Whoever calls this ends what still runs. */
  async abandon(): Promise<void> {
    this.#stopping.abort();
    await this.#starting?.catch(() => undefined);
  }

  async #watch(): Promise<void> {
    const { title, logger, onNotice, start } = this.#options;
    const { signal } = this.#stopping;
    for (let why = await this.#server.exited; !signal.aborted; ) {
      const pauseMs = this.#ended(why);
      if (pauseMs === undefined) return;
      await pause(pauseMs, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return;
      this.#starting = start({ port: this.#server.port, signal });
      try {
        this.#server = await this.#starting;
      } catch (error) {
        why = reason(error);
        continue;
      }
      this.#readySince = Date.now();
      this.#restarts++;
      this.#enter('ready');
      logger.info({ server: title, restarts: this.#restarts }, 'a server is ready again');
      const { pid } = this.#server;
      onNotice(`${title} runs again${pid === undefined ? '' : ` (process ${pid})`} on the data it had`);
      why = await this.#server.exited;
    }
  }

  /** Notes an end. Answers after which pause it is started again, if it is. */
  #ended(why: string): number | undefined {
    const { title, logger, limits, onNotice } = this.#options;
    const first = this.#readySince !== undefined;
    if (first && Date.now() - (this.#readySince ?? 0) > limits.recoveredAfterMs) this.#endsInARow = 0;
    this.#readySince = undefined;
    // A start that fails is no end, and says less of what has happened.
    if (first) this.#lastEnd = why;
    this.#endsInARow++;
    if (this.#endsInARow >= limits.endsInARow) {
      this.#enter('lost');
      this.#giveUp(`${title} has ended ${this.#endsInARow} times in a row (${why})`);
      return undefined;
    }
    const pauseMs = restartPauseMs(this.#endsInARow, limits);
    logger.warn({ server: title, pauseMs, why }, 'a server has ended and starts again');
    if (first) onNotice(`${why} on its own; it is started again`);
    this.#enter('restarting');
    return pauseMs;
  }

  #enter(phase: NonNullable<ServerState['phase']>): void {
    this.#phase = phase;
    this.changed();
  }
}
