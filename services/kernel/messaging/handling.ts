import type { Span } from '@opentelemetry/api';
import { metadataKeys } from '../../../proto/catalogue.ts';
import { type Causation, type Database, inUnitOfWork } from '../database/index.ts';
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

function causationOf(envelope: Envelope, trace: TraceHeaders | undefined, signal: AbortSignal): Causation {
  return {
    causationId: envelope.id,
    correlationId: envelope.metadata[metadataKeys.correlationId] ?? envelope.id,
    trace,
    signal,
  };
}

/** A signal that aborts after a time. Released before, it leaves no timer behind, as AbortSignal.timeout would. */
function startDeadline(ms: number): { readonly signal: AbortSignal; release(): void } {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), ms);
  return { signal: controller.signal, release: () => clearTimeout(timer) };
}

/** Inbox row and effect in one commit; a refused command commits its failure reply in the effect's place. */
export async function takeEffect(
  { envelope, subscription, trace }: Handling,
  { database, limits, consumer }: { database: Database; limits: MessagingLimits; consumer: string },
): Promise<void> {
  const deadline = startDeadline(limits.handlerDeadlineMs);
  const causation = causationOf(envelope, trace, deadline.signal);
  const inbox = takeMessage(database.schema, consumer, envelope);
  try {
    await inUnitOfWork(database, causation, async (unit) => {
      unit.add(inbox);
      await abortable(subscription.handle(envelope, unit), causation.signal);
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

/** Lets go of a handler at its deadline; the unit of work refuses to commit afterwards. */
async function abortable(work: Promise<void>, signal: AbortSignal | undefined): Promise<void> {
  if (!signal) return work;
  const { promise, reject } = Promise.withResolvers<never>();
  const abort = (): void => reject(new DeadlineExceeded('the handler took too long'));
  signal.addEventListener('abort', abort, { once: true });
  try {
    await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

/** Refusals and undecodable payloads stay what they are; unknown faults may be passing and are tried again. */
export function isPermanent(error: unknown): boolean {
  return error instanceof UndecodableMessage || (error instanceof MallError && !isTransient(error));
}
