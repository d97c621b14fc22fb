import { DeliverPolicy, jetstream } from '@nats-io/jetstream';
import { connect, nanos } from '@nats-io/transport-node';
import { brokerAddress } from '../../proto/broker-address.ts';

/** Copies are kept until this many are there, and then sent in any order. */
const shuffled = 40;

/** Sends messages of a stream once more, late and out of order, as a network between broker and mall might. */
export class Repeats {
  readonly #end = new AbortController();
  readonly #running: Promise<number>;

  constructor(place: { natsUrl: string; natsStream: string }, random: () => number) {
    this.#running = repeat(place, random, this.#end.signal);
    this.#running.catch(() => undefined);
  }

  /** Ends it. Answers how many messages were repeated. */
  stop(): Promise<number> {
    this.#end.abort();
    return this.#running;
  }
}

async function repeat(
  { natsUrl, natsStream }: { natsUrl: string; natsStream: string },
  random: () => number,
  signal: AbortSignal,
): Promise<number> {
  const connection = await connect(brokerAddress(natsUrl));
  const client = jetstream(connection);
  // What is sent from now on: all of a long run's messages at once would be a flood, and nobody's network.
  const fromNowOn = { deliver_policy: DeliverPolicy.New, inactive_threshold: nanos(30_000) };
  const consumer = await client.consumers.get(natsStream, fromNowOn);
  const source = await consumer.consume();
  signal.addEventListener('abort', () => source.stop(), { once: true });
  let sent = 0;
  const kept: { subject: string; data: Uint8Array }[] = [];
  try {
    for await (const { subject, data, headers } of source) {
      // Copies carry no message id: the broker would keep them back. Copies of copies would never end.
      if (headers?.has('Nats-Msg-Id')) kept.push({ subject, data });
      if (kept.length < shuffled) continue;
      kept.sort(() => random() - 0.5);
      for (const copy of kept.splice(0)) await client.publish(copy.subject, copy.data);
      sent += shuffled;
    }
  } finally {
    await consumer.delete().catch(() => false);
    await connection.close();
  }
  return sent;
}
