import { setTimeout as pause } from 'node:timers/promises';
import { Client, credentials, Metadata, status } from '@grpc/grpc-js';
import { SpanKind } from '@opentelemetry/api';
import type { Causation } from '../database/index.ts';
import {
  attributeNames,
  failSpan,
  headersAfter,
  startWithin,
  type TraceHeaders,
} from '../telemetry/index.ts';
import { RpcFailure } from './errors.ts';

/** What the generated code says of one unary method, from the caller's side. */
export interface RemoteMethod<Request, Response> {
  readonly path: string;
  requestSerialize(request: Request): Buffer;
  responseDeserialize(bytes: Buffer): Response;
}

export interface ChannelLimits {
  readonly deadlineMs: number;
  /** Tries in all when the other side is unavailable. */
  readonly attempts: number;
  readonly backoffMs: number;
}

export interface ChannelOptions {
  /** Makes the `authorization` of a call; without it calls carry none. */
  readonly authorization?: (() => Promise<string>) | undefined;
}

export const channelLimits: ChannelLimits = { deadlineMs: 3_000, attempts: 3, backoffMs: 50 };

/**
 * A process that comes back is found again soon: gRPC's own pauses between two tries to connect grow to two
 * minutes.
 */
export const channelOptions = {
  'grpc.initial_reconnect_backoff_ms': 100,
  'grpc.max_reconnect_backoff_ms': 2_000,
  // Replicas behind one name take turns.
  'grpc.service_config': JSON.stringify({ loadBalancingConfig: [{ round_robin: {} }] }),
} as const;

/**
 * Calls to other contexts: one shared channel per address, a deadline on every call, a few tries when the other
 * side is unavailable (rows X16, P-35).
 */
export class RpcChannels {
  readonly #addressOf: (service: string) => string;
  readonly #limits: ChannelLimits;
  readonly #options: ChannelOptions;
  readonly #clients = new Map<string, Client>();

  /** @param addressOf tells where a context listens, by its logical name such as `STORES` */
  constructor(
    addressOf: (service: string) => string,
    limits: ChannelLimits = channelLimits,
    options: ChannelOptions = {},
  ) {
    this.#addressOf = addressOf;
    this.#limits = limits;
    this.#options = options;
  }

  /** @throws MallError with the remote side's category and text */
  async call<Request, Response>(
    service: string,
    method: RemoteMethod<Request, Response>,
    request: Request,
    causation?: Causation,
  ): Promise<Response> {
    const authorization = this.#options.authorization && (await this.#options.authorization());
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#traced(service, method, request, { causation, authorization });
      } catch (error) {
        if (!(error instanceof RpcFailure)) throw error;
        if (error.code !== status.UNAVAILABLE || attempt === this.#limits.attempts) throw error.toMallError();
        await pause(this.#limits.backoffMs * 2 ** attempt * (0.5 + Math.random()));
      }
    }
  }

  /** One try, in a span of its own where the caller's work has one. */
  async #traced<Request, Response>(
    service: string,
    method: RemoteMethod<Request, Response>,
    request: Request,
    { causation, authorization }: { causation: Causation | undefined; authorization: string | undefined },
  ): Promise<Response> {
    const address = this.#addressOf(service);
    const span = startWithin(() => callSpan(method.path, address));
    const trace = headersAfter(span, causation?.trace);
    const metadata = metadataOf({ causation, authorization, trace });
    let code = status.OK;
    try {
      return await this.#once(this.#client(address), method, request, metadata);
    } catch (error) {
      code = error instanceof RpcFailure ? error.code : status.UNKNOWN;
      // To the conventions every refusal is a failed call on the caller's side, a business answer as well.
      failSpan(span, error, status[code]);
      throw error;
    } finally {
      span?.setAttribute(attributeNames.rpcResponseStatusCode, status[code]);
      span?.end();
    }
  }

  close(): void {
    for (const client of this.#clients.values()) client.close();
    this.#clients.clear();
  }

  #client(address: string): Client {
    let client = this.#clients.get(address);
    if (!client) {
      client = new Client(address, credentials.createInsecure(), channelOptions);
      this.#clients.set(address, client);
    }
    return client;
  }

  #once<Request, Response>(
    client: Client,
    method: RemoteMethod<Request, Response>,
    request: Request,
    metadata: Metadata,
  ): Promise<Response> {
    const { promise, resolve, reject } = Promise.withResolvers<Response>();
    client.makeUnaryRequest(
      method.path,
      (value: Request) => method.requestSerialize(value),
      (bytes: Buffer) => method.responseDeserialize(bytes),
      request,
      metadata,
      { deadline: Date.now() + this.#limits.deadlineMs },
      (error, response) => {
        if (!error && response !== undefined) return resolve(response);
        const [trailer] = error?.metadata.get('grpc-status-details-bin') ?? [];
        const bytes = Buffer.isBuffer(trailer) ? trailer : undefined;
        reject(RpcFailure.fromTrailer(error?.code ?? status.INTERNAL, error?.details ?? 'no answer', bytes));
      },
    );
    return promise;
  }
}

function callSpan(path: string, address: string) {
  const name = path.slice(1);
  const [, host = address, port] = /^(.*):(\d+)$/.exec(address) ?? [];
  const attributes = {
    [attributeNames.rpcSystemName]: 'grpc',
    [attributeNames.rpcMethod]: name,
    [attributeNames.serverAddress]: host,
    ...(port !== undefined && { [attributeNames.serverPort]: Number(port) }),
  };
  return { name, kind: SpanKind.CLIENT, attributes };
}

function metadataOf({
  causation,
  authorization,
  trace,
}: {
  causation: Causation | undefined;
  authorization: string | undefined;
  trace: TraceHeaders | undefined;
}): Metadata {
  const metadata = new Metadata();
  if (causation) metadata.set('x-correlation-id', causation.correlationId);
  if (trace) for (const [name, value] of Object.entries(trace)) metadata.set(name, value);
  if (authorization !== undefined) metadata.set('authorization', authorization);
  return metadata;
}
