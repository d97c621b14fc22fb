import {
  type DescField,
  fromJson,
  type JsonObject,
  type JsonValue,
  ScalarType,
  toBinary,
} from '@bufbuild/protobuf';
import { status } from '@grpc/grpc-js';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { descriptors } from '../../../proto/descriptors.ts';
import { type RestRoute, restRoutes } from '../../../proto/rest-routes.ts';
import { newId } from '../messaging/index.ts';
import { RpcFailure, type UnaryMethod } from '../rpc/index.ts';
import { traceHeaders } from '../telemetry/index.ts';
import { failureBody, httpStatus } from './failures.ts';
import { isObject, responseJson } from './json-mapping.ts';
import { retryAfter } from './retries.ts';

export interface GatewayOptions {
  /** The methods this process can reach, by path such as `/storespb.StoresService/GetStore`. */
  readonly methods: ReadonlyMap<string, UnaryMethod>;
  readonly deadlineMs: number;
}

/**
 * The REST door: every route comes from the protos' `google.api.http` options, JSON is mapped as grpc-gateway maps
 * it (lowerCamelCase out, either spelling in, defaults emitted, unknown fields ignored), calls go to the same
 * methods the gRPC door serves.
 */
export function gateway(app: FastifyInstance, options: GatewayOptions): void {
  for (const route of restRoutes()) {
    const method = options.methods.get(`/${route.service.typeName}/${route.method.name}`);
    if (!method) continue;
    app.route({
      method: route.verb,
      url: route.path.replaceAll(/\{(\w+)\}/g, ':$1'),
      handler: (request, reply) => call(route, method, options.deadlineMs, request, reply),
    });
  }
}

async function call(
  route: RestRoute,
  method: UnaryMethod,
  deadlineMs: number,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<void> {
  const correlationId = newId();
  const idempotencyKey = one(request.headers['idempotency-key']);
  try {
    const bytes = await method.invoke(requestBytes(route, request), {
      correlationId,
      deadlineMs,
      trace: traceHeaders({
        traceparent: one(request.headers.traceparent),
        tracestate: one(request.headers.tracestate),
      }),
      idempotencyKey,
      authorization: request.headers.authorization,
    });
    // As bytes, since the framework adds a charset to the type of text; the original's has none.
    await reply.type('application/json').send(Buffer.from(responseJson(route.method.output, bytes)));
  } catch (error) {
    const failure = RpcFailure.from(error, correlationId);
    // As grpc-gateway does; the header holds one line of plain characters only.
    const text = failure.message.replaceAll(/[^\x20-\x7e]/g, '?');
    const code = httpStatus(failure.code);
    if (code === 401) reply.header('WWW-Authenticate', text);
    const again = retryAfter(code, { method: route.method, idempotencyKey });
    if (again !== undefined) reply.header('Retry-After', again);
    await reply
      .code(code)
      .type('application/json')
      .send(Buffer.from(JSON.stringify(failureBody(failure))));
  }
}

/** Body, query and path, the latter winning, as the bytes of the request message. @throws RpcFailure */
function requestBytes(route: RestRoute, request: FastifyRequest): Uint8Array {
  const schema = route.method.input;
  const json: JsonObject = {
    ...(route.hasBody ? bodyOf(request) : queryOf(route, request)),
  };
  const parameters = request.params;
  if (typeof parameters === 'object' && parameters !== null) {
    for (const [name, value] of Object.entries(parameters)) setField(route, json, name, String(value));
  }
  try {
    return toBinary(schema, fromJson(schema, json, { ignoreUnknownFields: true, registry: descriptors() }));
  } catch (error) {
    throw malformed(`the request does not fit: ${reasonOf(error)}`);
  }
}

function bodyOf(request: FastifyRequest): JsonObject {
  const text = typeof request.body === 'string' ? request.body : '';
  // grpc-gateway takes an absent body for an empty message.
  if (text.trim() === '') return {};
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw malformed(`the request body is not JSON: ${reasonOf(error)}`);
  }
  if (!isObject(json)) throw malformed('the request body must be a JSON object');
  return json;
}

/** Query parameters that name fields of the request; others are ignored. Repeated ones fill repeated fields. */
function queryOf(route: RestRoute, request: FastifyRequest): JsonObject {
  const json: JsonObject = {};
  const query = request.query;
  if (typeof query !== 'object' || query === null) return json;
  for (const [name, value] of Object.entries(query)) {
    const field = fieldOf(route, name);
    if (!field) continue;
    const values = [value].flat().map((each) => queryValue(field, String(each)));
    json[field.jsonName] = field.fieldKind === 'list' ? values : (values.at(-1) ?? null);
  }
  return json;
}

/** JSON takes numbers as text but not booleans. */
function queryValue(field: DescField, text: string): JsonValue {
  if (field.fieldKind === 'scalar' && field.scalar === ScalarType.BOOL) {
    if (text === 'true' || text === '1') return true;
    if (text === 'false' || text === '0') return false;
  }
  return text;
}

/** Sets a field under its JSON name and drops what the body gave under either spelling. */
function setField(route: RestRoute, json: JsonObject, name: string, value: string): void {
  const field = fieldOf(route, name);
  if (!field) return;
  delete json[field.name];
  json[field.jsonName] = value;
}

function fieldOf(route: RestRoute, name: string): DescField | undefined {
  return route.method.input.fields.find((field) => field.name === name || field.jsonName === name);
}

/** The gateway's own refusal: unlike the application's it carries no detail. */
function malformed(message: string): RpcFailure {
  return new RpcFailure(status.INVALID_ARGUMENT, message, undefined);
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function one(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header;
}
