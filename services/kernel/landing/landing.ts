import type { FastifyInstance } from 'fastify';
import { Listener } from '../messaging/index.ts';
import { feedLimits } from './limits.ts';
import { orderChannels } from './order-change.ts';
import { OrderFeed } from './order-feed.ts';
import { type LandingFacts, landingPage } from './page.ts';
import { landingScript } from './script.ts';
import { landingIcon, landingStyle } from './style.ts';

/** The page needs files of this host, and nothing from anywhere else. */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

export interface LandingOptions extends Omit<LandingFacts, 'grpcAddress'> {
  readonly natsUrl: string;
  readonly natsStream: string;
  /** Known once the doors are open. */
  readonly grpcAddress: () => string;
}

/**
 * A plugin that serves the mall's first page at `/`: what runs and how it is, where to read more, and orders as they
 * move, which it hears of on the broker for as long as somebody looks.
 */
export function landing(options: LandingOptions): (app: FastifyInstance) => Promise<void> {
  const { natsUrl: url, natsStream: stream } = options;
  return async (app) => {
    const feed = new OrderFeed({
      limits: feedLimits,
      listen: (heard) => Listener.open({ url, stream, channels: orderChannels, heard }),
    });
    // Before the server waits for its connections: a stream never ends by itself.
    app.addHook('preClose', () => feed.close());
    app.addHook('onSend', async (_request, reply) => {
      reply.header('Content-Security-Policy', contentSecurityPolicy);
      reply.header('X-Content-Type-Options', 'nosniff');
      reply.header('Cache-Control', 'no-cache');
    });
    const html = 'text/html; charset=utf-8';
    app.get('/', async (_request, reply) =>
      reply.type(html).send(landingPage({ ...options, grpcAddress: options.grpcAddress() })),
    );
    app.get('/index.html', async (_request, reply) => reply.redirect('/', 301));
    const files = {
      'style.css': ['text/css; charset=utf-8', landingStyle],
      'script.js': ['text/javascript; charset=utf-8', landingScript],
      'icon.svg': ['image/svg+xml', landingIcon],
    } as const;
    for (const [name, [type, content]] of Object.entries(files)) {
      app.get(`/landing/${name}`, async (_request, reply) => reply.type(type).send(content));
    }
    serveFeed(app, feed);
  };
}

function serveFeed(app: FastifyInstance, feed: OrderFeed): void {
  const busy = { code: 14, message: 'too many readers, or the broker is away; try again soon', details: [] };
  app.get('/landing/orders', { exposeHeadRoute: false }, async (_request, reply) => {
    const refused = () =>
      reply
        .code(503)
        .header('Retry-After', '5')
        .type('application/json')
        .send(Buffer.from(JSON.stringify(busy)));
    if (!feed.hasRoom) return refused();
    try {
      await feed.serve(reply.raw);
    } catch {
      return refused();
    }
    return reply.hijack();
  });
}
