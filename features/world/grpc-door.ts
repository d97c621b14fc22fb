import { Client, credentials, Metadata, type ServiceError, status } from '@grpc/grpc-js';

const answerWithinMs = 15_000;

/** What the generated code says of one unary method, from the caller's side. */
export interface RemoteMethod<Request, Response> {
  readonly path: string;
  requestSerialize(request: Request): Buffer;
  responseDeserialize(bytes: Buffer): Response;
}

/** What a call over gRPC was answered. */
export type GrpcAnswer<Response> =
  | { readonly ok: true; readonly response: Response }
  /** `code` is gRPC's own word: `NOT_FOUND`. */
  | { readonly ok: false; readonly code: string; readonly message: string };

/** The gRPC door of a mall. */
export class GrpcDoor {
  readonly #client: Client;

  /** @param address `host:port` */
  constructor(address: string) {
    this.#client = new Client(address, credentials.createInsecure());
  }

  call<Request, Response>(
    method: RemoteMethod<Request, Response>,
    request: Request,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<GrpcAnswer<Response>> {
    const metadata = new Metadata();
    for (const [key, value] of Object.entries(headers)) metadata.set(key, value);
    return new Promise((resolve) => {
      this.#client.makeUnaryRequest(
        method.path,
        (value: Request) => method.requestSerialize(value),
        (bytes: Buffer) => method.responseDeserialize(bytes),
        request,
        metadata,
        { deadline: Date.now() + answerWithinMs },
        (error, response) => resolve(answerOf(error, response)),
      );
    });
  }

  close(): void {
    this.#client.close();
  }
}

function answerOf<Response>(
  error: ServiceError | null,
  response: Response | undefined,
): GrpcAnswer<Response> {
  if (error === null && response !== undefined) return { ok: true, response };
  return {
    ok: false,
    code: status[error?.code ?? status.INTERNAL],
    message: error?.details ?? 'no answer',
  };
}
