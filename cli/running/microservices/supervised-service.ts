import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Logger } from 'pino';
import { signalQuietly, startToken, stopProcess } from '../../../containers/embedded/index.ts';
import { CliError } from '../../cli-error.ts';
import { exitCodes } from '../../exit-codes.ts';
import type { ServiceState } from '../../malls/state.ts';
import { type Report, reportShape } from '../audience.ts';
import { reportedFailure } from '../reported-failure.ts';
import { supervisionLimits as limits } from './limits.ts';
import type { ServicePlan } from './service-plan.ts';

const launcher = fileURLToPath(new URL('../../launcher/mall.mjs', import.meta.url));

/** One context has a ninth of the work: a smaller nursery costs it nothing and saves some 40 MB a process. */
const nodeFlags = ['--max-semi-space-size=4'];

export interface SupervisedServiceOptions {
  readonly plan: ServicePlan;
  /** Where it writes its lines, beside those of the others; they name it. */
  readonly logFile: string;
  readonly logger: Logger;
  /** Told whenever its state is another. */
  readonly changed: () => void;
}

/** One process of a mall: started, watched, started again with growing pauses when it ends, stopped in order. */
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
      if (Date.now() - this.#startedAt.getTime() > limits.recoveredAfterMs) this.#endsInARow = 0;
      this.#endsInARow++;
      if (this.#endsInARow >= limits.endsInARow) {
        this.#enter('lost');
        return this.#giveUp(`${plan.name} has ended ${this.#endsInARow} times in a row (${ended.message})`);
      }
      const pauseMs = restartPauseMs(this.#endsInARow);
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
    const { plan, logFile } = this.#options;
    // Opened anew each time, so that it is the file that is read now, and never set aside while others write to it.
    const log = openSync(logFile, 'a');
    const child = spawn(process.execPath, [...nodeFlags, launcher, 'serve', '--context', plan.name], {
      detached: true,
      stdio: ['ignore', log, log, 'ipc'],
      env: plan.environment,
    });
    closeSync(log);
    this.#child = child;
    this.#startedAt = new Date();
    this.#enter('starting');
    const { promise: ready, resolve } = Promise.withResolvers<undefined>();
    let failure: Extract<Report, { kind: 'failed' }> | undefined;
    child.on('message', (message) => {
      const report = reportShape.parse(message);
      if (report.kind === 'failed') failure = report;
      if (report.kind !== 'ready') return;
      this.#enter('ready');
      resolve(undefined);
    });
    const ended = new Promise<CliError>((resolveEnd) => {
      child.once('error', (error) => resolveEnd(suddenEnd(plan.name, error.message)));
      child.once('close', (code, signal) => {
        this.#child = undefined;
        resolveEnd(failure ? reportedFailure(failure) : suddenEnd(plan.name, signal ?? `exit code ${code}`));
      });
    });
    return { ready, ended };
  }

  #enter(phase: ServiceState['phase']): void {
    this.#phase = phase;
    this.#options.changed();
  }
}

function restartPauseMs(ends: number): number {
  const [first, last] = limits.restartBackoffMs;
  return Math.round(Math.min(first * 2 ** (ends - 1), last) * (0.5 + Math.random()));
}

function suddenEnd(name: string, how: string): CliError {
  return new CliError(`The service ${name} ended with ${how}.`, {
    exitCode: exitCodes.environment,
    next: `\`mall logs ${name}\` shows its last words`,
  });
}
