import { connect, type NatsConnection } from '@nats-io/transport-node';
import { brokerAddress } from '../../proto/broker-address.ts';
import { messages } from '../../proto/catalogue.ts';
import { EventMessageData } from '../../proto/gen/messaging/message_data.ts';
import { StreamMessage } from '../../proto/gen/messaging/stream_message.ts';

const { orderApproved, orderRejected } = messages.ordering;
const waitsAtMostMs = 60_000;

interface Waiting {
  resolve(): void;
  reject(error: Error): void;
  readonly timer: NodeJS.Timeout;
}

/**
 * Hears of decided orders from the broker as ordering publishes them: nothing is polled, and the mall has no work
 * with being watched.
 */
export class Approvals {
  readonly #connection: NatsConnection;
  readonly #waiting = new Map<string, Waiting>();
  /** Decided before anybody asked: an answer to a request can come later than what follows from it. */
  readonly #decided = new Map<string, string | undefined>();

  private constructor(connection: NatsConnection) {
    this.#connection = connection;
  }

  static async listen({ natsUrl, stream }: { natsUrl: string; stream: string }): Promise<Approvals> {
    const connection = await connect({ ...brokerAddress(natsUrl), name: 'mall bench' });
    const approvals = new Approvals(connection);
    connection.subscribe(`${stream}.${orderApproved.channel}`, {
      callback: (error, message) => {
        if (error === null) approvals.#take(message.data);
      },
    });
    await connection.flush();
    return approvals;
  }

  /** Resolves once the order is approved. Rejects when it is rejected, or undecided for a minute. */
  approved(orderId: string): Promise<void> {
    if (this.#decided.has(orderId)) {
      const refusal = this.#decided.get(orderId);
      this.#decided.delete(orderId);
      return refusal === undefined ? Promise.resolve() : Promise.reject(rejected(orderId, refusal));
    }
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(orderId);
        reject(new Error(`order ${orderId} was not decided within ${waitsAtMostMs / 1_000} s`));
      }, waitsAtMostMs);
      this.#waiting.set(orderId, { resolve, reject, timer });
    });
  }

  async close(): Promise<void> {
    for (const { timer } of this.#waiting.values()) clearTimeout(timer);
    await this.#connection.close();
  }

  #take(bytes: Uint8Array): void {
    const { name, data } = StreamMessage.decode(bytes);
    if (name !== orderApproved.name && name !== orderRejected.name) return;
    const { payload } = EventMessageData.decode(data);
    if (name === orderApproved.name) this.#decide(orderApproved.codec.decode(payload).id, undefined);
    else {
      const { id, reason } = orderRejected.codec.decode(payload);
      this.#decide(id, reason);
    }
  }

  #decide(orderId: string, refusal: string | undefined): void {
    const waiting = this.#waiting.get(orderId);
    if (waiting === undefined) {
      this.#decided.set(orderId, refusal);
      return;
    }
    this.#waiting.delete(orderId);
    clearTimeout(waiting.timer);
    if (refusal === undefined) waiting.resolve();
    else waiting.reject(rejected(orderId, refusal));
  }
}

function rejected(orderId: string, reason: string): Error {
  return new Error(`order ${orderId} was rejected: ${reason}`);
}
