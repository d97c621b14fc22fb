import type { AsyncApiDocument, EmptySchema } from './asyncapi-model.ts';
import type { ObjectSchema, Reference, Schema } from './openapi-model.ts';

/** A field as a reader of the page sees it: one of a message within stands under its path. */
export interface Field {
  /** `items[].price`, `stops{}.storeName` */
  readonly path: string;
  /** `text`, `number (double)`, `list of Item` */
  readonly type: string;
  readonly isRequired: boolean;
  readonly description: string;
}

/** The fields of a schema with those of the messages within, which no message of ours holds for ever. */
export function fieldsOf(
  document: AsyncApiDocument,
  schema: Reference | ObjectSchema | EmptySchema,
): Field[] {
  return fieldsWithin(document, resolved(document, schema), '', new Set());
}

function fieldsWithin(
  document: AsyncApiDocument,
  schema: ObjectSchema | EmptySchema | undefined,
  prefix: string,
  above: ReadonlySet<object>,
): Field[] {
  // A message that holds its like is shown once.
  if (!schema || !('properties' in schema) || above.has(schema)) return [];
  const { properties = {}, required = [] } = schema;
  return Object.entries(properties).flatMap(([name, property]) => {
    const { path, held } = unwrapped(`${prefix}${name}`, property);
    const field = {
      path,
      type: typeName(property),
      isRequired: required.includes(name),
      description: property.description ?? '',
    };
    const within = isMessage(held) ? resolved(document, held) : undefined;
    return [field, ...fieldsWithin(document, within, `${path}.`, new Set([...above, schema]))];
  });
}

/** What a list or a map holds, with its path. */
function unwrapped(path: string, schema: Schema): { readonly path: string; readonly held: Schema } {
  if ('items' in schema) return { path: `${path}[]`, held: schema.items };
  if ('additionalProperties' in schema && schema.additionalProperties) {
    return { path: `${path}{}`, held: schema.additionalProperties };
  }
  return { path, held: schema };
}

function typeName(schema: Schema): string {
  if ('$ref' in schema) return schema.$ref.split(/[./]/).at(-1) ?? '';
  if ('items' in schema) return `list of ${typeName(schema.items)}`;
  if ('additionalProperties' in schema && schema.additionalProperties) {
    return `map of ${typeName(schema.additionalProperties)}`;
  }
  if (!('format' in schema || 'enum' in schema)) return [schema.type].flat().join(' or ');
  const detail = schema.format ?? schema.enum?.join(', ');
  return `${[schema.type].flat().join(' or ')} (${detail})`;
}

function isMessage(schema: Schema): schema is Reference | ObjectSchema {
  return '$ref' in schema || schema.type === 'object';
}

function resolved(
  document: AsyncApiDocument,
  schema: Reference | ObjectSchema | EmptySchema,
): ObjectSchema | EmptySchema | undefined {
  if (!('$ref' in schema)) return schema;
  return document.components.schemas[schema.$ref.replace('#/components/schemas/', '')];
}
