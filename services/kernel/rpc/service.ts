import { status } from '@grpc/grpc-js';
import { type Span, SpanKind } from '@opentelemetry/api';
import { knownIds } from '../../../proto/catalogue.ts';
import type { Causation, Database } from '../database/index.ts';
import { BadRequest, DeadlineExceeded } from '../domain/index.ts';
import {
  attributeNames,
  failSpan,
  headersAfter,
  inScope,
  learnIds,
  type TraceHeaders,
  type Tracer,
  untraced,
} from '../telemetry/index.ts';
import { type AccessTable, type Caller, mustBeAllowed, type Permission, SERVICE_ONLY } from './access.ts';
import { RpcFailure } from './errors.ts';
import { once, requestKey } from './idempotency.ts';
import type { Tokens } from './tokens.ts';
import { checkUuids } from './validation.ts';

/** What the generated code says of one unary method. */
export interface MethodShape {
  readonly path: string;
  readonly requestDeserialize: (bytes: Buffer) => unknown;
  // Method syntax, so that a method of any response type is of this shape.
  responseSerialize(response: unknown): Buffer;
}

export type ServiceShape = Readonly<Record<string, MethodShape>>;

/** A call causes what follows, and tells its handler when its deadline passes or its caller hangs up. */
export interface CallCausation extends Causation {
  readonly signal?: AbortSignal;
}

/** What a handler learns of its call beside the request. */
export interface Call {
  readonly causation: CallCausation;
  /** Who calls; undefined when authentication is off, and for methods that need no token. */
  readonly caller: Caller | undefined;
}

/** One function per method of the generated service definition, typed by it. */
export type Handlers<Service extends ServiceShape> = {
  readonly [Name in keyof Service]: (
    request: ReturnType<Service[Name]['requestDeserialize']>,
    call: Call,
  ) => Promise<Parameters<Service[Name]['responseSerialize']>[0]>;
};

export interface InvokeOptions {
  readonly correlationId: string;
  readonly deadlineMs: number;
  readonly trace?: TraceHeaders | undefined;
  readonly idempotencyKey?: string | undefined;
  /** Aborts when nobody waits for the answer any more; what is not committed then never is. */
  readonly hungUp?: AbortSignal | undefined;
  /** The header of that name: `Bearer <token>`. */
  readonly authorization?: string | undefined;
}

/** One method as the doors see it: bytes in, bytes out, failing with an RpcFailure only. */
export interface UnaryMethod {
  readonly path: string;
  invoke(request: Uint8Array, options: InvokeOptions): Promise<Buffer>;
}

export type RpcService = readonly UnaryMethod[];

/** Called with every failure that is not an expected refusal, for the log. */
export type ReportFault = (path: string, error: unknown, correlationId: string) => void;

/** Told after each call what became of it, within the call's scope. */
export type ObserveCall = (path: string, code: string, seconds: number) => void;

/** What a service stands on in its process. */
export interface ServiceHost {
  readonly report: ReportFault;
  readonly observe?: ObserveCall;
  readonly tracer?: Tracer;
  /** Remembers requests under an `Idempotency-Key`; without it the key is ignored. */
  readonly database?: Database;
  /** Ids that the mall mints must be UUIDs (the rule `uuids`). */
  readonly uuids?: boolean;
  /** Checks who calls; without it authentication is off and everybody may call everything. */
  readonly tokens?: Tokens | undefined;
}

/** Binds handlers to a generated service definition. Without a table only the role `service` may call. */
export function rpcService<Service extends ServiceShape>(
  definition: Service,
  handlers: Handlers<Service>,
  access?: AccessTable<Service>,
): (host: ServiceHost) => RpcService {
  return (host) =>
    Object.entries(definition).map(([name, shape]) => {
      const handler = handlers[name];
      if (!handler) throw new TypeError(`${shape.path} has no handler`);
      const permission = access?.[name] ?? SERVICE_ONLY;
      return {
        path: shape.path,
        invoke: (request, options) => invoke({ shape, handler, host, permission }, request, options),
      };
    });
}

interface BoundMethod {
  readonly shape: MethodShape;
  readonly handler: (request: never, call: Call) => Promise<unknown>;
  readonly host: ServiceHost;
  readonly permission: Permission;
}

/** Answers a call within its span and its scope in the log. */
async function invoke(method: BoundMethod, bytes: Uint8Array, options: InvokeOptions): Promise<Buffer> {
  const { shape, host } = method;
  const { tracer = untraced } = host;
  const started = performance.now();
  const span = tracer.start(options.trace, () => callSpan(shape.path));
  const trace = headersAfter(span, options.trace);
  return inScope({ tracer, trace, span, messageId: undefined, about: [] }, async () => {
    let code = status.OK;
    try {
      return await inTime(method, bytes, { ...options, trace });
    } catch (error) {
      const failure = RpcFailure.from(error, options.correlationId);
      code = failure.code;
      const isFault = failure.detail?.TypeCode === 'INTERNAL';
      if (isFault) host.report(shape.path, error, options.correlationId);
      tellFailure(span, failure);
      throw failure;
    } finally {
      span?.setAttribute(attributeNames.rpcResponseStatusCode, status[code]);
      span?.end();
      host.observe?.(shape.path, status[code], (performance.now() - started) / 1000);
    }
  });
}

function callSpan(path: string) {
  const name = path.slice(1);
  const attributes = {
    [attributeNames.rpcSystemName]: 'grpc',
    [attributeNames.rpcMethod]: name,
  };
  return { name, kind: SpanKind.SERVER, attributes };
}

/** What a server has to answer for; everything else is the caller's mistake, and no failure of the span. */
const serverFailures = new Set([
  status.UNKNOWN,
  status.DEADLINE_EXCEEDED,
  status.UNIMPLEMENTED,
  status.INTERNAL,
  status.UNAVAILABLE,
  status.DATA_LOSS,
]);

function tellFailure(span: Span | undefined, failure: RpcFailure): void {
  if (serverFailures.has(failure.code)) failSpan(span, failure.cause ?? failure, status[failure.code]);
  else span?.recordException({ name: failure.name, message: failure.message });
}

/** Answers a call unless its deadline passes or its caller hangs up; what is not committed then never is. */
async function inTime(method: BoundMethod, bytes: Uint8Array, options: InvokeOptions): Promise<Buffer> {
  const { correlationId, deadlineMs, trace } = options;
  const deadline = new AbortController();
  const { promise: late, reject } = Promise.withResolvers<never>();
  const giveUp = (why: string): void => {
    const error = new DeadlineExceeded(why);
    deadline.abort(error);
    reject(error);
  };
  const timer = setTimeout(() => giveUp(`no answer within ${deadlineMs} ms`), deadlineMs);
  const hungUp = (): void => giveUp('the caller has hung up');
  options.hungUp?.addEventListener('abort', hungUp, { once: true });
  try {
    const causation = { causationId: correlationId, correlationId, trace, signal: deadline.signal };
    const response = await Promise.race([answer(method, bytes, { causation, options }), late]);
    learnIds(() => knownIds(method.shape.path, response));
    return method.shape.responseSerialize(response);
  } finally {
    clearTimeout(timer);
    options.hungUp?.removeEventListener('abort', hungUp);
  }
}

async function answer(
  method: BoundMethod,
  bytes: Uint8Array,
  { causation, options }: { causation: CallCausation; options: InvokeOptions },
): Promise<unknown> {
  const { shape, handler, host } = method;
  const caller = await authenticate(method, options.authorization);
  const request = decode(shape, bytes);
  learnIds(() => knownIds(shape.path, request));
  if (host.uuids) checkUuids(request);
  const { database } = host;
  if (options.idempotencyKey === undefined || !database) return handler(request, { causation, caller });
  const key = requestKey(options.idempotencyKey, { method: shape.path, bytes, caller });
  const keyed = { causation: { ...causation, requestKey: key }, caller };
  return once(database, key, () => handler(request, keyed));
}

/** A token sent where none is needed is not looked at: one that has expired keeps nobody from the catalogue. */
async function authenticate(
  { host, permission }: BoundMethod,
  authorization: string | undefined,
): Promise<Caller | undefined> {
  if (!host.tokens || permission === 'anybody') return undefined;
  const caller = await host.tokens.callerOf(authorization);
  mustBeAllowed(caller, permission);
  return caller;
}

function decode(shape: MethodShape, bytes: Uint8Array): never {
  try {
    // The service's type ties each request to its handler; a loop over the methods cannot see that.
    return shape.requestDeserialize(Buffer.from(bytes)) as never;
  } catch (error) {
    throw new BadRequest(`the request is no message of ${shape.path}`, { cause: error });
  }
}
