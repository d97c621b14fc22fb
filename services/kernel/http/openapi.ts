import type { DescField, DescMessage, DescService } from '@bufbuild/protobuf';
import { descriptors } from '../../../proto/descriptors.ts';
import { type RestDocument, type RestOperation, restDocuments } from '../../../proto/rest-documents.ts';
import { type RestRoute, type RestVerb, routesOf } from '../../../proto/rest-routes.ts';
import { commentOf, summaryAndRest } from './openapi-comments.ts';
import { failureDetailSchema, failureResponse, failureSchema } from './openapi-failures.ts';
import type {
  OpenApiDocument,
  Operation,
  Parameter,
  PathItem,
  RequestBody,
  Schema,
  SecurityScheme,
  Verb,
} from './openapi-model.ts';
import { fieldSchema, messagesWithin, objectSchema, reference } from './openapi-schemas.ts';
import { isReading } from './retries.ts';

/** A context that has REST routes, and with them a document. */
export type RestContext = keyof typeof restDocuments;

/** Contexts with a REST door. */
export const restContexts: readonly RestContext[] = Object.keys(restDocuments).filter(
  (name): name is RestContext => name in restDocuments,
);

const documents = new Map<RestContext, OpenApiDocument>();

/** The OpenAPI document of a context, made from the descriptors on first use and kept. */
export function openApiDocument(context: RestContext): OpenApiDocument {
  let document = documents.get(context);
  if (!document) {
    document = generate(restDocuments[context]);
    documents.set(context, document);
  }
  return document;
}

function generate({ title, version, service: serviceName, operations }: RestDocument): OpenApiDocument {
  const service = serviceNamed(serviceName);
  const routes = service.methods.flatMap(routesOf);
  const paths: Record<string, PathItem> = {};
  const tags = new Set<string>();
  for (const route of routes) {
    const operation = operationOf(route, operations[route.method.name]);
    const path = documentPath(route);
    paths[path] = { ...paths[path], [verbs[route.verb]]: operation };
    for (const tag of operation.tags) tags.add(tag);
  }
  const status = messageNamed('google.rpc.Status');
  return {
    openapi: '3.1.0',
    info: { title, version, description: commentOf(service) ?? title },
    servers: [{ url: '/' }],
    tags: [...tags].map((name) => ({ name })),
    paths,
    // Either nobody is asked for a token or everybody is: `MALL_AUTH_SECRET` decides, not the document.
    security: [{}, { bearer: [] }],
    components: {
      schemas: componentSchemas(routes, status),
      responses: { Failure: failureResponse(status) },
      securitySchemes: { bearer },
    },
  };
}

const bearer: SecurityScheme = {
  type: 'http',
  scheme: 'bearer',
  bearerFormat: 'JWT',
  description: 'Asked for where the mall was started with `MALL_AUTH_SECRET`; `mall token` makes one.',
};

const verbs = {
  GET: 'get',
  PUT: 'put',
  POST: 'post',
  DELETE: 'delete',
  PATCH: 'patch',
} as const satisfies Record<RestVerb, Verb>;

function operationOf(route: RestRoute, named: RestOperation | undefined): Operation {
  const { method, binding } = route;
  const operationId = binding === 0 ? named?.operationId : named?.additionalOperationIds?.[binding - 1];
  if (!named || !operationId) throw new Error(`${route.verb} ${route.path} has no operation id`);
  const { summary, rest } = summaryAndRest(commentOf(method) ?? method.name);
  const parameters = [...parametersOf(route), ...(isReading(method) ? [] : [idempotencyKey])];
  const responses = {
    200: {
      description: 'The request succeeded.',
      content: { 'application/json': { schema: reference(method.output) } },
    },
    default: { $ref: '#/components/responses/Failure' },
  };
  return {
    tags: [named.tag],
    summary,
    ...(rest && { description: rest }),
    operationId,
    ...(parameters.length > 0 && { parameters }),
    ...(route.hasBody && { requestBody: requestBodyOf(route) }),
    responses,
  };
}

/** The path with its parameters under their JSON names, as all other names in a document. */
function documentPath(route: RestRoute): string {
  return route.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => `{${pathField(route, name).jsonName}}`);
}

function pathFields(route: RestRoute): readonly DescField[] {
  return [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => pathField(route, name));
}

function pathField(route: RestRoute, name: string): DescField {
  const field = route.method.input.fields.find((candidate) => candidate.name === name);
  if (!field) throw new Error(`${route.path}: ${route.method.input.typeName} has no field ${name}`);
  return field;
}

/** The fields of the request that its path does not give. */
function otherFields(route: RestRoute): readonly DescField[] {
  const inPath = new Set(pathFields(route));
  return route.method.input.fields.filter((field) => !inPath.has(field));
}

function parametersOf(route: RestRoute): readonly Parameter[] {
  const path = pathFields(route).map((field) => parameterOf(field, 'path'));
  if (route.hasBody) return path;
  // A message cannot stand in a query; no route without a body has one.
  const query = otherFields(route).filter((field) => field.fieldKind === 'scalar');
  return [...path, ...query.map((field) => parameterOf(field, 'query'))];
}

/** Taken by every route that changes something; see kernel/rpc/idempotency.ts. */
const idempotencyKey: Parameter = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description:
    'A value of the client for this one request: sent again with the same key and body it takes effect once and is ' +
    'answered alike; with another body it is refused with 409.',
  schema: { type: 'string' },
};

function parameterOf(field: DescField, place: Parameter['in']): Parameter {
  const { description, ...schema } = fieldSchema(field);
  return {
    name: field.jsonName,
    in: place,
    required: place === 'path',
    ...(description && { description }),
    schema,
  };
}

/** A body without the fields the path gives: it may hold them, but the path's win. */
function requestBodyOf(route: RestRoute): RequestBody {
  const { input } = route.method;
  const fields = otherFields(route);
  const isWhole = fields.length === input.fields.length;
  const schema = isWhole ? reference(input) : objectSchema(input, { fields, alwaysPresent: false });
  // An absent body stands for an empty message.
  return { required: fields.length > 0, content: { 'application/json': { schema } } };
}

/** The messages that request bodies refer to. */
function bodyMessages(routes: readonly RestRoute[]): DescMessage[] {
  return routes
    .filter(({ hasBody }) => hasBody)
    .flatMap((route) => {
      const fields = otherFields(route);
      if (fields.length === route.method.input.fields.length) return [route.method.input];
      return fields.flatMap(({ message }) => message ?? []);
    });
}

function componentSchemas(
  routes: readonly RestRoute[],
  status: DescMessage,
): Readonly<Record<string, Schema>> {
  const sent = messagesWithin(bodyMessages(routes));
  const answered = messagesWithin(routes.map(({ method }) => method.output));
  const detail = messageNamed('errors.ErrorType');
  const schemas: [string, Schema][] = [...new Set([...sent, ...answered])].map((message) => [
    message.typeName,
    // What clients send may lack any field, so a message that goes both ways promises none.
    objectSchema(message, { alwaysPresent: !sent.has(message) }),
  ]);
  schemas.push([status.typeName, failureSchema(detail)], [detail.typeName, failureDetailSchema(detail)]);
  return Object.fromEntries(schemas.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function serviceNamed(name: string): DescService {
  const service = descriptors().getService(name);
  if (!service) throw new Error(`the descriptors have no service ${name}`);
  return service;
}

function messageNamed(name: string): DescMessage {
  const message = descriptors().getMessage(name);
  if (!message) throw new Error(`the descriptors have no message ${name}`);
  return message;
}
