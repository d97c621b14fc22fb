import type { Socket } from 'node:net';
import { status } from '@grpc/grpc-js';
import fastify, { type ConnectionError, type FastifyInstance, type FastifyReply } from 'fastify';
import { failureBody } from './failures.ts';

export interface HttpLimits {
  /** Larger request bodies are refused with 413. */
  readonly maxBodyBytes: number;
  /** A client must have sent its request within this. */
  readonly requestTimeoutMs: number;
  /** Idle connections are kept this long for the next request. */
  readonly keepAliveMs: number;
  /** Longer ids in a path are no ids. */
  readonly maxParameterChars: number;
  /** A call through the gateway is answered within this. */
  readonly callDeadlineMs: number;
}

export const httpLimits: HttpLimits = {
  maxBodyBytes: 1024 * 1024,
  requestTimeoutMs: 15_000,
  keepAliveMs: 30_000,
  maxParameterChars: 512,
  callDeadlineMs: 10_000,
};

/**
 * An HTTP server whose every answer, the framework's own errors included, has the gateway's error body.
 * Bodies reach handlers as text, whatever content type the client names, as grpc-gateway does it.
 */
export function httpServer(limits: HttpLimits): FastifyInstance {
  const app = fastify({
    bodyLimit: limits.maxBodyBytes,
    requestTimeout: limits.requestTimeoutMs,
    keepAliveTimeout: limits.keepAliveMs,
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: limits.maxParameterChars },
    exposeHeadRoutes: true,
    // A request whose first bytes came before the stop is answered like any other.
    return503OnClosing: false,
    // Addresses that cannot be routed: no route's handler ever sees them.
    frameworkErrors: (error, _request, reply) =>
      refuse(reply, statusOf(error), status.INVALID_ARGUMENT, 'the address is malformed or too long'),
    clientErrorHandler: refuseConnection,
  });
  app.removeAllContentTypeParsers();
  // The framework refuses a type it cannot parse before any parser is asked.
  app.addHook('onRequest', async (request) => {
    delete request.raw.headers['content-type'];
  });
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));
  endConnectionsOnClose(app);
  app.setNotFoundHandler(async (request, reply) => {
    const [path = ''] = request.url.split('?', 1);
    const allowed = allowedMethods(app, path);
    if (allowed.length === 0) return refuse(reply, 404, status.NOT_FOUND, 'Not Found');
    reply.header('Allow', allowed.join(', '));
    return refuse(reply, 405, status.UNIMPLEMENTED, 'Method Not Allowed');
  });
  app.setErrorHandler(async (error, _request, reply) => {
    const code = statusOf(error);
    const grpc =
      code === 413 ? status.RESOURCE_EXHAUSTED : code < 500 ? status.INVALID_ARGUMENT : status.INTERNAL;
    return refuse(reply, code, grpc, code < 500 && error instanceof Error ? error.message : 'internal error');
  });
  return app;
}

/** Once a stop has begun, each answer is its connection's last: one kept alive would hold the stop up. */
function endConnectionsOnClose(app: FastifyInstance): void {
  let closing = false;
  app.addHook('preClose', async () => {
    closing = true;
  });
  app.addHook('onSend', async (_request, reply) => {
    if (closing) reply.header('Connection', 'close');
  });
}

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PATCH'] as const;

/** Methods some route takes at this path: 405 instead of 404 where there are any (row X22). */
function allowedMethods(app: FastifyInstance, path: string): string[] {
  return METHODS.filter((method) => Boolean(app.findRoute({ method, url: path })));
}

function statusOf(error: unknown): number {
  if (error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number') {
    return error.statusCode;
  }
  return 500;
}

async function refuse(reply: FastifyReply, http: number, code: status, message: string): Promise<void> {
  await reply
    .code(http)
    .type('application/json')
    .send(Buffer.from(JSON.stringify(failureBody({ code, message, detail: undefined }))));
}

/** What Node could not read as a request, by its code: everything else is malformed. */
const unreadable: Readonly<Record<string, readonly [line: string, message: string]>> = {
  HPE_HEADER_OVERFLOW: ['431 Request Header Fields Too Large', 'address and headers are too long'],
  ERR_HTTP_REQUEST_TIMEOUT: ['408 Request Timeout', 'the request did not arrive in time'],
};

/** Answers what never became a request, as far as somebody is there to read it, and closes the connection. */
function refuseConnection(error: ConnectionError, socket: Socket): void {
  const [line, message] = unreadable[error.code] ?? ['400 Bad Request', 'the request is malformed'];
  const body = JSON.stringify(failureBody({ code: status.INVALID_ARGUMENT, message, detail: undefined }));
  if (socket.writable) {
    socket.write(
      `HTTP/1.1 ${line}\r\nConnection: close\r\nContent-Type: application/json\r\n` +
        `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    );
  }
  socket.destroy();
}
