import { type Span, SpanKind, SpanStatusCode } from '@opentelemetry/api';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { attributeNames, headersAfter, type Tracer, traceHeaders } from '../telemetry/index.ts';

/**
 * Makes a span for each REST request. Its headers take the place of the request's own, so that whoever handles the
 * request goes on after the span without knowing of it.
 */
export function requestSpans(app: FastifyInstance, tracer: Tracer): void {
  const spans = new WeakMap<FastifyRequest, Span>();
  app.addHook('onRequest', async (request) => {
    const { url: route } = request.routeOptions;
    if (!route?.startsWith('/api/')) return;
    const parent = incoming(request);
    const span = tracer.start(parent, () => requestSpan(request, route));
    if (span === undefined) return;
    spans.set(request, span);
    Object.assign(request.raw.headers, headersAfter(span, parent));
  });
  app.addHook('onResponse', async (request, reply) => {
    const span = spans.get(request);
    if (span === undefined) return;
    const { statusCode } = reply;
    span.setAttribute(attributeNames.httpResponseStatusCode, statusCode);
    if (statusCode >= 500) {
      span.setAttribute(attributeNames.errorType, String(statusCode));
      span.setStatus({ code: SpanStatusCode.ERROR });
    }
    span.end();
  });
}

function incoming({ headers }: FastifyRequest) {
  const { traceparent, tracestate } = headers;
  return traceHeaders({
    traceparent: typeof traceparent === 'string' ? traceparent : undefined,
    tracestate: typeof tracestate === 'string' ? tracestate : undefined,
  });
}

function requestSpan(request: FastifyRequest, route: string) {
  const { method } = request;
  const template = route.replaceAll(/:(\w+)/g, '{$1}');
  const [path = ''] = request.url.split('?', 1);
  const attributes = {
    [attributeNames.httpRequestMethod]: method,
    [attributeNames.httpRoute]: template,
    [attributeNames.urlPath]: path,
    [attributeNames.urlScheme]: request.protocol,
  };
  return { name: `${method} ${template}`, kind: SpanKind.SERVER, attributes };
}
