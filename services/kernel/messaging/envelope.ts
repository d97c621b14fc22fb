import { EventMessageData } from '../../../proto/gen/messaging/message_data.ts';
import { StreamMessage } from '../../../proto/gen/messaging/stream_message.ts';

/** String-valued headers of a message, as the envelope's `metadata` carries them. */
export type Metadata = Readonly<Record<string, string>>;

/** What travels through the broker, before a consumer knows the type of its payload. */
export interface Envelope {
  readonly id: string;
  readonly name: string;
  readonly payload: Uint8Array;
  readonly metadata: Metadata;
  readonly sentAt: Date;
  readonly occurredAt: Date;
}

/** The bytes were no envelope: the message goes to the dead letters at once. */
export class UndecodableMessage extends Error {
  constructor(what: string, options?: ErrorOptions) {
    super(`undecodable message: ${what}`, options);
    this.name = 'UndecodableMessage';
  }
}

/**
 * Wraps a payload as events, commands and replies all are on the wire (`EventMessageData`, `CommandMessageData` and
 * `ReplyMessageData` have the same two fields).
 */
export function encodeData(payload: Uint8Array, occurredAt: Date): Uint8Array {
  return EventMessageData.encode({ payload: asBuffer(payload), occurredAt }).finish();
}

/** The broker's payload: `jetstream.StreamMessage`. */
export function encodeEnvelope(message: {
  id: string;
  name: string;
  data: Uint8Array;
  metadata: Metadata;
  sentAt: Date;
}): Uint8Array {
  return StreamMessage.encode({ ...message, data: asBuffer(message.data) }).finish();
}

/** The same bytes as the generated codecs want them, not copied. */
export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Reads the broker's payload. @throws UndecodableMessage */
export function decodeEnvelope(bytes: Uint8Array): Envelope {
  try {
    const { id, name, data, metadata, sentAt } = StreamMessage.decode(bytes);
    if (id === '' || name === '') throw new UndecodableMessage('it has no id or no name');
    const { payload, occurredAt } = EventMessageData.decode(data);
    const sent = sentAt ?? new Date();
    return { id, name, payload, metadata: strings(metadata), sentAt: sent, occurredAt: occurredAt ?? sent };
  } catch (error) {
    if (error instanceof UndecodableMessage) throw error;
    throw new UndecodableMessage('it is no envelope', { cause: error });
  }
}

/** The original writes strings only; anything else a foreign sender puts there is left out. */
function strings(metadata: Record<string, unknown> | undefined): Metadata {
  const kept: Record<string, string> = {};
  for (const key in metadata) {
    const value: unknown = metadata[key];
    if (typeof value === 'string') kept[key] = value;
  }
  return kept;
}
