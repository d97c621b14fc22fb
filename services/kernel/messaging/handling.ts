import type { Span } from '@opentelemetry/api';
import { metadataKeys } from '../../../proto/catalogue.ts';
import { type Causation, type Database, type Deadline, inUnitOfWork } from '../database/index.ts';
import { DeadlineExceeded, isTransient, MallError } from '../domain/index.ts';
import type { TraceHeaders } from '../telemetry/index.ts';
import type { Delivery } from './delivery.ts';
import { decodeEnvelope, type Envelope, UndecodableMessage } from './envelope.ts';
import type { Placed } from './held-messages.ts';
import { takeMessage } from './inbox.ts';
import type { MessagingLimits } from './limits.ts';
import type { Subscription } from './subscriptions.ts';

/** One try at handling one message. */
export interface Handling {
  readonly message: Delivery;
  readonly envelope: Envelope;
  readonly subscription: Subscription;
  readonly key: string;
  readonly attempt: number;
  /** Tries at this attempt that the database was away for. */
  readonly outages: number;
  readonly trace: TraceHeaders | undefined;
  readonly span: Span | undefined;
}

export function decode(message: Delivery): Envelope | UndecodableMessage {
  try {
    return decodeEnvelope(message.data);
  } catch (error) {
    if (error instanceof UndecodableMessage) return error;
    throw error;
  }
}

/** Messages about one aggregate, or of one saga, are handled in order; a foreign sender's may go side by side. */
export function orderingKey(envelope: Envelope): string {
  const { metadata } = envelope;
  return (
    metadata[metadataKeys.aggregateId] ??
    metadata[metadataKeys.commandSagaId] ??
    metadata[metadataKeys.replySagaId] ??
    envelope.id
  );
}

export function placeOf({ id, metadata }: Envelope, { seq }: Delivery): Placed {
  return { id, sequence: seq, command: metadata[metadataKeys.commandId] };
}

function causationOf(envelope: Envelope, trace: TraceHeaders | undefined, signal: Deadline): Causation {
  return {
    causationId: envelope.id,
    correlationId: envelope.metadata[metadataKeys.correlationId] ?? envelope.id,
    trace,
    signal,
  };
}

/** Lets go of a handler after a time; the unit of work refuses to commit afterwards. An AbortSignal would cost more than the handling. */
class HandlerDeadline {
  #aborted = false;
  #abort: ((error: DeadlineExceeded) => void) | undefined;
  readonly #timer: NodeJS.Timeout;

  constructor(ms: number) {
    this.#timer = setTimeout(() => {
      this.#aborted = true;
      this.#abort?.(new DeadlineExceeded('the handler took too long'));
    }, ms);
  }

  get aborted(): boolean {
    return this.#aborted;
  }

  within(work: Promise<void>): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#abort = reject;
      work.then(resolve, reject);
    });
  }

  release(): void {
    clearTimeout(this.#timer);
  }
}

/** Inbox row and effect in one commit; a refused command commits its failure reply in the effect's place. */
export async function takeEffect(
  { envelope, subscription, trace }: Handling,
  { database, limits, consumer }: { database: Database; limits: MessagingLimits; consumer: string },
): Promise<void> {
  const deadline = new HandlerDeadline(limits.handlerDeadlineMs);
  const causation = causationOf(envelope, trace, deadline);
  const inbox = takeMessage(database.schema, consumer, envelope);
  try {
    await inUnitOfWork(database, causation, async (unit) => {
      unit.add(inbox);
      await deadline.within(subscription.handle(envelope, unit));
    });
  } catch (error) {
    if (!subscription.refuse || !(error instanceof MallError) || isTransient(error)) throw error;
    await inUnitOfWork(database, causation, async (unit) => {
      unit.add(inbox);
      subscription.refuse?.(envelope, unit, error);
    });
  } finally {
    deadline.release();
  }
}

/** Refusals and undecodable payloads stay what they are; unknown faults may be passing and are tried again. */
export function isPermanent(error: unknown): boolean {
  return error instanceof UndecodableMessage || (error instanceof MallError && !isTransient(error));
}
