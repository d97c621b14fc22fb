import { type ConsumerMessages, type JetStreamClient, jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import type { MessageDefinition } from '../../../proto/catalogue.ts';
import { EventMessageData } from '../../../proto/gen/messaging/message_data.ts';
import { StreamMessage } from '../../../proto/gen/messaging/stream_message.ts';

/** A message as it lies in the stream. */
export interface RecordedMessage {
  readonly sequence: number;
  readonly subject: string;
  readonly id: string;
  readonly name: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly payload: Uint8Array;
  readonly occurredAt: Date | undefined;
}

/**
 * Reads and writes a stream as a foreign program would: by the wire's generated types alone, so that a test judges
 * what the mall publishes instead of repeating it.
 */
export class StreamRecorder {
  readonly messages: RecordedMessage[] = [];
  readonly #connection: NatsConnection;
  readonly #jetstream: JetStreamClient;
  readonly #stream: string;
  #source: ConsumerMessages | undefined;
  #reading: Promise<void> | undefined;

  private constructor(connection: NatsConnection, stream: string) {
    this.#connection = connection;
    this.#jetstream = jetstream(connection);
    this.#stream = stream;
  }

  /** Begins with the stream's first message. */
  static async open(natsUrl: string, stream: string): Promise<StreamRecorder> {
    const recorder = new StreamRecorder(await connect({ servers: natsUrl }), stream);
    const consumer = await recorder.#jetstream.consumers.get(stream);
    recorder.#source = await consumer.consume();
    recorder.#reading = recorder.#read(recorder.#source);
    return recorder;
  }

  /** Publishes an envelope. Its id is not told to the broker, so that a repeat gets as far as the inbox. */
  async publish<Payload>(
    definition: MessageDefinition<Payload>,
    payload: Payload,
    message: { id: string; metadata: Readonly<Record<string, string>>; channel?: string },
  ): Promise<void> {
    const bytes = definition.codec.encode(payload).finish();
    const data = EventMessageData.encode({ payload: Buffer.from(bytes), occurredAt: new Date() }).finish();
    const { id, metadata } = message;
    const envelope = { id, metadata, name: definition.name, data: Buffer.from(data), sentAt: new Date() };
    const subject = `${this.#stream}.${message.channel ?? definition.channel}`;
    await this.#jetstream.publish(subject, StreamMessage.encode(envelope).finish());
  }

  /** Deletes the stream if asked to, and lets go of the broker. */
  async close({ deleteStream }: { deleteStream: boolean }): Promise<void> {
    this.#source?.stop();
    await this.#reading;
    if (deleteStream) await (await jetstreamManager(this.#connection)).streams.delete(this.#stream);
    await this.#connection.close();
  }

  async #read(source: ConsumerMessages): Promise<void> {
    for await (const { seq, subject, data } of source) {
      const envelope = StreamMessage.decode(data);
      const { payload, occurredAt } = EventMessageData.decode(envelope.data);
      const { id, name, metadata = {} } = envelope;
      this.messages.push({ sequence: seq, subject, id, name, metadata, payload, occurredAt });
    }
  }
}
