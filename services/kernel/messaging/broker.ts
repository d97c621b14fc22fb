import {
  AckPolicy,
  DeliverPolicy,
  DiscardPolicy,
  JetStreamApiError,
  type JetStreamClient,
  type JetStreamManager,
  jetstream,
  jetstreamManager,
  RetentionPolicy,
  StorageType,
} from '@nats-io/jetstream';
import { connect, type NatsConnection, nanos } from '@nats-io/transport-node';
import { Unavailable } from '../domain/index.ts';
import type { MessagingLimits } from './limits.ts';

export interface BrokerOptions {
  readonly url: string;
  /** Name of the stream and first part of every subject. */
  readonly stream: string;
  readonly limits: MessagingLimits;
}

/** JetStream's answer when a consumer or stream of that name exists with settings that cannot be changed. */
const CANNOT_UPDATE = new Set([10_012, 10_013, 10_058, 10_148]);

/** One process's connection to NATS: reconnects without limit (row P-31), owns the stream and its consumers. */
export class Broker {
  readonly stream: string;
  readonly connection: NatsConnection;
  readonly jetstream: JetStreamClient;
  readonly #manager: JetStreamManager;
  readonly #limits: MessagingLimits;

  private constructor(options: BrokerOptions, connection: NatsConnection, manager: JetStreamManager) {
    this.stream = options.stream;
    this.connection = connection;
    this.jetstream = jetstream(connection);
    this.#manager = manager;
    this.#limits = options.limits;
  }

  /** Connects and makes sure of the stream. @throws Unavailable when the server or its JetStream does not answer */
  static async open(options: BrokerOptions): Promise<Broker> {
    let connection: NatsConnection | undefined;
    try {
      connection = await connect({
        servers: options.url,
        name: `mall ${options.stream}`,
        maxReconnectAttempts: -1,
        reconnectTimeWait: 250,
        reconnectJitter: 250,
        pingInterval: 10_000,
      });
      const broker = new Broker(options, connection, await jetstreamManager(connection));
      await broker.#ensureStream();
      broker.#watch();
      return broker;
    } catch (error) {
      await connection?.close();
      const reason = error instanceof Error ? error.message : String(error);
      throw new Unavailable(`the message broker cannot be used: ${reason}`, { cause: error });
    }
  }

  /** Whether the connection stands now. */
  get connected(): boolean {
    return !this.connection.isClosed() && !this.#reconnecting;
  }

  #reconnecting = false;

  /** Follows the connection's state until it closes. */
  async #watch(): Promise<void> {
    for await (const status of this.connection.status()) {
      if (status.type === 'disconnect') this.#reconnecting = true;
      if (status.type === 'reconnect') this.#reconnecting = false;
    }
  }

  /** Creates a consumer's durable or brings an existing one's settings up to date (row P-29). */
  async ensureConsumer(durable: string, filterSubject: string): Promise<void> {
    const settings = {
      filter_subject: filterSubject,
      ack_wait: nanos(this.#limits.ackWaitMs),
      max_ack_pending: this.#limits.maxAckPending,
      // The consumer itself counts tries and parks: the broker must never give a message up silently (row P-05).
      max_deliver: -1,
    };
    try {
      await this.#manager.consumers.add(this.stream, {
        durable_name: durable,
        ack_policy: AckPolicy.Explicit,
        deliver_policy: DeliverPolicy.All,
        ...settings,
      });
    } catch (error) {
      if (!(error instanceof JetStreamApiError) || !CANNOT_UPDATE.has(error.code)) throw error;
      await this.#manager.consumers.update(this.stream, durable, settings);
    }
  }

  /** Finishes what was sent and closes; a connection that is away has nobody to send to. */
  async close(): Promise<void> {
    if (this.connected) await this.connection.drain();
    else await this.connection.close();
  }

  async #ensureStream(): Promise<void> {
    const config = {
      name: this.stream,
      subjects: [`${this.stream}.>`],
      retention: RetentionPolicy.Limits,
      storage: StorageType.File,
      discard: DiscardPolicy.New,
      max_age: nanos(this.#limits.streamMaxAgeMs),
      max_bytes: this.#limits.streamMaxBytes,
      duplicate_window: nanos(this.#limits.duplicateWindowMs),
    };
    try {
      await this.#manager.streams.add(config);
    } catch (error) {
      if (!(error instanceof JetStreamApiError) || !CANNOT_UPDATE.has(error.code)) throw error;
      await this.#manager.streams.update(this.stream, config);
    }
  }
}
