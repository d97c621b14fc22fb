import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { answerQuery, type QueryAnswer } from './jaeger-query.ts';
import { readJson } from './otlp-json.ts';
import { readProtobuf } from './otlp-protobuf.ts';
import type { StoredSpan } from './span.ts';
import type { SpanStore } from './span-store.ts';

/** Bounds of the receiver's door. */
const limits = {
  /** Larger batches are refused, before and after they are unpacked; exporters send some 500 kB at most. */
  maxBodyBytes: 8 * 1024 * 1024,
  requestTimeoutMs: 10_000,
  keepAliveMs: 30_000,
} as const;

export interface Receiver {
  /** Both the OTLP endpoint and the address of Jaeger's query API. */
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Takes spans by OTLP over HTTP (`/v1/traces`, protobuf or JSON) on loopback, and answers Jaeger's query API about
 * those in the store.
 * @throws the system's error when the port cannot be had
 */
export async function startReceiver(options: { store: SpanStore; port: number }): Promise<Receiver> {
  const server = createServer(
    { requestTimeout: limits.requestTimeoutMs, keepAliveTimeout: limits.keepAliveMs },
    (request, response) => {
      answer(options.store, request)
        .catch((error: unknown) => refusalOf(error))
        .then((told) => send(response, told))
        .catch(() => response.destroy());
    },
  );
  server.listen(options.port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : options.port;
  return { url: `http://127.0.0.1:${port}`, close: () => close(server) };
}

async function close(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
}

/** A request that is not taken, with the status that says why. */
class Refusal extends Error {
  readonly status: number;

  constructor(status: number, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'Refusal';
    this.status = status;
  }
}

/** What is answered to whom in which form. */
interface Told extends QueryAnswer {
  /** OTLP answers in the form of the request. */
  readonly protobuf?: boolean;
}

async function answer(store: SpanStore, request: IncomingMessage): Promise<Told> {
  const url = new URL(request.url ?? '/', 'http://traces');
  if (url.pathname === '/v1/traces') {
    if (request.method !== 'POST') throw new Refusal(405, 'spans are sent with POST');
    return take(store, request);
  }
  if (request.method !== 'GET') throw new Refusal(405, 'only spans are sent with POST');
  const told = answerQuery(store, url);
  if (told === undefined)
    throw new Refusal(404, "there is /v1/traces, and Jaeger's /api/services and /api/traces");
  return told;
}

async function take(store: SpanStore, request: IncomingMessage): Promise<Told> {
  const [type = ''] = (request.headers['content-type'] ?? '').split(';', 1);
  if (type !== 'application/x-protobuf' && type !== 'application/json') {
    throw new Refusal(415, 'spans come as application/x-protobuf or application/json');
  }
  const protobuf = type === 'application/x-protobuf';
  const body = await bodyOf(request);
  store.add(readSpans(body, protobuf).filter(({ traceId, spanId }) => traceId !== '' && spanId !== ''));
  return { status: 200, body: {}, protobuf };
}

function readSpans(body: Buffer, protobuf: boolean): StoredSpan[] {
  try {
    return protobuf ? readProtobuf(body) : readJson(body.toString('utf8'));
  } catch (error) {
    throw new Refusal(400, 'the body holds no spans as OTLP has them', { cause: error });
  }
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes > limits.maxBodyBytes) throw new Refusal(413, `more than ${limits.maxBodyBytes} bytes`);
    chunks.push(chunk);
  }
  const body = Buffer.concat(chunks);
  if (request.headers['content-encoding'] !== 'gzip') return body;
  try {
    return gunzipSync(body, { maxOutputLength: limits.maxBodyBytes });
  } catch (error) {
    throw new Refusal(400, 'the body cannot be unpacked', { cause: error });
  }
}

function refusalOf(error: unknown): Told {
  const { status, message } =
    error instanceof Refusal ? error : { status: 500, message: 'the request failed here' };
  const errors = [{ code: status, msg: message }];
  return { status, body: { data: null, total: 0, limit: 0, offset: 0, errors } };
}

function send(response: ServerResponse, { status, body, protobuf }: Told): void {
  // An answer of no fields: everything was taken.
  const bytes = protobuf ? Buffer.alloc(0) : Buffer.from(JSON.stringify(body));
  response.writeHead(status, {
    'content-type': protobuf ? 'application/x-protobuf' : 'application/json',
    'content-length': bytes.length,
    // A body that was refused is not read to its end.
    ...(status >= 400 && { connection: 'close' }),
  });
  response.end(bytes);
}
