import { status } from '@grpc/grpc-js';
import fastify, { type FastifyInstance, type FastifyReply } from 'fastify';
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
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));
  app.setNotFoundHandler(async (request, reply) => {
    const allowed = allowedMethods(app, new URL(request.url, 'http://mall').pathname);
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

const METHODS = ['GET', 'POST', 'PUT', 'DELETE', 'PATCH'] as const;

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
    .send(JSON.stringify(failureBody({ code, message, detail: undefined })));
}
