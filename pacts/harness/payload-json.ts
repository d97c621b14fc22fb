import {
  type DescField,
  type DescMessage,
  fromBinary,
  fromJson,
  type JsonValue,
  ScalarType,
  toBinary,
  toJson,
} from '@bufbuild/protobuf';
import { descriptors } from '../../proto/descriptors.ts';

/*
 * Payloads are protobuf on the wire and JSON in a contract, by protobuf's own mapping: lowerCamelCase names, every
 * field present, also those that hold their default. A message without a payload is null.
 */

/** The bytes of a payload as a contract has them. @param type full protobuf name; undefined for no payload */
export function payloadJson(type: string | undefined, bytes: Uint8Array): JsonValue {
  // Bytes where there should be none are shown, so that they cannot match.
  if (type === undefined) return bytes.length === 0 ? null : Buffer.from(bytes).toString('base64');
  return toJson(schemaOf(type), fromBinary(schemaOf(type), bytes), { alwaysEmitImplicit: true });
}

/** The bytes that a contract's JSON stands for. @throws for a field that the type does not have */
export function payloadBytes(type: string | undefined, json: JsonValue): Uint8Array {
  if (type === undefined) return new Uint8Array();
  return toBinary(schemaOf(type), fromJson(schemaOf(type), json));
}

/**
 * Number and type of each field, as the bytes have them: `{ 'field:id': '1 string' }`. In JSON fields go by name
 * alone, on the wire by number alone; contracts hold both.
 * @param only leaves out the fields that this example of the payload does not have
 */
export function fieldNumbers(type: string | undefined, only?: JsonValue): Record<string, string> {
  return type === undefined ? {} : numbersIn(schemaOf(type), '', only);
}

function numbersIn(schema: DescMessage, path: string, only: JsonValue | undefined): Record<string, string> {
  const example = firstObject(only);
  const numbers: Record<string, string> = {};
  for (const field of schema.fields) {
    const name = `${path}${field.jsonName}`;
    if (example && !(field.jsonName in example)) continue;
    numbers[`field:${name}`] = `${field.number} ${typeOf(field)}`;
    if (field.message)
      Object.assign(numbers, numbersIn(field.message, `${name}.`, example?.[field.jsonName]));
  }
  return numbers;
}

/** The example's fields; of a list those of its first element. */
function firstObject(example: JsonValue | undefined): Record<string, JsonValue> | undefined {
  const first = Array.isArray(example) ? example[0] : example;
  return typeof first === 'object' && first !== null && !Array.isArray(first) ? first : undefined;
}

function typeOf(field: DescField): string {
  const list = field.fieldKind === 'list' ? 'repeated ' : '';
  if (field.message) return `${list}${field.message.typeName}`;
  return `${list}${field.scalar === undefined ? 'enum' : ScalarType[field.scalar].toLowerCase()}`;
}

function schemaOf(type: string): DescMessage {
  const schema = descriptors().getMessage(type);
  if (!schema) throw new TypeError(`there is no message type ${type}`);
  return schema;
}
