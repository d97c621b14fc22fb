import { BinaryReader } from '@bufbuild/protobuf/wire';
import { type JetStreamClient, type JetStreamManager, jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect, type NatsConnection, nanos } from '@nats-io/transport-node';
import { brokerAddress } from '../../proto/broker-address.ts';
import { consumerGroups, metadataKeys } from '../../proto/catalogue.ts';
import { StreamMessage } from '../../proto/gen/messaging/stream_message.ts';

/** A message as far as most checks need it; `decode` reads the rest. */
export interface StoredMessage {
  readonly sequence: number;
  /** Subject without the stream's name in front. */
  readonly channel: string;
  /** Blank where the bytes are no envelope. */
  readonly id: string;
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** How far a durable consumer has come. */
export interface ConsumerStanding {
  /** Every message of the consumer up to this sequence is settled. */
  readonly settledUpTo: number;
  readonly waiting: number;
}

export interface StreamBounds {
  readonly first: number;
  readonly last: number;
  readonly messages: number;
}

const durables = new Set<string>(Object.values(consumerGroups).map(({ name }) => name));

/** Messages compared with the databases at once. */
const BATCH_MESSAGES = 5_000;
/** A broker that delivers nothing for this long while messages are left does not answer. */
const SILENCE_MS = 10_000;

/** The mall's stream, read without touching the consumers of its contexts. */
export class Stream {
  readonly #connection: NatsConnection;
  readonly #jetstream: JetStreamClient;
  readonly #manager: JetStreamManager;
  readonly #name: string;

  private constructor(connection: NatsConnection, manager: JetStreamManager, name: string) {
    this.#connection = connection;
    this.#jetstream = jetstream(connection);
    this.#manager = manager;
    this.#name = name;
  }

  /** @throws the client's error when the broker or its JetStream does not answer */
  static async open(url: string, name: string): Promise<Stream> {
    const connection = await connect({
      ...brokerAddress(url),
      name: 'mall audit',
      reconnect: false,
      timeout: 5_000,
    });
    try {
      return new Stream(connection, await jetstreamManager(connection), name);
    } catch (error) {
      await connection.close();
      throw error;
    }
  }

  async bounds(): Promise<StreamBounds> {
    const { state } = await this.#manager.streams.info(this.#name);
    return { first: state.first_seq, last: state.last_seq, messages: state.messages };
  }

  /** The contexts' consumers by name; others read for themselves and are not waited for. */
  async consumers(): Promise<ReadonlyMap<string, ConsumerStanding>> {
    const standings = new Map<string, ConsumerStanding>();
    for await (const info of this.#manager.consumers.list(this.#name)) {
      const { name, num_pending, num_ack_pending, ack_floor, delivered } = info;
      if (!durables.has(name)) continue;
      const waiting = num_pending + num_ack_pending;
      const settledUpTo = num_ack_pending === 0 ? delivered.stream_seq : ack_floor.stream_seq;
      standings.set(name, { settledUpTo, waiting });
    }
    return standings;
  }

  /** All messages up to a sequence, in their order, some thousand at a time. */
  async *batches(upTo: number): AsyncGenerator<StoredMessage[]> {
    const consumer = await this.#jetstream.consumers.get(this.#name, {
      inactive_threshold: nanos(3 * SILENCE_MS),
    });
    const source = await consumer.consume({ max_messages: BATCH_MESSAGES });
    const guard = new SilenceGuard(() => source.stop());
    let batch: StoredMessage[] = [];
    let done = false;
    try {
      for await (const message of source) {
        guard.heard();
        if (message.seq <= upTo) batch.push(this.#read(message));
        done = message.seq >= upTo || message.info.pending === 0;
        if (done) break;
        if (batch.length < BATCH_MESSAGES) continue;
        yield batch;
        guard.heard();
        batch = [];
      }
    } finally {
      guard.end();
      source.stop();
      // Left to itself it would stay until the broker tires of it.
      await consumer.delete().catch(() => false);
    }
    if (!done) throw new Error(`the broker delivered nothing for ${SILENCE_MS / 1000} s`);
    if (batch.length > 0) yield batch;
  }

  async close(): Promise<void> {
    await this.#connection.close();
  }

  #read({ seq, subject, data }: { seq: number; subject: string; data: Uint8Array }): StoredMessage {
    const channel = subject.slice(this.#name.length + 1);
    return { sequence: seq, channel, ...idAndName(data), bytes: data };
  }
}

/** Ends a reading that hears nothing any more. */
class SilenceGuard {
  #timer: NodeJS.Timeout;

  constructor(onSilence: () => void) {
    this.#timer = setTimeout(onSilence, SILENCE_MS);
  }

  heard(): void {
    this.#timer.refresh();
  }

  end(): void {
    clearTimeout(this.#timer);
  }
}

/** The first two fields of the envelope alone: reading all metadata takes several times as long. */
function idAndName(bytes: Uint8Array): { id: string; name: string } {
  const found = { id: '', name: '' };
  try {
    const reader = new BinaryReader(bytes);
    while (reader.pos < reader.len) {
      const [field, wireType] = reader.tag();
      if (field === 1) found.id = reader.string();
      else if (field === 2) found.name = reader.string();
      else reader.skip(wireType);
    }
    return found;
  } catch {
    return { id: '', name: '' };
  }
}

/** Ids of what a message is about: its aggregate, its saga, the story it belongs to. */
export function concerns(message: StoredMessage): readonly string[] {
  if (message.id === '') return [];
  const { metadata = {} } = StreamMessage.decode(message.bytes);
  const { aggregateId, commandSagaId, replySagaId, correlationId } = metadataKeys;
  const ids = [aggregateId, commandSagaId, replySagaId, correlationId].map((key): unknown => metadata[key]);
  return [message.id, ...ids.filter((id): id is string => typeof id === 'string')];
}
