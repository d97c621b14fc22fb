import {
  logVerbosity,
  Metadata,
  type MethodDefinition,
  Server,
  ServerCredentials,
  type ServerUnaryCall,
  type sendUnaryData,
  setLogVerbosity,
} from '@grpc/grpc-js';
import { newId } from '../messaging/index.ts';
import { traceHeaders } from '../telemetry/index.ts';
import { RpcFailure } from './errors.ts';
import type { RpcService, UnaryMethod } from './service.ts';

// The library would write to standard error by itself what its callers are told anyway.
if (process.env.GRPC_VERBOSITY === undefined) setLogVerbosity(logVerbosity.NONE);

export interface RpcServerOptions {
  readonly host: string;
  /** 0 takes a free port. */
  readonly port: number;
  readonly limits: RpcLimits;
}

export interface RpcLimits {
  /** A call without a deadline of its own gets this one; longer ones are cut to it. */
  readonly callDeadlineMs: number;
  /** Larger requests are refused with RESOURCE_EXHAUSTED. */
  readonly maxMessageBytes: number;
}

export const rpcLimits: RpcLimits = { callDeadlineMs: 10_000, maxMessageBytes: 1024 * 1024 };

/** The gRPC door of a process: all its services on one port, plaintext, deadlines enforced. */
export class RpcServer {
  readonly #options: RpcServerOptions;
  readonly #server: Server;
  readonly #names = new Set<string>();
  #port = 0;

  constructor(options: RpcServerOptions) {
    this.#options = options;
    this.#server = new Server({ 'grpc.max_receive_message_length': options.limits.maxMessageBytes });
  }

  get address(): string {
    return `${this.#options.host}:${this.#port}`;
  }

  /** Full names of our services on this server. */
  serviceNames(): string[] {
    return [...this.#names];
  }

  add(service: RpcService): void {
    const definition: Record<string, MethodDefinition<Buffer, Buffer>> = {};
    const implementation: Record<string, (call: BytesCall, callback: sendUnaryData<Buffer>) => void> = {};
    for (const method of service) {
      this.#names.add(method.path.slice(1, method.path.lastIndexOf('/')));
      const name = method.path.slice(method.path.lastIndexOf('/') + 1);
      definition[name] = {
        path: method.path,
        requestStream: false,
        responseStream: false,
        requestSerialize: asIs,
        requestDeserialize: asIs,
        responseSerialize: asIs,
        responseDeserialize: asIs,
      };
      implementation[name] = (call, callback) => this.#answer(method, call, callback);
    }
    this.#server.addService(definition, implementation);
  }

  /** Lets libraries that bring their own services (health, reflection) add them. */
  extend(addTo: (server: Server) => void): void {
    addTo(this.#server);
  }

  /** @throws Error of the operating system when the port cannot be had */
  async listen(): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    this.#server.bindAsync(
      `${this.#options.host}:${this.#options.port}`,
      ServerCredentials.createInsecure(),
      (error, port) => (error ? reject(listenError(error, this.#options)) : resolve(port)),
    );
    this.#port = await promise;
  }

  /** Takes no new calls, finishes the running ones; whatever is left at the deadline is cut off. */
  async close(deadlineMs: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(() => {
      this.#server.forceShutdown();
      resolve();
    }, deadlineMs);
    this.#server.tryShutdown(() => resolve());
    await promise;
    clearTimeout(timer);
  }

  #answer(method: UnaryMethod, call: BytesCall, callback: sendUnaryData<Buffer>): void {
    const correlationId = header(call.metadata, 'x-correlation-id') ?? newId();
    const deadlineMs = Math.min(remainingMs(call), this.#options.limits.callDeadlineMs);
    const hungUp = new AbortController();
    const hangUp = () => hungUp.abort();
    call.once('cancelled', hangUp);
    // The library calls every stream cancelled once it closes, and an abort makes an error with its stack.
    const answer: sendUnaryData<Buffer> = (...answered) => {
      call.off('cancelled', hangUp);
      callback(...answered);
    };
    method
      .invoke(call.request, {
        correlationId,
        deadlineMs,
        trace: traceHeaders({
          traceparent: header(call.metadata, 'traceparent'),
          tracestate: header(call.metadata, 'tracestate'),
        }),
        idempotencyKey: header(call.metadata, 'idempotency-key'),
        authorization: header(call.metadata, 'authorization'),
        hungUp: hungUp.signal,
      })
      .then((response) => answer(null, response))
      .catch((error: unknown) => {
        const failure = RpcFailure.from(error, correlationId);
        const metadata = new Metadata();
        metadata.set('grpc-status-details-bin', failure.toTrailer());
        answer({ code: failure.code, details: failure.message, metadata });
      });
  }
}

/** The system's error as a server of Node tells it: gRPC has put it among words of its own. */
function listenError(error: Error, { port }: { port: number }): Error {
  const [words, code] = /listen (E[A-Z]+)[^\]]*/.exec(error.message) ?? [];
  return code === undefined ? error : Object.assign(new Error(words, { cause: error }), { code, port });
}

type BytesCall = ServerUnaryCall<Buffer, Buffer>;

function asIs(bytes: Buffer): Buffer {
  return bytes;
}

function header(metadata: Metadata, name: string): string | undefined {
  const [value] = metadata.get(name);
  return typeof value === 'string' ? value : undefined;
}

function remainingMs(call: BytesCall): number {
  const deadline = call.getDeadline();
  const at = deadline instanceof Date ? deadline.getTime() : deadline;
  return Math.max(at - Date.now(), 1);
}
