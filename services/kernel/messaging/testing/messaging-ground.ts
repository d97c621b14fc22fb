import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach } from 'node:test';
import pino from 'pino';
import { freshDatabase, testServers, uniqueName } from '../../../../containers/embedded/test-servers.ts';
import { type ConsumerGroup, messages } from '../../../../proto/catalogue.ts';
import { type Causation, Database, inUnitOfWork, migrate } from '../../database/index.ts';
import { kernelMigrations } from '../../lifecycle/index.ts';
import { Broker } from '../broker.ts';
import { Consumer, type ConsumerOptions } from '../consumer.ts';
import { newId } from '../ids.ts';
import { type MessagingLimits, messagingLimits } from '../limits.ts';
import { Outbox, publication } from '../outbox.ts';
import { OutboxRelay } from '../relay.ts';
import type { SubscribedGroup } from '../subscriptions.ts';

const logger = pino({ level: 'silent' });
export const causation: Causation = { causationId: 'cause', correlationId: 'story' };
export const { storeCreated, storeRebranded } = messages.stores;

/** As in production, with waits that tests can afford. */
export const testLimits: MessagingLimits = {
  ...messagingLimits,
  ackWaitMs: 1_000,
  ackProgressMs: 300,
  redeliveryDelaysMs: [50, 50],
  outboxPollMs: 200,
};

/** A group that takes what is told of stores, by the name of its durable. */
export const storeEvents = (name: string): ConsumerGroup => ({
  name,
  context: 'baskets',
  channel: 'stores.events.Store',
  messages: [storeRebranded],
});

/** A database with the tables of messaging for one test file, empty at the beginning of each test. */
export function messagingDatabase() {
  const open: { servers?: Awaited<ReturnType<typeof testServers>>; database?: Database } = {};
  let drop: (() => Promise<void>) | undefined;
  const ground = {
    get database(): Database {
      return open.database ?? assert.fail('the database is there before the first test');
    },
    get natsUrl(): string {
      return open.servers?.natsUrl ?? assert.fail('the broker is there before the first test');
    },
  };
  before(async () => {
    open.servers = await testServers();
    const fresh = await freshDatabase(open.servers.postgresUrl);
    drop = () => fresh.drop();
    await migrate(fresh.url, { schema: 'kernel_test', folders: [kernelMigrations.messaging] });
    open.database = new Database({
      url: fresh.url,
      schema: 'kernel_test',
      limits: { maxConnections: 8, connectTimeoutMs: 5_000, statementTimeoutMs: 5_000 },
    });
  });
  beforeEach(() =>
    ground.database.query('TRUNCATE kernel_test.outbox, kernel_test.inbox, kernel_test.dead_letters'),
  );
  after(async () => {
    await open.database?.close();
    await drop?.();
    await open.servers?.stop();
  });
  return ground;
}

/** One process as far as messaging goes, anew for each test: an outbox with its relay, on a stream of its own. */
export class MessagingGround {
  readonly #stored = messagingDatabase();
  #broker: Broker | undefined;
  #relay: OutboxRelay | undefined;
  #outbox: Outbox | undefined;
  #consumers: Consumer[] = [];
  #connections: Broker[] = [];

  constructor() {
    beforeEach(async () => {
      this.#consumers = [];
      this.#connections = [];
      await this.#stand(uniqueName('messaging'));
      this.#outbox = new Outbox({
        schema: 'kernel_test',
        stream: this.broker.stream,
        committed: (rows) => this.relay.wake(rows),
      });
    });
    // What a test that failed has left open would keep its file from ending.
    afterEach(async () => {
      await Promise.all(this.#consumers.map((consumer) => consumer.stop()));
      await this.#relay?.stop();
      await Promise.all(this.#connections.map((connection) => connection.close()));
    });
  }

  get database(): Database {
    return this.#stored.database;
  }

  get broker(): Broker {
    return this.#broker ?? assert.fail('the broker is connected before each test');
  }

  get relay(): OutboxRelay {
    return this.#relay ?? assert.fail('the relay is there before each test');
  }

  get outbox(): Outbox {
    return this.#outbox ?? assert.fail('the outbox is there before each test');
  }

  async #stand(stream: string, limits = testLimits): Promise<void> {
    this.#broker = await this.connect({ stream });
    this.#relay = this.anotherRelay({ limits });
  }

  /** Another connection to the broker, closed at the end of the test. */
  async connect(options: { stream?: string; limits?: MessagingLimits } = {}): Promise<Broker> {
    const { stream = this.broker.stream, limits = testLimits } = options;
    const connection = await Broker.open({ url: this.#stored.natsUrl, stream, limits });
    this.#connections.push(connection);
    return connection;
  }

  anotherRelay({ limits = testLimits }: { limits?: MessagingLimits } = {}): OutboxRelay {
    return new OutboxRelay({ database: this.database, broker: this.broker, limits, logger });
  }

  /** Ends relay and connection and stands them up anew, as a process that is started again. */
  async restart({ limits = testLimits }: { limits?: MessagingLimits } = {}): Promise<void> {
    await this.relay.stop();
    await this.broker.close();
    await this.#stand(this.broker.stream, limits);
  }

  /** A consumer, stopped at the end of the test at the latest. */
  consumer(subscribed: SubscribedGroup, others: Partial<ConsumerOptions> = {}): Consumer {
    const { database, broker } = this;
    const consumer = new Consumer({ database, broker, limits: testLimits, logger, subscribed, ...others });
    this.#consumers.push(consumer);
    return consumer;
  }

  /** Leaves one event per name for one store in the outbox, as a use case would. */
  rename(store: string, ...names: readonly string[]): Promise<void> {
    return this.renameIn(this.outbox, store, names);
  }

  async renameIn(outbox: Outbox, store: string, names: readonly string[]): Promise<void> {
    await inUnitOfWork(this.database, causation, async (unit) => {
      names.forEach((name, index) => {
        outbox.event(unit, publication(storeRebranded, { id: store, name }), {
          id: newId(),
          subject: { name: 'stores.Store', id: store, version: index + 1 },
          occurredAt: new Date(),
        });
      });
    });
  }

  async unpublished(): Promise<number> {
    const row = await this.database.queryOne<{ count: number }>(
      'SELECT count(*)::int AS count FROM kernel_test.outbox WHERE published_at IS NULL',
      [],
    );
    return row?.count ?? -1;
  }
}

/** Waits until a look finds something. @throws Error that says what was waited for */
export async function found<T>(
  what: string,
  look: () => Promise<T | undefined>,
  withinMs = 5_000,
): Promise<T> {
  const until = Date.now() + withinMs;
  for (;;) {
    const seen = await look();
    if (seen !== undefined) return seen;
    if (Date.now() > until) throw new Error(`waited ${withinMs} ms for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
