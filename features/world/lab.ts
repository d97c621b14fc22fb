import { type JetStreamManager, jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import {
  killOwnMall,
  type OwnMall,
  startOrJoinOwnMall,
  startOwnMall,
  stopOwnMall,
} from '../../cli/testing/own-mall.ts';
import { brokerAddress } from '../../proto/broker-address.ts';
import { Doors } from './doors.ts';
import type { FeatureParameters } from './mall-under-test.ts';

/** Signs the tokens of the guarded malls. */
export const guardSecret = 'a secret that only the features know';

/** A customer whose payments the provider declines. */
export const brokeCustomer = 'a-customer-without-money';

/**
 * Malls that scenarios start for themselves, by the tag that asks for one: to stop them, to hold their messages back,
 * or to have rules that the mall of the run has not. They are kept until the run ends.
 */
export const labKinds = {
  '@lab': {
    shared: false,
    settings: {
      MALL_DECLINE_ABOVE: '1000000',
      MALL_DECLINE_CUSTOMERS: brokeCustomer,
      MALL_TRACING: 'all',
    },
  },
  '@strict': { shared: true, settings: { MALL_STRICT: 'all' } },
  '@guarded': { shared: true, settings: { MALL_AUTH_SECRET: guardSecret } },
  '@other-mode': { shared: true, otherMode: true, settings: {} },
} as const satisfies Record<string, LabSettings>;

interface LabSettings {
  /** Whether all threads use one: their scenarios leave it as it is. */
  readonly shared: boolean;
  /** Nine processes where the mall of the run has one, and the other way round. */
  readonly otherMode?: boolean;
  readonly settings: Readonly<Record<string, string>>;
}

export type LabKind = keyof typeof labKinds;

/** Far longer than a scenario: what it forgets to let go is let go after it anyway. */
const holdMs = 120_000;

/** A mall of a scenario's own. */
export class Lab {
  readonly #options: Parameters<typeof startOwnMall>[0];
  readonly #held = new Set<string>();
  readonly #locked = new Map<string, () => Promise<void>>();
  #running = false;
  #doors: Doors;

  private constructor(options: Parameters<typeof startOwnMall>[0], mall: OwnMall) {
    this.#options = options;
    this.#doors = doorsOf(mall);
    this.#running = true;
  }

  static async start(kind: LabKind, parameters: FeatureParameters): Promise<Lab> {
    const { shared, settings, otherMode = false }: LabSettings = labKinds[kind];
    const thread = shared ? '' : `-${process.env.CUCUMBER_WORKER_ID ?? '0'}`;
    const options = {
      name: `${parameters.run}-${kind.slice(1)}${thread}`,
      // External servers hold one mall; a laboratory brings its own.
      infra: parameters.infra === 'external' ? 'embedded' : parameters.infra,
      mode: otherMode ? modeBeside(parameters.mode) : parameters.mode,
      settings,
    };
    return new Lab(options, await startOrJoinOwnMall(options));
  }

  get doors(): Doors {
    return this.#doors;
  }

  /** Keeps a consumer's messages back at the broker until they are let through again. */
  async hold(consumer: string): Promise<void> {
    await this.#atBroker(async (manager, stream) => {
      await manager.consumers.pause(stream, consumer, new Date(Date.now() + holdMs));
      this.#held.add(consumer);
    });
  }

  async letGo(consumer: string): Promise<void> {
    await this.#atBroker(async (manager, stream) => {
      await manager.consumers.resume(stream, consumer);
      await wake(manager, stream, consumer);
      this.#held.delete(consumer);
    });
  }

  /** Keeps everybody from using a table. */
  async lock(table: string): Promise<void> {
    this.#locked.set(table, await this.#doors.inside.lock(table));
  }

  async unlock(table: string): Promise<void> {
    await this.#locked.get(table)?.();
    this.#locked.delete(table);
  }

  /** How many messages of a consumer are waited for after they were handed out more than once. */
  async redeliveries(consumer: string): Promise<number> {
    let count = 0;
    await this.#atBroker(async (manager, stream) => {
      count = (await manager.consumers.info(stream, consumer)).num_redelivered;
    });
    return count;
  }

  async crash(): Promise<void> {
    this.#running = false;
    await killOwnMall(this.#options.name);
  }

  async stop(): Promise<void> {
    this.#running = false;
    await stopOwnMall(this.#options.name, { purge: false });
  }

  /** Brings it up again; where its servers were started anew, the old doors lead nowhere. */
  async comeBack(): Promise<void> {
    const mall = await startOwnMall(this.#options);
    this.#running = true;
    const before = this.#doors;
    this.#doors = doorsOf(mall, before.since);
    await before.close().catch(() => undefined);
  }

  /** As the next scenario wants to find it: running, nothing held back. */
  async tidy(): Promise<void> {
    for (const table of [...this.#locked.keys()]) await this.unlock(table);
    if (!this.#running) await this.comeBack();
    for (const consumer of [...this.#held]) await this.letGo(consumer);
  }

  async #atBroker(work: (manager: JetStreamManager, stream: string) => Promise<void>): Promise<void> {
    const { natsUrl, natsStream } = this.#doors.inside.addresses;
    const connection = await connect({ ...brokerAddress(natsUrl), reconnect: false, timeout: 5_000 });
    try {
      await work(await jetstreamManager(connection), natsStream);
    } finally {
      await connection.close();
    }
  }
}

function modeBeside(mode: string): string {
  return mode === 'monolith' ? 'microservices' : 'monolith';
}

/**
 * The broker looks at who waits for a consumer's messages when one comes or when the consumer's settings change, not
 * when a pause ends. So a setting is changed, and changed back.
 */
async function wake(manager: JetStreamManager, stream: string, consumer: string): Promise<void> {
  const { config } = await manager.consumers.info(stream, consumer);
  const { max_ack_pending = 1_000 } = config;
  await manager.consumers.update(stream, consumer, { max_ack_pending: max_ack_pending - 1 });
  await manager.consumers.update(stream, consumer, { max_ack_pending });
}

function doorsOf({ name, rest, grpc, ...inside }: OwnMall, since = new Date()): Doors {
  return new Doors({ name, rest, grpc, inside }, since);
}
