import { setTimeout as pause } from 'node:timers/promises';
import { jetstream } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { brokerAddress } from '../../proto/broker-address.ts';
import { consumerGroups } from '../../proto/catalogue.ts';
import { CliError } from '../cli-error.ts';
import { exitCodes } from '../exit-codes.ts';
import { withoutPassword } from '../malls/state.ts';
import type { DeadLetters, Letter, LetterLine, Settled } from './dead-letters.ts';
import type { MallServers } from './servers.ts';

const brokerTimeoutMs = 5_000;
const pollMs = 20;

/** What became of a letter whose message was sent again. */
export type RetriedLetter = { readonly id: string; readonly consumer: string } & (
  | Settled
  | { readonly outcome: 'not settled yet' }
);

export interface RetriedLetters {
  /** The letters of the messages that were sent; every consumer that had parked one is among them. */
  readonly retried: readonly RetriedLetter[];
  /** Letters that were left alone, since consumers that have no record of the message would take it too. */
  readonly heldBack: readonly { readonly id: string; readonly takenBy: readonly string[] }[];
}

interface Sent {
  readonly letter: LetterLine;
  readonly streamSequence: number;
}

/**
 * Sends the messages of dead letters again, each once, to the subject it came from, and deletes a letter when its
 * consumer has committed the effect or parked the message anew under its new sequence. The broker's acknowledgement
 * alone would not do: it comes before the broker syncs. Whatever breaks in between leaves the letter, and trying it
 * again is a duplicate. Consumers that took the message know it by their inbox; those that parked it do not, so it
 * takes effect there once. A message that some other consumer would take for new (it was dropped there, or its inbox
 * row is older than inbox rows are kept) is sent only with `force`.
 * @param wanted.waitMs how long the consumers may take, from the last message on
 * @throws CliError (4) when the broker does not take a message; its letters stay
 */
export async function retryLetters(
  letters: DeadLetters,
  servers: MallServers,
  wanted: { readonly ids: readonly string[]; readonly force: boolean; readonly waitMs: number },
): Promise<RetriedLetters> {
  const heldBack: { id: string; takenBy: readonly string[] }[] = [];
  const sent = new Map<string, Sent>();
  await publishing(servers, async (publish) => {
    for (const id of wanted.ids) {
      // It went with another letter of the same message, or somebody else has seen to it.
      const letter = sent.has(id) ? undefined : await letters.find(id);
      if (letter === undefined) continue;
      const takenBy = wanted.force ? [] : await newTakers(letters, servers, letter);
      if (takenBy.length > 0) {
        heldBack.push({ id, takenBy });
        continue;
      }
      const copies = await letters.copies(letter);
      const streamSequence = await publish(letter.subject, letter.data);
      for (const copy of copies) sent.set(copy.id, { letter: copy, streamSequence });
    }
  });
  return { retried: await untilSettled(letters, [...sent.values()], wanted.waitMs), heldBack };
}

/** Follows the messages to their consumers' outcome, and deletes the letters that have one. */
async function untilSettled(
  letters: DeadLetters,
  sent: readonly Sent[],
  waitMs: number,
): Promise<readonly RetriedLetter[]> {
  const deadline = performance.now() + waitMs;
  const outcomes = new Map<string, Settled>();
  for (;;) {
    for (const { letter, streamSequence } of sent.filter(({ letter }) => !outcomes.has(letter.id))) {
      const settled = await letters.settled(letter, streamSequence);
      if (settled === undefined) continue;
      await letters.remove(letter);
      outcomes.set(letter.id, settled);
    }
    if (outcomes.size === sent.length || performance.now() > deadline) break;
    await pause(pollMs);
  }
  return sent.map(({ letter: { id, consumer } }) => ({
    id,
    consumer,
    ...(outcomes.get(id) ?? { outcome: 'not settled yet' }),
  }));
}

/** Other consumers that would take the message for a new one. */
async function newTakers(
  letters: DeadLetters,
  { stream }: MallServers,
  letter: Letter,
): Promise<readonly string[]> {
  if (letter.messageId === '') return [];
  const others = Object.values(consumerGroups).filter(
    ({ name, channel, messages }) =>
      name !== letter.consumer &&
      `${stream}.${channel}` === letter.subject &&
      messages.some((message) => message.name === letter.name),
  );
  return letters.unaware(others, letter.messageId);
}

/** Puts a message in the stream. Answers its sequence there once the broker has it. */
type Publish = (subject: string, data: Uint8Array) => Promise<number>;

async function publishing(
  { natsUrl, stream }: MallServers,
  work: (publish: Publish) => Promise<void>,
): Promise<void> {
  const connection = await connect({
    ...brokerAddress(natsUrl),
    reconnect: false,
    timeout: brokerTimeoutMs,
  }).catch((error: unknown) => {
    throw brokerError(`The mall's broker at ${withoutPassword(natsUrl)} does not answer.`, error);
  });
  try {
    const client = jetstream(connection, { timeout: brokerTimeoutMs });
    await work(async (subject, data) => {
      try {
        // No message id: within its duplicate window the broker would take this for a repeat and keep it back.
        return (await client.publish(subject, data, { expect: { streamName: stream } })).seq;
      } catch (error) {
        throw brokerError(`The broker did not take a message for ${subject}; its dead letter stays.`, error);
      }
    });
  } finally {
    await connection.close();
  }
}

function brokerError(sentence: string, cause: unknown): CliError {
  return new CliError(sentence, {
    exitCode: exitCodes.environment,
    cause,
    next: '`mall ps` shows how the mall is; then try again, nothing is done twice',
  });
}
