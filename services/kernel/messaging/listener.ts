import { connect, type NatsConnection } from '@nats-io/transport-node';
import { brokerAddress } from '../../../proto/broker-address.ts';
import { decodeEnvelope, type Envelope, UndecodableMessage } from './envelope.ts';

export interface ListenerOptions {
  readonly url: string;
  readonly stream: string;
  /** Channels to listen to, without the stream's name. */
  readonly channels: readonly string[];
  readonly heard: (message: Envelope) => void;
}

const connectWithinMs = 2_000;

/**
 * Hears what is published from now on, for whoever only watches: no durable, no acknowledgement, nothing of the past,
 * and nothing left on the broker when it closes. What passes while the connection is away is missed.
 */
export class Listener {
  readonly #connection: NatsConnection;

  private constructor(connection: NatsConnection) {
    this.#connection = connection;
  }

  /** @throws the client's error when the broker does not answer */
  static async open({ url, stream, channels, heard }: ListenerOptions): Promise<Listener> {
    const connection = await connect({
      ...brokerAddress(url),
      name: `mall ${stream} listener`,
      timeout: connectWithinMs,
      maxReconnectAttempts: -1,
      reconnectTimeWait: 500,
      reconnectJitter: 500,
    });
    for (const channel of channels) {
      connection.subscribe(`${stream}.${channel}`, {
        callback: (error, message) => {
          if (error !== null) return;
          const envelope = decoded(message.data);
          if (envelope !== undefined) heard(envelope);
        },
      });
    }
    return new Listener(connection);
  }

  async close(): Promise<void> {
    await this.#connection.close();
  }
}

/** What cannot be read is for the consumers to park. */
function decoded(bytes: Uint8Array): Envelope | undefined {
  try {
    return decodeEnvelope(bytes);
  } catch (error) {
    if (error instanceof UndecodableMessage) return undefined;
    throw error;
  }
}
