import { Client, credentials, Metadata, type ServiceError, status } from '@grpc/grpc-js';
import { DeadlineExceeded, Unavailable } from '../domain/index.ts';
import { channelOptions } from './channels.ts';
import { RpcFailure } from './errors.ts';
import type { InvokeOptions, RpcService, UnaryMethod } from './service.ts';

/** The other side ends a call at its deadline and says so; only one that says nothing is given up here. */
const GRACE_MS = 250;

/** A page of long texts is larger than gRPC's default of 4 MB, and is an answer all the same. */
const MAX_ANSWER_BYTES = 64 * 1024 * 1024;

export interface RemoteService {
  /** Whose it is, for people. */
  readonly name: string;
  readonly address: string;
  readonly paths: readonly string[];
}

/**
 * Methods of services in other processes as the doors of this one see them: bytes in, bytes out, over one channel
 * per service. Key, token and trace go along; a failure comes back as the other side told it. Nothing is tried
 * twice: whether a call that broke has taken effect, only its caller can find out.
 */
export class RemoteServices {
  readonly #clients: Client[] = [];

  connect({ name, address, paths }: RemoteService): RpcService {
    const client = new Client(address, credentials.createInsecure(), {
      ...channelOptions,
      'grpc.max_receive_message_length': MAX_ANSWER_BYTES,
    });
    this.#clients.push(client);
    return paths.map((path): UnaryMethod => {
      return { path, invoke: (request, options) => invoke({ client, name, path }, request, options) };
    });
  }

  close(): void {
    for (const client of this.#clients) client.close();
  }
}

interface RemotePath {
  readonly client: Client;
  readonly name: string;
  readonly path: string;
}

async function invoke(remote: RemotePath, request: Uint8Array, options: InvokeOptions): Promise<Buffer> {
  const { client, path } = remote;
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  const call = client.makeUnaryRequest(
    path,
    (bytes: Uint8Array) => Buffer.from(bytes),
    (bytes: Buffer) => bytes,
    request,
    metadataOf(options),
    { deadline: Date.now() + options.deadlineMs + GRACE_MS },
    (error, response) => {
      if (response !== undefined && !error) resolve(response);
      else reject(failureOf(remote, error, options));
    },
  );
  const hangUp = (): void => call.cancel();
  options.hungUp?.addEventListener('abort', hangUp, { once: true });
  try {
    return await promise;
  } finally {
    options.hungUp?.removeEventListener('abort', hangUp);
  }
}

/** What the other side said; where it said nothing, the same as a method in this process would have said. */
function failureOf(remote: RemotePath, error: ServiceError | null, options: InvokeOptions): RpcFailure {
  const [trailer] = error?.metadata.get('grpc-status-details-bin') ?? [];
  const code = error?.code ?? status.INTERNAL;
  if (Buffer.isBuffer(trailer)) return RpcFailure.fromTrailer(code, error?.details ?? '', trailer);
  const { correlationId, deadlineMs } = options;
  const silent: Partial<Record<status, Error>> = {
    [status.DEADLINE_EXCEEDED]: new DeadlineExceeded(`no answer within ${deadlineMs} ms`),
    [status.CANCELLED]: new DeadlineExceeded('the caller has hung up'),
    [status.UNAVAILABLE]: new Unavailable(`${remote.name} does not answer at the moment`, {
      cause: error ?? undefined,
    }),
  };
  const known = silent[code];
  if (known) return RpcFailure.from(known, correlationId);
  return RpcFailure.fromTrailer(code, error?.details ?? 'no answer', undefined);
}

function metadataOf({ correlationId, trace, idempotencyKey, authorization }: InvokeOptions): Metadata {
  const metadata = new Metadata();
  metadata.set('x-correlation-id', correlationId);
  for (const [name, value] of Object.entries(trace ?? {})) if (isPlain(value)) metadata.set(name, value);
  // What gRPC cannot carry is put as something that the other side refuses with the same words.
  if (idempotencyKey !== undefined) {
    metadata.set('idempotency-key', isPlain(idempotencyKey) ? idempotencyKey : 'not printable');
  }
  if (authorization !== undefined) {
    metadata.set('authorization', authorization.replaceAll(FOREIGN, '?').trim() || 'none');
  }
  return metadata;
}

const FOREIGN = /[^\x20-\x7e]/g;

/** gRPC carries printable ASCII only, and nothing for a blank. */
function isPlain(text: string): boolean {
  return /^[\x20-\x7e]+$/.test(text) && text.trim() !== '';
}
