import { type DescField, type DescMessage, ScalarType } from '@bufbuild/protobuf';
import { FeatureSet_FieldPresence } from '@bufbuild/protobuf/wkt';
import { commentOf } from './openapi-comments.ts';
import type { ObjectSchema, Reference, Schema, ValueSchema } from './openapi-model.ts';

/** 64 bits as text: numbers would lose digits. Without an example Swagger UI makes up a number. */
const integerAsText: Pick<ValueSchema, 'type' | 'examples'> = { type: 'string', examples: ['1'] };

/** Protobuf's JSON mapping. */
const scalarSchemas: Readonly<Record<ScalarType, ValueSchema>> = {
  [ScalarType.DOUBLE]: { type: 'number', format: 'double' },
  [ScalarType.FLOAT]: { type: 'number', format: 'float' },
  [ScalarType.INT64]: { ...integerAsText, format: 'int64' },
  [ScalarType.SINT64]: { ...integerAsText, format: 'int64' },
  [ScalarType.SFIXED64]: { ...integerAsText, format: 'int64' },
  [ScalarType.UINT64]: { ...integerAsText, format: 'uint64' },
  [ScalarType.FIXED64]: { ...integerAsText, format: 'uint64' },
  [ScalarType.INT32]: { type: 'integer', format: 'int32' },
  [ScalarType.SINT32]: { type: 'integer', format: 'int32' },
  [ScalarType.SFIXED32]: { type: 'integer', format: 'int32' },
  [ScalarType.UINT32]: { type: 'integer', format: 'int64' },
  [ScalarType.FIXED32]: { type: 'integer', format: 'int64' },
  [ScalarType.BOOL]: { type: 'boolean' },
  [ScalarType.STRING]: { type: 'string' },
  [ScalarType.BYTES]: { type: 'string', format: 'byte' },
};

/** Messages whose JSON is no object of their fields. Others of Google's are refused until they have a row. */
const wellKnown: ReadonlyMap<string, ValueSchema> = new Map([
  ['google.protobuf.Timestamp', { type: 'string', format: 'date-time' }],
]);

export function reference(message: DescMessage): Reference {
  return { $ref: `#/components/schemas/${message.typeName}` };
}

/** The schema of a field's JSON, with what the .proto says of it. */
export function fieldSchema(field: DescField): Schema {
  const description = commentOf(field);
  return { ...bareSchema(field), ...(description && { description }) };
}

function bareSchema(field: DescField): Schema {
  if (field.fieldKind === 'list') return { type: 'array', items: valueSchema(field) };
  if (field.fieldKind === 'map') return { type: 'object', additionalProperties: valueSchema(field) };
  const schema = valueSchema(field);
  // An unset message is told as null. Ours are always set, but for times of what has not happened.
  if (field.message && 'type' in schema && schema.type === 'string') {
    return { ...schema, type: [schema.type, 'null'] };
  }
  return schema;
}

/** The schema of a field's value, or of each value of a list or map. */
function valueSchema(field: DescField): ValueSchema | Reference {
  if (field.message) return wellKnown.get(field.message.typeName) ?? reference(field.message);
  if (field.enum) return { type: 'string', enum: field.enum.values.map(({ name }) => name) };
  return scalarSchemas[field.scalar];
}

/** The schema of a message or of some of its fields; answers promise each that is never left out. */
export function objectSchema(
  message: DescMessage,
  options: { readonly fields?: readonly DescField[]; readonly alwaysPresent: boolean },
): ObjectSchema {
  const fields = options.fields ?? message.fields;
  const description = commentOf(message);
  const required = fields.filter(isAlwaysPresent).map(({ jsonName }) => jsonName);
  return {
    type: 'object',
    ...(description && { description }),
    ...(fields.length > 0 && {
      properties: Object.fromEntries(fields.map((field) => [field.jsonName, fieldSchema(field)])),
    }),
    ...(options.alwaysPresent && required.length > 0 && { required }),
  };
}

/** Unset members of a oneof and unset `optional` fields are left out; unset messages are null. */
function isAlwaysPresent(field: DescField): boolean {
  if (field.fieldKind === 'list' || field.fieldKind === 'map') return true;
  if (field.oneof) return false;
  return field.fieldKind === 'message' || field.presence === FeatureSet_FieldPresence.IMPLICIT;
}

/** The messages given and all they hold, directly or not, but for well-known ones. */
export function messagesWithin(roots: Iterable<DescMessage>): ReadonlySet<DescMessage> {
  const found = new Set<DescMessage>();
  const add = (message: DescMessage | undefined) => {
    if (!message || found.has(message) || wellKnown.has(message.typeName)) return;
    if (message.typeName.startsWith('google.protobuf.')) {
      throw new Error(`${message.typeName}: its JSON has a form of its own, which documents do not know yet`);
    }
    found.add(message);
    for (const field of message.fields) add(field.message);
  };
  for (const root of roots) add(root);
  return found;
}
