import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';
import type { Route } from './resource.ts';
import { routes } from './resources.ts';
import { BrokerStore } from './store.ts';

export interface BrokerDoubleOptions {
  /** Whom it lets in; everybody when absent. */
  readonly access?: { readonly username: string; readonly password: string } | { readonly token: string };
  /** A trouble to answer a request with: a status, or never an answer at all. */
  readonly trouble?: (method: string, path: string) => number | 'silence' | undefined;
}

/**
 * A Pact Broker for tests: its documented resources with their links, kept in memory. What clients are let do is what
 * they could do with the real one; what it is asked is kept.
 */
export class BrokerDouble {
  readonly url: string;
  readonly store = new BrokerStore();
  /** What it was asked, as `GET /matrix`, in order. */
  readonly requests: string[] = [];
  readonly #options: BrokerDoubleOptions;
  readonly #server;

  private constructor(options: BrokerDoubleOptions, server: ReturnType<typeof createServer>) {
    this.#options = options;
    this.#server = server;
    const address = server.address();
    this.url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
  }

  static async start(options: BrokerDoubleOptions = {}): Promise<BrokerDouble> {
    const server = createServer();
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const double = new BrokerDouble(options, server);
    server.on('request', (request, response) => void double.#answer(request, response));
    return double;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    const closed = once(this.#server, 'close');
    this.#server.close();
    await closed;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = 'GET' } = request;
    const url = new URL(request.url ?? '/', this.url);
    this.requests.push(`${method} ${url.pathname}`);
    const trouble = this.#options.trouble?.(method, url.pathname);
    if (trouble === 'silence') return;
    const send = (status: number, body: object) => {
      response.writeHead(status, { 'content-type': 'application/hal+json;charset=utf-8' });
      response.end(JSON.stringify(body));
    };
    if (trouble !== undefined) return send(trouble, { error: `trouble ${trouble}` });
    if (!this.#letsIn(request)) {
      response.setHeader('www-authenticate', 'Basic realm="Restricted Area"');
      return send(401, { error: 'Unauthorized' });
    }
    const found = routeOf(method, url.pathname);
    if (!found) return send(404, { error: 'The requested document was not found on this server.' });
    const body: unknown = method === 'GET' ? undefined : await json(request).catch(() => undefined);
    const asked = { store: this.store, base: this.url, parts: found.parts, query: url.searchParams, body };
    const { status = 200, body: answer } = found.route.answer(asked);
    send(status, answer);
  }

  #letsIn({ headers: { authorization } }: IncomingMessage): boolean {
    const { access } = this.#options;
    if (!access) return true;
    if ('token' in access) return authorization === `Bearer ${access.token}`;
    const pair = Buffer.from(`${access.username}:${access.password}`).toString('base64');
    return authorization === `Basic ${pair}`;
  }
}

function routeOf(method: string, path: string): { route: Route; parts: Record<string, string> } | undefined {
  for (const route of routes) {
    const pattern = new RegExp(`^${route.path.replaceAll(/\{(\w+)\}/g, '(?<$1>[^/]+)')}$`);
    const match = route.method === method ? pattern.exec(path) : null;
    if (!match) continue;
    const parts = Object.entries(match.groups ?? {}).map(([name, value]) => [
      name,
      decodeURIComponent(value),
    ]);
    return { route, parts: Object.fromEntries(parts) };
  }
  return undefined;
}
