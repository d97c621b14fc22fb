import { type ConsumerMessages, DeliverPolicy, type JetStreamClient, jetstream } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { brokerAddress } from '../../proto/broker-address.ts';
import { type MessageDefinition, messageNamed, metadataKeys } from '../../proto/catalogue.ts';
import { EventMessageData } from '../../proto/gen/messaging/message_data.ts';
import { StreamMessage } from '../../proto/gen/messaging/stream_message.ts';
import type { InsideAddresses } from './mall-under-test.ts';

const connectTimeoutMs = 5_000;

/** A message as it lies in the stream. */
export interface LoggedMessage {
  readonly sequence: number;
  readonly subject: string;
  readonly id: string;
  readonly name: string;
  readonly metadata: Readonly<Record<string, string>>;
  /** The decoded payload; undefined for names the catalogue does not know. */
  readonly content: object | undefined;
  readonly data: Uint8Array;
}

/** Everything a mall's stream took since a moment, read as any subscriber would. */
export class MessageLog {
  readonly #messages: LoggedMessage[] = [];
  readonly #connection: NatsConnection;
  readonly #jetstream: JetStreamClient;
  readonly #stream: string;
  readonly #source: ConsumerMessages;
  readonly #reading: Promise<void>;

  private constructor(connection: NatsConnection, stream: string, source: ConsumerMessages) {
    this.#connection = connection;
    this.#jetstream = jetstream(connection);
    this.#stream = stream;
    this.#source = source;
    this.#reading = this.#read();
  }

  static async open({ natsUrl, natsStream }: InsideAddresses, since: Date): Promise<MessageLog> {
    const connection = await connect({
      ...brokerAddress(natsUrl),
      name: 'mall features',
      timeout: connectTimeoutMs,
    });
    const consumer = await jetstream(connection).consumers.get(natsStream, {
      deliver_policy: DeliverPolicy.StartTime,
      opt_start_time: since.toISOString(),
    });
    return new MessageLog(connection, natsStream, await consumer.consume());
  }

  /** The messages that belong to one story, in the order of the stream. */
  of(correlationId: string): readonly LoggedMessage[] {
    return this.#messages.filter((each) => each.metadata[metadataKeys.correlationId] === correlationId);
  }

  /** The messages about an aggregate, in the order of the stream. */
  about(aggregateId: string): readonly LoggedMessage[] {
    return this.#messages.filter((each) => each.metadata[metadataKeys.aggregateId] === aggregateId);
  }

  /** Commands of an order's saga and the answers to them. */
  ofSaga(sagaId: string): readonly LoggedMessage[] {
    const { commandSagaId, replySagaId } = metadataKeys;
    return this.#messages.filter(
      ({ metadata }) => metadata[commandSagaId] === sagaId || metadata[replySagaId] === sagaId,
    );
  }

  named(name: string): readonly LoggedMessage[] {
    return this.#messages.filter((each) => each.name === name);
  }

  withId(id: string): LoggedMessage | undefined {
    return this.#messages.find((each) => each.id === id);
  }

  /** Sends a message as a foreign program would: without an id for the broker, so that it gets as far as the inbox. */
  async publish<Payload>(
    definition: MessageDefinition<Payload>,
    payload: Payload,
    { id, metadata, channel }: { id: string; metadata: Readonly<Record<string, string>>; channel: string },
  ): Promise<number> {
    const bytes = Buffer.from(definition.codec.encode(payload).finish());
    const data = Buffer.from(EventMessageData.encode({ payload: bytes, occurredAt: new Date() }).finish());
    const envelope = { id, metadata, name: definition.name, data, sentAt: new Date() };
    return this.publishBytes(channel, StreamMessage.encode(envelope).finish());
  }

  /** Puts bytes on a channel. Answers their sequence in the stream. */
  async publishBytes(channel: string, bytes: Uint8Array): Promise<number> {
    return (await this.#jetstream.publish(`${this.#stream}.${channel}`, bytes)).seq;
  }

  /** Puts a message into the stream once more, byte for byte. */
  async repeat({ subject, data }: LoggedMessage): Promise<number> {
    return (await this.#jetstream.publish(subject, data)).seq;
  }

  async close(): Promise<void> {
    this.#source.stop();
    await this.#reading;
    await this.#connection.close();
  }

  async #read(): Promise<void> {
    for await (const { seq, subject, data } of this.#source) {
      const message = readMessage(seq, subject, data);
      if (message !== undefined) this.#messages.push(message);
    }
  }
}

/** Undefined for bytes that are no message: scenarios put such there. */
function readMessage(sequence: number, subject: string, data: Uint8Array): LoggedMessage | undefined {
  try {
    const { id, name, metadata = {}, data: inner } = StreamMessage.decode(data);
    const content = messageNamed(name)?.codec.decode(EventMessageData.decode(inner).payload);
    return { sequence, subject, id, name, metadata: strings(metadata), content, data };
  } catch {
    return undefined;
  }
}

function strings(metadata: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(Object.entries(metadata).map(([key, value]) => [key, String(value)]));
}
