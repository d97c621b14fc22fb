import type { DescMessage } from '@bufbuild/protobuf';
import type { AnyMessageDefinition } from '../../../proto/catalogue.ts';
import { descriptors } from '../../../proto/descriptors.ts';
import { headersSchema } from './asyncapi-headers.ts';
import type { EmptySchema } from './asyncapi-model.ts';
import type { ObjectSchema, Reference } from './openapi-model.ts';
import { messagesWithin, objectSchema, reference } from './openapi-schemas.ts';

type Kind = AnyMessageDefinition['kind'];

/** A kind of messages as a context sends or takes it. */
export interface Usage {
  readonly kind: Kind;
  readonly action: 'send' | 'receive';
}

const envelopeType = 'jetstream.StreamMessage';

const dataTypes: Readonly<Record<Kind, string>> = {
  event: 'EventMessageData',
  command: 'CommandMessageData',
  reply: 'ReplyMessageData',
};

/** The schemas that a document's messages refer to, by name. */
export function messageSchemas(
  messages: readonly AnyMessageDefinition[],
  usages: readonly Usage[],
): Readonly<Record<string, ObjectSchema>> {
  const payloads = messages.flatMap(({ type }) => (type === undefined ? [] : [messageNamed(type)]));
  const schemas: [string, ObjectSchema][] = [
    [envelopeType, envelopeSchema()],
    ...usages.map(({ kind }): [string, ObjectSchema] => [
      dataTypes[kind],
      schemaOf(messageNamed(dataTypes[kind])),
    ]),
    ...usages.map((usage): [string, ObjectSchema] => [
      headersName(usage),
      headersSchema(usage.kind, usage.action),
    ]),
    ...[...messagesWithin(payloads)].map((message): [string, ObjectSchema] => [
      message.typeName,
      schemaOf(message),
    ]),
  ];
  return Object.fromEntries(schemas.sort(([a], [b]) => (a < b ? -1 : 1)));
}

export function envelopeReference(): Reference {
  return reference(messageNamed(envelopeType));
}

export function dataReference(kind: Kind): Reference {
  return reference(messageNamed(dataTypes[kind]));
}

export function headersReference(usage: Usage): Reference {
  return { $ref: `#/components/schemas/${headersName(usage)}` };
}

/** The payload of a message, in protobuf's JSON form. */
export function payloadSchema(message: AnyMessageDefinition): Reference | EmptySchema {
  if (message.type !== undefined) return reference(messageNamed(message.type));
  return { type: 'object', description: 'There is no payload.', maxProperties: 0 };
}

/** The descriptor of a payload's type. @throws Error for a type that is none of ours */
export function messageNamed(name: string): DescMessage {
  const message = descriptors().getMessage(name);
  if (!message) throw new Error(`the descriptors have no message ${name}`);
  return message;
}

/** Whoever decodes a message finds each field in it, sent or not; only `optional` ones can be missing. */
function schemaOf(message: DescMessage): ObjectSchema {
  return objectSchema(message, { alwaysPresent: true });
}

/** The metadata are of Google's type for any JSON; here they are texts. */
function envelopeSchema(): ObjectSchema {
  const schema = schemaOf(messageNamed(envelopeType));
  const description = schema.properties?.metadata?.description;
  return {
    ...schema,
    properties: {
      ...schema.properties,
      metadata: {
        type: 'object',
        ...(description && { description }),
        additionalProperties: { type: 'string' },
      },
    },
  };
}

function headersName({ kind, action }: Usage): string {
  const names = { event: 'Event', command: 'Command', reply: 'Reply' } as const;
  return `${action === 'send' ? 'Sent' : 'Received'}${names[kind]}Headers`;
}
