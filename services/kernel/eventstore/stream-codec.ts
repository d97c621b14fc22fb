import { z } from 'zod';
import { type Id, id, MAX_AMOUNT, moneyFromDecimal } from '../domain/index.ts';

/**
 * How one kind of stream is kept: domain values on one side, the stored JSON documents on the other.
 * The documents are the original's; keys are only ever added, and an added key has a default when absent,
 * so that every document ever stored stays readable.
 */
export interface StreamCodec<State, Event> {
  readonly streamName: string;
  readonly snapshotName: string;
  encodeEvent(event: Event): Record<string, unknown>;
  /** @throws UnreadableDocument when the name is unknown or the document is not that event's */
  decodeEvent(name: string, data: unknown): Event;
  encodeState(state: State): unknown;
  /** @throws UnreadableDocument when the document is not such a snapshot */
  decodeState(data: unknown): State;
}

/** A stored document that breaks its own format: a fault of the store, never of a caller. */
export class UnreadableDocument extends Error {
  readonly code = 'UNREADABLE_DOCUMENT';

  constructor(document: string, reason: string) {
    super(`stored document ${document} cannot be read: ${reason}`);
    this.name = 'UnreadableDocument';
  }
}

/** Reads one document; what is wrong is told by field. */
export function readDocument<T>(document: string, schema: z.ZodType<T>, data: unknown): T {
  const result = schema.safeParse(data);
  if (result.success) return result.data;
  const reasons = result.error.issues.map(
    ({ path, message }) => `${path.join('.') || 'all of it'}: ${message}`,
  );
  throw new UnreadableDocument(document, reasons.join('; '));
}

/** Reads the document of the event called `name` by the reader of that name. */
export function readEvent<Event>(
  readers: Readonly<Record<string, z.ZodType<Event>>>,
  name: string,
  data: unknown,
): Event {
  const reader = Object.hasOwn(readers, name) ? readers[name] : undefined;
  if (reader === undefined) throw new UnreadableDocument(name, 'its stream knows no such event');
  return readDocument(name, reader, data);
}

/** An id as stored. */
export function storedId<Kind extends Id<string>>() {
  return z.string().transform((text) => id<Kind>(text));
}

/** Money as stored. The original's doubles drifted; the nearest four-decimal amount is meant (row T14). */
export const storedMoney = z
  .number()
  .min(-MAX_AMOUNT)
  .max(MAX_AMOUNT)
  .transform((amount) => moneyFromDecimal(amount.toFixed(4)));
