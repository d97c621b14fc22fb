import type { FastifyInstance, FastifyRequest } from 'fastify';
import { MallError } from '../domain/index.ts';
import { type TraceListing, traceListPage } from './trace-list-page.ts';
import { noTracePage, tracePage } from './trace-page.ts';
import { type ReadTrace, TraceReader } from './trace-reader.ts';
import { traceIcon, traceStyle } from './trace-style.ts';
import { waterfallOf } from './waterfall.ts';

/** The pages need a style and an icon of this host, their own form, and nothing else from anywhere. */
const contentSecurityPolicy = [
  "default-src 'none'",
  "style-src 'self'",
  "img-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

const LISTED = 50;
/** Where traces begin, as far as anybody outside is concerned. */
const DOOR = 'gateway';

/**
 * A plugin that serves recent traces as pages at `/traces/`, and as JSON at `/traces/api/<id>`, by the id of a trace
 * or of an order.
 * @param address who answers Jaeger's query API; undefined when nobody keeps traces, which the pages then say
 */
export function tracePages(address: string | undefined): (app: FastifyInstance) => Promise<void> {
  return async (app) => {
    app.addHook('onSend', async (_request, reply) => {
      reply.header('Content-Security-Policy', contentSecurityPolicy);
      reply.header('X-Content-Type-Options', 'nosniff');
      reply.header('Cache-Control', 'no-cache');
    });
    const reader = address === undefined ? undefined : new TraceReader(address);
    for (const path of ['/traces', '/traces/index.html']) {
      app.get(path, async (_request, reply) => reply.redirect('/traces/', 301));
    }
    app.get('/traces/style.css', async (_request, reply) =>
      reply.type('text/css; charset=utf-8').send(traceStyle),
    );
    app.get('/traces/icon.svg', async (_request, reply) => reply.type('image/svg+xml').send(traceIcon));
    app.get('/traces/', async (request, reply) => {
      const id = parameter(request, 'id').trim();
      if (id !== '') return reply.redirect(`/traces/${encodeURIComponent(id)}`, 303);
      return reply.type('text/html; charset=utf-8').send(traceListPage(await listing(request, reader)));
    });
    app.get<{ Params: { id: string } }>('/traces/:id', async ({ params: { id } }, reply) => {
      const { traces, problem } = await found(reader, id);
      reply
        .type('text/html; charset=utf-8')
        .code(traces.length > 0 ? 200 : problem === undefined ? 404 : 503);
      return reply.send(
        traces.length > 0 ? tracePage(id, traces.map(waterfallOf)) : noTracePage(id, problem),
      );
    });
    app.get<{ Params: { id: string } }>('/traces/api/:id', async ({ params: { id } }, reply) => {
      const { traces, problem } = await found(reader, id);
      reply.type('application/json').code(problem === undefined ? 200 : 503);
      return reply.send(Buffer.from(JSON.stringify({ id, problem, traces: traces.map(waterfallOf) })));
    });
  };
}

const NOBODY =
  'this mall keeps no traces: tracing is off, or they are sent where they cannot be read from here';

async function listing(request: FastifyRequest, reader: TraceReader | undefined): Promise<TraceListing> {
  const wanted = {
    service: parameter(request, 'service') || DOOR,
    minMs: /^\d{1,6}$/.exec(parameter(request, 'minMs'))?.[0] ?? '',
    failed: parameter(request, 'failed') === 'yes',
  };
  const { service, minMs, failed } = wanted;
  const empty = { ...wanted, services: [service], traces: [] };
  if (reader === undefined) return { ...empty, problem: NOBODY };
  try {
    const [services, traces] = await Promise.all([
      reader.services(),
      reader.search({
        service,
        limit: LISTED,
        ...(minMs !== '' && { minDuration: `${minMs}ms` }),
        ...(failed && { tags: { error: 'true' } }),
      }),
    ]);
    const newest = traces.map(waterfallOf).sort((one, other) => other.startedAt.localeCompare(one.startedAt));
    return { ...empty, services: [...new Set([service, ...services])].sort(), traces: newest };
  } catch (error) {
    return { ...empty, problem: told(error) };
  }
}

async function found(
  reader: TraceReader | undefined,
  id: string,
): Promise<{ traces: readonly ReadTrace[]; problem?: string }> {
  if (reader === undefined) return { traces: [], problem: NOBODY };
  try {
    return { traces: await reader.find(id) };
  } catch (error) {
    return { traces: [], problem: told(error) };
  }
}

/** @throws the error itself when it is none that people are told */
function told(error: unknown): string {
  if (error instanceof MallError) return error.message;
  throw error;
}

function parameter(request: FastifyRequest, name: string): string {
  const { query } = request;
  if (typeof query !== 'object' || query === null) return '';
  const value = Object.entries(query).find(([key]) => key === name)?.[1];
  return typeof value === 'string' ? value : '';
}
