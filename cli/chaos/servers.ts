import { randomBytes } from 'node:crypto';
import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import {
  childrenOf,
  connected,
  type Entrusted,
  entrustServers,
  freePort,
  makeEnterable,
  postgresPlace,
  type RunningServer,
  signalQuietly,
  startNats,
  startPostgres,
} from '../../containers/embedded/index.ts';
import { scratchFolder } from '../malls/scratch-folder.ts';

export type ServerName = 'postgres' | 'nats';

/** How a server can be taken away. */
export type Manner = 'stopped' | 'killed' | 'paused';

/** Postgres and NATS of a chaos run: durable, on data of their own, to be taken away and given back. */
export class ChaosServers {
  readonly home: string;
  readonly #folder: string;
  readonly #postgresFolder: string;
  readonly #place: string;
  readonly #ports: Readonly<Record<ServerName, number>>;
  readonly #running = new Map<ServerName, RunningServer>();
  readonly #entrusted: readonly Entrusted[];

  private constructor(options: { folder: string; place: string; ports: Record<ServerName, number> }) {
    this.#folder = options.folder;
    this.home = join(options.folder, 'home');
    this.#place = options.place;
    this.#postgresFolder = join(options.place, `.chaos-${process.pid}-${randomBytes(3).toString('hex')}`);
    this.#ports = options.ports;
    this.#entrusted = [this.#folder, this.#postgresFolder].map(entrustServers);
  }

  /** Starts both, on the disk that the malls of a home live on. */
  static async start(parent: string): Promise<ChaosServers> {
    const folder = scratchFolder(parent, 'chaos');
    const ports = { postgres: await freePort(), nats: await freePort() };
    const servers = new ChaosServers({ folder, place: postgresPlace(parent), ports });
    makeEnterable(servers.home);
    makeEnterable(servers.#postgresFolder);
    try {
      await servers.giveBack('postgres');
      await servers.giveBack('nats');
    } catch (error) {
      await servers.remove();
      throw error;
    }
    return servers;
  }

  get postgresUrl(): string {
    return this.#of('postgres').url;
  }

  get natsUrl(): string {
    return this.#of('nats').url;
  }

  /** A new database on this server. */
  async database(name: string): Promise<string> {
    await connected(this.postgresUrl, (client) => client.query(`CREATE DATABASE ${name}`));
    const url = new URL(this.postgresUrl);
    url.pathname = `/${name}`;
    return url.href;
  }

  async takeAway(server: ServerName, manner: Manner): Promise<void> {
    const running = this.#of(server);
    if (manner === 'paused') signalAll(running, 'SIGSTOP');
    else if (manner === 'stopped') await running.stop();
    else {
      signalAll(running, 'SIGKILL');
      await running.exited;
    }
  }

  /** Starts the server again on its data and its port, or lets a paused one go on. */
  async giveBack(server: ServerName, manner: Manner = 'stopped'): Promise<void> {
    if (manner === 'paused') {
      signalAll(this.#of(server), 'SIGCONT');
      return;
    }
    const port = this.#ports[server];
    const started =
      server === 'postgres'
        ? startPostgres({
            place: this.#place,
            dataFolder: join(this.#postgresFolder, 'postgres'),
            logFile: join(this.#folder, 'postgres.log'),
            port,
          })
        : startNats({
            storeFolder: join(this.#folder, 'nats'),
            pidFile: join(this.#folder, 'nats.pid'),
            logFile: join(this.#folder, 'nats.log'),
            port,
          });
    this.#running.set(server, await started);
  }

  /** Keeps a copy of the broker's files, for {@link loseTail}. */
  async keepCopy(): Promise<void> {
    await this.takeAway('nats', 'stopped');
    cpSync(join(this.#folder, 'nats'), join(this.#folder, 'nats-copy'), { recursive: true });
    await this.giveBack('nats');
  }

  /** Kills the broker and starts it on the copy: what it acknowledged since is gone, as after a power loss. */
  async loseTail(): Promise<void> {
    await this.takeAway('nats', 'killed');
    rmSync(join(this.#folder, 'nats'), { recursive: true, force: true });
    cpSync(join(this.#folder, 'nats-copy'), join(this.#folder, 'nats'), { recursive: true });
    await this.giveBack('nats');
  }

  /** Stops both and removes everything. */
  async remove(): Promise<void> {
    for (const running of this.#running.values()) {
      signalAll(running, 'SIGCONT');
      await running.stop();
    }
    for (const folder of [this.#folder, this.#postgresFolder]) {
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    }
    for (const each of this.#entrusted) each.release();
  }

  #of(server: ServerName): RunningServer {
    const running = this.#running.get(server);
    if (running === undefined) throw new TypeError(`${server} has not been started`);
    return running;
  }
}

/** Each of Postgres' backends leads a group of its own: the parent's signal would not reach them. */
function signalAll({ pid }: RunningServer, signal: NodeJS.Signals): void {
  for (const each of [pid, ...childrenOf(pid)]) signalQuietly(each, signal);
}
