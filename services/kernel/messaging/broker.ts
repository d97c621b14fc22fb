import { setTimeout as pause } from 'node:timers/promises';
import {
  AckPolicy,
  type ConsumerConfig,
  type ConsumerInfo,
  DeliverPolicy,
  DiscardPolicy,
  JetStreamApiError,
  type JetStreamClient,
  type JetStreamManager,
  jetstream,
  jetstreamManager,
  type PubAck,
  RetentionPolicy,
  StorageType,
} from '@nats-io/jetstream';
import { connect, type NatsConnection, nanos } from '@nats-io/transport-node';
import { brokerAddress } from '../../../proto/broker-address.ts';
import { consumerGroups } from '../../../proto/catalogue.ts';
import { FailedPrecondition, Unavailable } from '../domain/index.ts';
import { AckBatch } from './ack-batch.ts';
import type { MessagingLimits } from './limits.ts';

export interface BrokerOptions {
  readonly url: string;
  /** Name of the stream and first part of every subject. */
  readonly stream: string;
  readonly limits: MessagingLimits;
}

/** JetStream's answer when a consumer or stream of that name exists with settings that cannot be changed. */
const CANNOT_UPDATE = new Set([10_012, 10_013, 10_058, 10_148]);

/** JetStream's answer when it has less memory or disk than a stream may grow to. */
const NO_ROOM = new Set([10_023, 10_047]);

/** JetStream's answer to a request for a message, stream or consumer that is not there. */
const NOT_FOUND = new Set([10_014, 10_037, 10_059]);

const durablesOfTheMall: ReadonlySet<string> = new Set(
  Object.values(consumerGroups).map((group) => group.name),
);

/** What was sent is on its way within milliseconds. */
const DRAIN_MS = 300;

export interface StreamBounds {
  readonly first: number;
  readonly last: number;
}

/** One process's connection to NATS: reconnects without limit (row P-31), owns the stream and its consumers. */
export class Broker {
  readonly stream: string;
  readonly connection: NatsConnection;
  readonly jetstream: JetStreamClient;
  readonly acks = new AckBatch();
  readonly #manager: JetStreamManager;
  readonly #limits: MessagingLimits;
  readonly #inFlight = new Set<(error: Unavailable) => void>();
  readonly #returns = new Set<() => void>();
  #reconnecting = false;

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
        ...brokerAddress(options.url),
        name: `mall ${options.stream}`,
        maxReconnectAttempts: -1,
        // Each publish would capture a stack, for an error that names the call.
        noAsyncTraces: true,
        reconnectTimeWait: 250,
        reconnectJitter: 250,
        pingInterval: 10_000,
      });
      const broker = new Broker(options, connection, await jetstreamManager(connection));
      await broker.ensureStream();
      broker.#watch();
      return broker;
    } catch (error) {
      await connection?.close();
      const reason = error instanceof Error ? error.message : String(error);
      const sentence = `the message broker cannot be used: ${reason}`;
      // Waiting makes no room.
      if (error instanceof JetStreamApiError && NO_ROOM.has(error.code))
        throw new FailedPrecondition(sentence, { cause: error });
      throw new Unavailable(sentence, { cause: error });
    }
  }

  /** Whether the connection stands now. */
  get connected(): boolean {
    return !this.connection.isClosed() && !this.#reconnecting;
  }

  /** Tells one connection from the next: after a reconnect, or with none, it is another. */
  get session(): string | undefined {
    const { info } = this.connection;
    return info && `${info.server_id} ${info.client_id}`;
  }

  /** Calls back after each reconnect until told to stop. */
  onReconnect(listener: () => void): () => void {
    this.#returns.add(listener);
    return () => this.#returns.delete(listener);
  }

  /**
   * Publishes and awaits the acknowledgement; nobody waits for the answer of a connection that has gone.
   * @throws Unavailable when the connection is away or goes, or the client's error
   */
  async publish(subject: string, bytes: Uint8Array, id: string): Promise<PubAck> {
    const options = { msgID: id, timeout: this.#limits.publishTimeoutMs };
    return this.#answered(() => this.jetstream.publish(subject, bytes, options));
  }

  /** The broker's answer to a request; one that its connection went away on has none, and the client would wait on. */
  async #answered<T>(request: () => Promise<T>): Promise<T> {
    if (!this.connected) throw new Unavailable('the message broker is away');
    const { promise: gone, reject } = Promise.withResolvers<never>();
    this.#inFlight.add(reject);
    try {
      return await Promise.race([request(), gone]);
    } finally {
      this.#inFlight.delete(reject);
    }
  }

  /** Follows the connection's state until it closes. */
  async #watch(): Promise<void> {
    for await (const status of this.connection.status()) {
      if (status.type === 'disconnect') {
        this.#reconnecting = true;
        for (const reject of this.#inFlight) reject(new Unavailable('the message broker went away'));
      }
      if (status.type === 'reconnect') {
        this.#reconnecting = false;
        for (const listener of this.#returns) listener();
      }
    }
  }

  /** Creates a consumer's durable or brings an existing one's settings up to date (row P-29). */
  async ensureConsumer(durable: string, filterSubject: string): Promise<void> {
    const settings = this.#consumerSettings(filterSubject);
    try {
      await this.#addConsumer({
        durable_name: durable,
        ack_policy: AckPolicy.Explicit,
        deliver_policy: DeliverPolicy.All,
        ...settings,
      });
    } catch (error) {
      if (!(error instanceof JetStreamApiError) || !CANNOT_UPDATE.has(error.code)) throw error;
      await this.#answered(() => this.#manager.consumers.update(this.stream, durable, settings));
    }
  }

  #addConsumer(config: Partial<ConsumerConfig>): Promise<ConsumerInfo> {
    return this.#answered(() => this.#manager.consumers.add(this.stream, config));
  }

  #consumerSettings(filterSubject: string) {
    return {
      filter_subject: filterSubject,
      ack_wait: nanos(this.#limits.ackWaitMs),
      max_ack_pending: this.#limits.maxAckPending,
      // The consumer itself counts tries and parks: the broker must never give a message up silently (row P-05).
      max_deliver: -1,
    };
  }

  /**
   * Makes the mall's consumers begin again behind `kept`, the last sequence that is sure to hold what it held when
   * they passed it; those that have not come that far go on. Without it: behind the stream's end, for consumers that
   * remember more than the stream. What they have taken before comes again and is known by their inboxes.
   */
  async setBackConsumers(kept?: number): Promise<void> {
    const infos = await this.#consumers();
    // Asked after the consumers: no healthy one has come further.
    const limit = kept ?? (await this.ensureStream()).last;
    const ahead = infos.filter(
      ({ name, delivered }) => durablesOfTheMall.has(name) && delivered.stream_seq > limit,
    );
    for (const info of ahead) await this.#restartConsumer(info, Math.min(info.ack_floor.stream_seq, limit));
  }

  async #consumers(): Promise<readonly ConsumerInfo[]> {
    const infos: ConsumerInfo[] = [];
    const lister = this.#manager.consumers.list(this.stream);
    for (;;) {
      const page = await this.#answered(() => lister.next());
      if (page.length === 0) return infos;
      infos.push(...page);
    }
  }

  /**
   * A durable cannot be moved, only made anew. Relays that do so at once, or a consumer that makes sure of its durable
   * in between, leave one that begins no later than it must.
   */
  async #restartConsumer({ name, config }: ConsumerInfo, behind: number): Promise<void> {
    await unlessMissing(this.#answered(() => this.#manager.consumers.delete(this.stream, name)));
    try {
      await this.#addConsumer({
        durable_name: name,
        ack_policy: AckPolicy.Explicit,
        deliver_policy: DeliverPolicy.StartSequence,
        opt_start_seq: behind + 1,
        ...this.#consumerSettings(config.filter_subject ?? `${this.stream}.>`),
      });
    } catch (error) {
      if (!(error instanceof JetStreamApiError) || !CANNOT_UPDATE.has(error.code)) throw error;
    }
  }

  /** The id that the message at a sequence was published with; undefined when there is none. */
  async messageIdAt(sequence: number): Promise<string | undefined> {
    const message = await unlessMissing(
      this.#answered(() => this.#manager.streams.getMessage(this.stream, { seq: sequence })),
    );
    return message?.header.get('Nats-Msg-Id');
  }

  /** Finishes what was sent and closes; a connection that is away has nobody to send to. */
  async close(): Promise<void> {
    this.acks.flush();
    const enough = new AbortController();
    const late = pause(DRAIN_MS, undefined, { signal: enough.signal }).catch(() => undefined);
    // A server that is halted takes nothing any more; left to itself the client would seek it for ever.
    if (this.connected) await Promise.race([this.connection.drain(), late]);
    enough.abort();
    if (!this.connection.isClosed()) await this.connection.close();
  }

  /** Makes sure of the stream, also for a broker that has come back without it, and tells how far it reaches. */
  async ensureStream(): Promise<StreamBounds> {
    const config = {
      name: this.stream,
      subjects: [`${this.stream}.>`],
      retention: RetentionPolicy.Limits,
      storage: StorageType.File,
      discard: DiscardPolicy.New,
      max_age: nanos(this.#limits.streamMaxAgeMs),
      max_bytes: this.#limits.streamMaxBytes,
      num_replicas: this.#limits.streamReplicas,
      duplicate_window: nanos(this.#limits.duplicateWindowMs),
    };
    const { streams } = this.#manager;
    const { state } = await this.#answered(() => streams.add(config)).catch((error: unknown) => {
      if (!(error instanceof JetStreamApiError) || !CANNOT_UPDATE.has(error.code)) throw error;
      return this.#answered(() => streams.update(this.stream, config));
    });
    // One that has never had a message says 0, where no consumer can begin.
    return { first: Math.max(state.first_seq, 1), last: state.last_seq };
  }
}

async function unlessMissing<T>(request: Promise<T>): Promise<T | undefined> {
  try {
    return await request;
  } catch (error) {
    if (error instanceof JetStreamApiError && NOT_FOUND.has(error.code)) return undefined;
    throw error;
  }
}
