import { type DescMessage, fromBinary, fromJson, type JsonValue, toBinary, toJson } from '@bufbuild/protobuf';
import { messageNamed } from '../../proto/catalogue.ts';
import { descriptors } from '../../proto/descriptors.ts';
import { EventMessageData } from '../../proto/gen/messaging/message_data.ts';
import { StreamMessage } from '../../proto/gen/messaging/stream_message.ts';
import { CliError } from '../cli-error.ts';
import { exitCodes } from '../exit-codes.ts';

/** Header of a message whose payload a person has replaced: when. Readers of the original ignore it. */
export const EDITED_AT = 'edited-at';

export type Headers = Readonly<Record<string, string>>;

/** What could be read of a message's bytes. */
export interface LetterContent {
  /** Undefined when the bytes are no envelope: there is nothing to be put into. */
  readonly envelope: StreamMessage | undefined;
  readonly headers: Headers;
  readonly sentAt: Date | undefined;
  readonly occurredAt: Date | undefined;
  /** Full protobuf name of the payload's type; undefined for unknown messages and those without a payload. */
  readonly type: string | undefined;
  /** The payload as JSON; undefined when it is not of its type, or the type is not known. */
  readonly payload: JsonValue | undefined;
  /** The payload's bytes, or all bytes where there is no envelope. */
  readonly bytes: Uint8Array;
}

/** Reads as much of a message as can be read. Never throws. */
export function readContent(data: Uint8Array): LetterContent {
  const envelope = attempt(() => StreamMessage.decode(data));
  if (envelope === undefined || envelope.id === '' || envelope.name === '') return unreadable(data);
  const inner = attempt(() => EventMessageData.decode(envelope.data));
  const definition = messageNamed(envelope.name);
  const bytes = inner?.payload ?? envelope.data;
  const schema = definition?.type === undefined ? undefined : descriptors().getMessage(definition.type);
  const withoutPayload = definition !== undefined && definition.type === undefined;
  return {
    envelope,
    headers: stringsOf(envelope.metadata),
    sentAt: envelope.sentAt,
    occurredAt: inner?.occurredAt,
    type: definition?.type,
    payload: withoutPayload ? {} : inner && schema && attempt(() => json(schema, bytes)),
    bytes,
  };
}

/**
 * The message with another payload: same id, same headers, and one that says it was edited.
 * @throws CliError (2) when the text is not the payload's JSON, (1) when the message cannot take a payload
 */
export function withPayload(
  content: LetterContent,
  text: string,
  now: Date,
): { readonly data: Uint8Array; readonly headers: Headers } {
  const { envelope, type } = content;
  const schema = type === undefined ? undefined : descriptors().getMessage(type);
  if (envelope === undefined || schema === undefined) {
    const what = envelope === undefined ? 'Its bytes are no envelope' : `${envelope.name} has no payload`;
    throw new CliError(`${what}, so there is no payload to replace.`, {
      exitCode: exitCodes.checkFailed,
      next: "`mall dlq drop <id> --reason '…' --yes` gives it up",
    });
  }
  const payload = Buffer.from(encode(schema, text));
  const headers = { ...content.headers, [EDITED_AT]: now.toISOString() };
  const data = EventMessageData.encode({
    payload,
    occurredAt: content.occurredAt ?? content.sentAt,
  }).finish();
  const metadata = { ...envelope.metadata, ...headers };
  return { data: StreamMessage.encode({ ...envelope, data: Buffer.from(data), metadata }).finish(), headers };
}

function encode(schema: DescMessage, text: string): Uint8Array {
  try {
    const value: JsonValue = JSON.parse(text);
    return toBinary(schema, fromJson(schema, value, { registry: descriptors() }));
  } catch (cause) {
    const fields = schema.fields.map(({ jsonName }) => jsonName).join(', ');
    throw new CliError(`--payload is no JSON of a ${schema.typeName}.`, {
      exitCode: exitCodes.usage,
      cause,
      next: `its fields are ${fields}; \`mall dlq show <id> --json\` has a payload to begin with`,
    });
  }
}

function json(schema: DescMessage, bytes: Uint8Array): JsonValue {
  return toJson(schema, fromBinary(schema, bytes), { alwaysEmitImplicit: true, registry: descriptors() });
}

function unreadable(bytes: Uint8Array): LetterContent {
  const nothing = undefined;
  return {
    envelope: nothing,
    headers: {},
    sentAt: nothing,
    occurredAt: nothing,
    type: nothing,
    payload: nothing,
    bytes,
  };
}

function stringsOf(metadata: Readonly<Record<string, unknown>> | undefined): Headers {
  const entries = Object.entries(metadata ?? {});
  return Object.fromEntries(
    entries.flatMap(([key, value]) => (typeof value === 'string' ? [[key, value]] : [])),
  );
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
