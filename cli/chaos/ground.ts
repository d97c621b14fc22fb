import { namesOfDatabases } from '../malls/context-databases.ts';
import { type Ground, MallProcess, type Mode } from './mall-process.ts';
import { ChaosServers } from './servers.ts';
import { countOrders } from './verdict.ts';

/** What a chaos run stands on: servers of its own, and a mall whose processes come and go. */
export class ChaosGround {
  readonly servers: ChaosServers;
  #mall: MallProcess;
  #place: Ground;
  #generation = 1;
  #number = 0;

  private constructor(servers: ChaosServers, place: Ground, mall: MallProcess) {
    this.servers = servers;
    this.#place = place;
    this.#mall = mall;
  }

  /** @param home the mall home below whose folder everything is kept, and removed at the end */
  static async prepare(home: string, mode: Mode): Promise<ChaosGround> {
    const servers = await ChaosServers.start(home);
    try {
      const place = await newPlace(servers, { mode, generation: 1 });
      return new ChaosGround(servers, place, await MallProcess.on(place));
    } catch (error) {
      await servers.remove();
      throw error;
    }
  }

  get mall(): MallProcess {
    return this.#mall;
  }

  get place(): Ground {
    return this.#place;
  }

  /** Numbers what is tried on this ground. */
  get number(): number {
    return this.#number;
  }

  nextNumber(): number {
    return ++this.#number;
  }

  /** None while the mall has never been up. */
  async ordersSoFar(): Promise<{ orders: number; ended: number }> {
    return countOrders(this.#place).catch(() => ({ orders: 0, ended: 0 }));
  }

  /** Another database and another stream. The mall must not run. */
  async renew(): Promise<void> {
    this.#place = await newPlace(this.servers, { mode: this.#place.mode, generation: ++this.#generation });
    this.#mall = await MallProcess.on(this.#place);
  }

  /** Ends everything and removes it. */
  async remove(): Promise<void> {
    await this.#mall.kill();
    await this.servers.remove();
  }
}

async function newPlace(
  servers: ChaosServers,
  { mode, generation }: { mode: Mode; generation: number },
): Promise<Ground> {
  const name = `chaos${generation}`;
  return {
    home: servers.home,
    name,
    mode,
    postgresUrl: await servers.database(`chaos_${generation}`),
    databases: mode === 'microservices' ? namesOfDatabases({ kind: 'external', name }) : undefined,
    natsUrl: servers.natsUrl,
    natsStream: `chaos-${generation}`,
  };
}
