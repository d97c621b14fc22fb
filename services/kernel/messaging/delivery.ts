import type { JsMsg } from '@nats-io/jetstream';
import type { Broker } from './broker.ts';

/**
 * A message as the broker has given it out. Once the connection that it came by is gone nothing more is told of it: a
 * broker that has lost its tail may have given its sequence to another message, which would be settled in its place.
 * What was not told comes again, and the inbox knows it.
 */
export class Delivery {
  readonly seq: number;
  readonly subject: string;
  readonly data: Uint8Array;
  readonly #message: JsMsg;
  readonly #broker: Broker;
  readonly #session: string | undefined;

  constructor(message: JsMsg, broker: Broker) {
    this.seq = message.seq;
    this.subject = message.subject;
    this.data = message.data;
    this.#message = message;
    this.#broker = broker;
    this.#session = broker.session;
  }

  ack(): void {
    this.#broker.acks.add(() => {
      if (this.#stands) this.#message.ack();
    });
  }

  nak(delayMs?: number): void {
    if (this.#stands) this.#message.nak(delayMs);
  }

  term(reason: string): void {
    if (this.#stands) this.#message.term(reason);
  }

  working(): void {
    if (this.#stands) this.#message.working();
  }

  get #stands(): boolean {
    return this.#broker.session === this.#session;
  }
}
