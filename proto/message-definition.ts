import { BinaryReader, BinaryWriter } from '@bufbuild/protobuf/wire';
import type { ContextName } from './contexts.ts';

/** Payload of messages that carry none. */
export type NoPayload = Readonly<Record<string, never>>;

/** Turns a payload into bytes and back; the generated message constants are such codecs. */
export interface MessageCodec<T> {
  encode(message: T, writer?: BinaryWriter): BinaryWriter;
  decode(input: BinaryReader | Uint8Array, length?: number): T;
}

interface Definition<T> {
  /** Name on the wire; it alone selects the payload's type. */
  readonly name: string;
  /** Full protobuf name of the payload, for descriptors and documents; undefined where there is none. */
  readonly type: string | undefined;
  readonly codec: MessageCodec<T>;
}

/** Something that happened in a context, told to whoever listens. */
export interface EventDefinition<T> extends Definition<T> {
  readonly kind: 'event';
  /** Subject without the stream's name in front. */
  readonly channel: string;
  readonly publisher: ContextName;
}

/** Something the saga asks of the context that owns the channel. */
export interface CommandDefinition<T> extends Definition<T> {
  readonly kind: 'command';
  /** Subject without the stream's name in front. */
  readonly channel: string;
  readonly publisher: ContextName;
}

/** The answer to a command; it goes where the command's COMMAND_REPLY_CHANNEL says. */
export interface ReplyDefinition<T> extends Definition<T> {
  readonly kind: 'reply';
  readonly channel: undefined;
  /** Undefined where every context that handles commands sends it. */
  readonly publisher: ContextName | undefined;
}

export type MessageDefinition<T> = EventDefinition<T> | CommandDefinition<T> | ReplyDefinition<T>;

/** The payload of a definition: `Payload<typeof messages.stores.storeCreated>`. */
export type Payload<D> = D extends { readonly codec: MessageCodec<infer T> } ? T : never;

/**
 * A definition of which the payload is not known: its payload can be decoded, but not encoded,
 * since nothing says that a value at hand is of its type.
 */
export type AnyMessageDefinition = (
  | Omit<EventDefinition<object>, 'codec'>
  | Omit<CommandDefinition<object>, 'codec'>
  | Omit<ReplyDefinition<object>, 'codec'>
) & { readonly codec: Pick<MessageCodec<object>, 'decode'> };

/** Writes nothing; skips whatever a sender may have put there. */
export const noPayload: MessageCodec<NoPayload> = {
  encode: (_message, writer = new BinaryWriter()) => writer,
  decode: (input, length) => {
    if (input instanceof BinaryReader) input.pos = length === undefined ? input.len : input.pos + length;
    return {};
  },
};
