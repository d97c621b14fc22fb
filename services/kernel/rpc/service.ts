import type { Causation, Database } from '../database/index.ts';
import { BadRequest, DeadlineExceeded } from '../domain/index.ts';
import { RpcFailure } from './errors.ts';
import { once, requestKey } from './idempotency.ts';
import { checkUuids } from './validation.ts';

/** What the generated code says of one unary method. */
export interface MethodShape {
  readonly path: string;
  readonly requestDeserialize: (bytes: Buffer) => unknown;
  // Method syntax, so that a method of any response type is of this shape.
  responseSerialize(response: unknown): Buffer;
}

export type ServiceShape = Readonly<Record<string, MethodShape>>;

/** What a handler learns of its call beside the request. */
export interface Call {
  readonly causation: Causation;
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
  readonly traceparent?: string | undefined;
  readonly idempotencyKey?: string | undefined;
}

/** One method as the doors see it: bytes in, bytes out, failing with an RpcFailure only. */
export interface UnaryMethod {
  readonly path: string;
  invoke(request: Uint8Array, options: InvokeOptions): Promise<Buffer>;
}

export type RpcService = readonly UnaryMethod[];

/** Called with every failure that is not an expected refusal, for the log. */
export type ReportFault = (path: string, error: unknown, correlationId: string) => void;

/** What a service stands on in its process. */
export interface ServiceHost {
  readonly report: ReportFault;
  /** Remembers requests under an `Idempotency-Key`; without it the key is ignored. */
  readonly database?: Database;
  /** Ids that the mall mints must be UUIDs (the rule `uuids`). */
  readonly uuids?: boolean;
}

/** Binds handlers to a generated service definition. */
export function rpcService<Service extends ServiceShape>(
  definition: Service,
  handlers: Handlers<Service>,
): (host: ServiceHost) => RpcService {
  return (host) =>
    Object.entries(definition).map(([name, shape]) => {
      const handler = handlers[name];
      if (!handler) throw new TypeError(`${shape.path} has no handler`);
      return {
        path: shape.path,
        invoke: (request, options) => invoke({ shape, handler, host }, request, options),
      };
    });
}

interface BoundMethod {
  readonly shape: MethodShape;
  readonly handler: (request: never, call: Call) => Promise<unknown>;
  readonly host: ServiceHost;
}

async function invoke(method: BoundMethod, bytes: Uint8Array, options: InvokeOptions): Promise<Buffer> {
  const { shape, host } = method;
  const { correlationId, deadlineMs, traceparent } = options;
  const deadline = new AbortController();
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    const error = new DeadlineExceeded(`no answer within ${deadlineMs} ms`);
    deadline.abort(error);
    reject(error);
  }, deadlineMs);
  try {
    const causation = {
      causationId: correlationId,
      correlationId,
      ...(traceparent && { traceparent }),
      signal: deadline.signal,
    };
    const response = await Promise.race([answer(method, bytes, causation, options.idempotencyKey), late]);
    return shape.responseSerialize(response);
  } catch (error) {
    const failure = RpcFailure.from(error, correlationId);
    if (failure.detail?.TypeCode === 'INTERNAL') host.report(shape.path, error, correlationId);
    throw failure;
  } finally {
    clearTimeout(timer);
  }
}

async function answer(
  { shape, handler, host }: BoundMethod,
  bytes: Uint8Array,
  causation: Causation,
  idempotencyKey: string | undefined,
): Promise<unknown> {
  const request = decode(shape, bytes);
  if (host.uuids) checkUuids(request);
  const { database } = host;
  if (idempotencyKey === undefined || !database) return handler(request, { causation });
  const key = requestKey(idempotencyKey, shape.path, bytes);
  return once(database, key, () => handler(request, { causation: { ...causation, requestKey: key } }));
}

function decode(shape: MethodShape, bytes: Uint8Array): never {
  try {
    // The service's type ties each request to its handler; a loop over the methods cannot see that.
    return shape.requestDeserialize(Buffer.from(bytes)) as never;
  } catch (error) {
    throw new BadRequest(`the request is no message of ${shape.path}`, { cause: error });
  }
}
