import type { ChildProcess } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from 'pino';
import { signalQuietly, startToken, stopProcess } from '../../../containers/embedded/index.ts';
import { CliError } from '../../cli-error.ts';
import { exitCodes } from '../../exit-codes.ts';
import type { ServiceState } from '../../malls/state.ts';
import { formatDuration } from '../../terminal/duration.ts';
import { supervisionLimits as limits, restartPauseMs } from './limits.ts';
import type { ServicePlan } from './service-plan.ts';
import { fallsSilent, type Watched } from './silence.ts';
import { spawnServing } from './spawn-serving.ts';

/** How long a service may not answer. */
export type Patience = Pick<Watched, 'firstAnswerWithinMs' | 'answersWithinMs'>;

export interface SupervisedServiceOptions {
  readonly plan: ServicePlan;
  /** Where it writes its lines, beside those of the others; they name it. */
  readonly logFile: string;
  readonly logger: Logger;
  readonly patience: Patience;
  /** Told whenever its state is another. */
  readonly changed: () => void;
}

/**
 * One process of a mall: started, watched, started again with growing pauses when it ends, ended when it no longer
 * answers, stopped in order.
 */
export class SupervisedService {
  /** Resolves with a sentence once it has ended so often that it is not started any more. */
  readonly lost: Promise<string>;
  readonly #options: SupervisedServiceOptions;
  readonly #giveUp: (sentence: string) => void;
  readonly #stopping = new AbortController();
  #child: ChildProcess | undefined;
  #phase: ServiceState['phase'] = 'starting';
  #startedAt = new Date();
  #restarts = 0;
  #lastEnd: string | undefined;
  #endsInARow = 0;

  constructor(options: SupervisedServiceOptions) {
    this.#options = options;
    const { promise, resolve } = Promise.withResolvers<string>();
    this.lost = promise;
    this.#giveUp = resolve;
  }

  get state(): ServiceState {
    const { name, restUrl, grpcAddress } = this.#options.plan;
    const pid = this.#child?.pid;
    return {
      name,
      phase: this.#phase,
      ...(pid !== undefined && { pid, startToken: startToken(pid) }),
      startedAt: this.#startedAt.toISOString(),
      restarts: this.#restarts,
      ...(this.#lastEnd !== undefined && { lastEnd: this.#lastEnd }),
      rest: restUrl,
      grpc: grpcAddress,
    };
  }

  /** Resolves once it is ready; from then on it is started again whenever it ends. @throws CliError with its own words */
  async start(): Promise<void> {
    const first = this.#spawn();
    const failure = await Promise.race([first.ready, first.ended]);
    if (failure !== undefined) throw failure;
    void this.#watch(first.ended);
  }

  async stop(withinMs: number): Promise<void> {
    this.#stopping.abort();
    const pid = this.#child?.pid;
    if (pid === undefined) return;
    await stopProcess(pid, [
      { signal: 'SIGTERM', waitMs: withinMs },
      { signal: 'SIGKILL', waitMs: 1_000 },
    ]);
  }

  /** Ends it at once. What it has committed is safe; the rest comes again. */
  kill(): void {
    this.#stopping.abort();
    if (this.#child?.pid !== undefined) signalQuietly(this.#child.pid, 'SIGKILL');
  }

  async #watch(end: Promise<CliError>): Promise<void> {
    const { logger, plan } = this.#options;
    const { signal } = this.#stopping;
    for (let ended = await end; !signal.aborted; ) {
      this.#lastEnd = ended.message;
      if (Date.now() - this.#startedAt.getTime() > limits.recoveredAfterMs) this.#endsInARow = 0;
      this.#endsInARow++;
      if (this.#endsInARow >= limits.endsInARow) {
        this.#enter('lost');
        return this.#giveUp(`${plan.name} has ended ${this.#endsInARow} times in a row (${ended.message})`);
      }
      const pauseMs = restartPauseMs(this.#endsInARow, limits);
      logger.warn(
        { service: plan.name, pauseMs, why: ended.message },
        'a service has ended and starts again',
      );
      this.#enter('restarting');
      await pause(pauseMs, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return;
      this.#restarts++;
      const next = this.#spawn();
      if ((await Promise.race([next.ready, next.ended])) === undefined) {
        logger.info({ service: plan.name, restarts: this.#restarts }, 'a service is ready again');
      }
      ended = await next.ended;
    }
  }

  #spawn(): { ready: Promise<undefined>; ended: Promise<CliError> } {
    const { plan, logFile, patience } = this.#options;
    const { name, environment } = plan;
    const serving = spawnServing({ name, args: ['--context', name], environment, logFile });
    this.#child = serving.child;
    this.#startedAt = new Date();
    this.#enter('starting');
    const alive = new AbortController();
    let silent = false;
    void fallsSilent({ ...patience, url: plan.restUrl, signal: alive.signal }).then((fell) => {
      silent = fell;
      // It hears nothing else. What it has committed is safe; the rest comes again.
      if (fell) serving.child.kill('SIGKILL');
    });
    const ready = serving.ready.then(() => this.#enter('ready'));
    const ended = serving.ended.then(({ error }) => {
      alive.abort();
      this.#child = undefined;
      return silent ? hung(name, patience.answersWithinMs) : error;
    });
    return { ready: ready.then(() => undefined), ended };
  }

  #enter(phase: ServiceState['phase']): void {
    this.#phase = phase;
    this.#options.changed();
  }
}

function hung(name: string, forMs: number): CliError {
  return new CliError(`The service ${name} had not answered for ${formatDuration(forMs)} and was ended.`, {
    exitCode: exitCodes.environment,
    next: `\`mall logs ${name}\` shows its last words; MALL_SILENCE_TIMEOUT gives it more time`,
  });
}
