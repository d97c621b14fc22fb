import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { Client, credentials, Metadata, type ServiceError } from '@grpc/grpc-js';
import { type ConsumerMessages, type JetStreamClient, jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { eventually, type TestProcess } from '../kernel/testing/index.ts';
import {
  bytes,
  type Decoded,
  decodeOriginal,
  type Fields,
  struct,
  text,
  timestamp,
} from './protobuf-wire.ts';

/** A message of the stream as a program of the original reads it. */
export interface WireMessage {
  readonly subject: string;
  /** The id the broker recognises repeats by. */
  readonly brokerId: string | undefined;
  readonly id: string;
  readonly name: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly sentAt: Date;
  readonly occurredAt: Date;
  readonly payload: Uint8Array;
}

/**
 * A program of the original's making beside a mall: it calls and publishes bytes built by hand, and reads what it is
 * answered and what is published by the original's definitions.
 */
export class ForeignProgram {
  /** All of the stream so far, its own messages too. */
  readonly messages: WireMessage[] = [];
  readonly #client: Client;
  readonly #connection: NatsConnection;
  readonly #jetstream: JetStreamClient;
  readonly #stream: string;
  readonly #called = new Set<string>();
  readonly #published = new Set<string>();
  #source: ConsumerMessages | undefined;
  #reading: Promise<void> | undefined;

  private constructor(mall: TestProcess, connection: NatsConnection) {
    this.#client = new Client(mall.grpcAddress, credentials.createInsecure());
    this.#connection = connection;
    this.#jetstream = jetstream(connection);
    this.#stream = mall.ground.stream;
  }

  /** Close it before the mall stops. */
  static async open(mall: TestProcess): Promise<ForeignProgram> {
    const program = new ForeignProgram(mall, await connect({ servers: mall.ground.natsUrl }));
    const consumer = await program.#jetstream.consumers.get(mall.ground.stream);
    program.#source = await consumer.consume();
    program.#reading = program.#read(program.#source);
    return program;
  }

  async close(): Promise<void> {
    this.#source?.stop();
    await this.#reading;
    await this.#connection.close();
    this.#client.close();
  }

  /** The status with which a refused call ended, as clients of the original read it. */
  static statusOf(refused: unknown): Decoded {
    assert.ok(refused instanceof Error && 'metadata' in refused && refused.metadata instanceof Metadata);
    const [trailer] = refused.metadata.get('grpc-status-details-bin');
    assert.ok(Buffer.isBuffer(trailer), 'the refusal has details');
    return decodeOriginal('google.Status', trailer);
  }

  /** The methods that were called so far, as in `storespb.StoresService/GetStore`. */
  get called(): ReadonlySet<string> {
    return this.#called;
  }

  /** What was published by others than this program. */
  get heard(): readonly WireMessage[] {
    return this.messages.filter(({ id }) => !this.#published.has(id));
  }

  /** Calls a method such as `storespb.StoresService/GetStore`. @throws ServiceError */
  async call(method: string, ...request: readonly Fields[]): Promise<Decoded> {
    this.#called.add(method);
    const answer = await this.#unary(`/${method}`, Buffer.from(request.flat()));
    const [packageName] = method.split('.');
    return decodeOriginal(`${packageName}.${method.split('/')[1]}Response`, answer);
  }

  /** Publishes as the original does, which tells the broker the id and adds no metadata of its own. Answers the id. */
  async publish(
    channel: string,
    name: string,
    payload: Fields,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<string> {
    const id = randomUUID();
    const now = new Date();
    const data = [...bytes(1, payload), ...timestamp(2, now)];
    const envelope = [text(1, id), text(2, name), bytes(3, data), struct(4, headers), timestamp(5, now)];
    this.#published.add(id);
    const subject = `${this.#stream}.${channel}`;
    await this.#jetstream.publish(subject, Buffer.from(envelope.flat()), { msgID: id });
    return id;
  }

  /** The first message of others that the predicate takes, already there or still to come. */
  next(what: string, predicate: (message: WireMessage) => boolean): Promise<WireMessage> {
    return eventually(() => this.heard.find(predicate) ?? assert.fail(`${what} is published`));
  }

  /** The durable consumers that have not taken and settled all that was published. */
  async unsettled(): Promise<string[]> {
    const manager = await jetstreamManager(this.#connection);
    const names: string[] = [];
    for await (const { config, num_pending, num_ack_pending } of manager.consumers.list(this.#stream)) {
      if (config.durable_name && num_pending + num_ack_pending > 0) names.push(config.durable_name);
    }
    return names;
  }

  #unary(path: string, request: Buffer): Promise<Buffer> {
    const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
    const same = (content: Buffer): Buffer => content;
    const answered = (error: ServiceError | null, answer?: Buffer): void =>
      error || !answer ? reject(error) : resolve(answer);
    const deadline = Date.now() + 10_000;
    this.#client.makeUnaryRequest(path, same, same, request, new Metadata(), { deadline }, answered);
    return promise;
  }

  async #read(source: ConsumerMessages): Promise<void> {
    for await (const { subject, data, headers } of source) {
      this.messages.push({ subject, brokerId: headers?.get('Nats-Msg-Id'), ...readEnvelope(data) });
    }
  }
}

function readEnvelope(content: Uint8Array): Omit<WireMessage, 'subject' | 'brokerId'> {
  const envelope = decodeOriginal('jetstream.StreamMessage', content);
  const data = decodeOriginal('EventMessageData', bytesOf(envelope, 'data'));
  const metadata = listOf(partOf(envelope, 'metadata'), 'fields').map((entry) => [
    textOf(entry, 'key'),
    textOf(partOf(entry, 'value'), 'string_value'),
  ]);
  return {
    id: textOf(envelope, 'id'),
    name: textOf(envelope, 'name'),
    metadata: Object.fromEntries(metadata),
    sentAt: timeOf(envelope, 'sent_at'),
    occurredAt: timeOf(data, 'occurred_at'),
    payload: bytesOf(data, 'payload'),
  };
}

export function textOf(message: Decoded, field: string): string {
  const value = message[field];
  assert.ok(typeof value === 'string', `${field} is text`);
  return value;
}

export function bytesOf(message: Decoded, field: string): Uint8Array {
  const value = message[field];
  assert.ok(value instanceof Uint8Array, `${field} is bytes`);
  return value;
}

export function partOf(message: Decoded, field: string): Decoded {
  const value = message[field];
  assert.ok(isMessage(value), `${field} is a message`);
  return value;
}

export function listOf(message: Decoded, field: string): readonly Decoded[] {
  const value = message[field];
  assert.ok(Array.isArray(value), `${field} is a list`);
  return value.map((each: unknown) => {
    assert.ok(isMessage(each), `${field} holds messages`);
    return each;
  });
}

function timeOf(message: Decoded, field: string): Date {
  const { seconds, nanos } = partOf(message, field);
  return new Date(Number(seconds) * 1000 + Number(nanos) / 1_000_000);
}

function isMessage(value: unknown): value is Decoded {
  return (
    typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array)
  );
}
