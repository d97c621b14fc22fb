import { type DescMessage, fromBinary, type JsonObject, type JsonValue, toJson } from '@bufbuild/protobuf';
import { descriptors } from '../../../proto/descriptors.ts';

/**
 * A response as grpc-gateway writes it: lowerCamelCase names, every field present, `null` for an unset message
 * (which the library, unlike the gateway, leaves out).
 */
export function responseJson(schema: DescMessage, bytes: Uint8Array): string {
  const message = fromBinary(schema, bytes);
  const json = toJson(schema, message, { alwaysEmitImplicit: true, registry: descriptors() });
  return JSON.stringify(withNulls(schema, json));
}

function withNulls(schema: DescMessage, json: JsonValue): JsonValue {
  // Well-known types have a JSON form of their own.
  if (!isObject(json) || schema.typeName.startsWith('google.protobuf.')) return json;
  for (const field of schema.fields) {
    if (!field.message) continue;
    const value = json[field.jsonName];
    if (field.fieldKind === 'message') {
      if (value !== undefined) withNulls(field.message, value);
      else if (!field.oneof) json[field.jsonName] = null;
    } else if (field.fieldKind === 'list' && Array.isArray(value)) {
      for (const each of value) withNulls(field.message, each);
    } else if (field.fieldKind === 'map' && isObject(value)) {
      for (const each of Object.values(value)) withNulls(field.message, each);
    }
  }
  return json;
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
