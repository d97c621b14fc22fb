import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { answer } from './test-mall-routes.ts';

/**
 * A mall for the simulator's own tests: it keeps everything in memory, answers as spec/api.md says, refuses what
 * the mall would refuse, and misbehaves on request. It proves the simulator, never the mall.
 */
export interface TestMall {
  readonly host: string;
  readonly requests: readonly Seen[];
  readonly stores: Map<string, { id: string; name: string; location: string; participating: boolean }>;
  readonly products: Map<string, TestProduct>;
  readonly baskets: Map<
    string,
    { state: 'open' | 'cancelled' | 'checked out'; total: number; items: number }
  >;
  readonly payments: Map<string, { customerId: string; amount: number }>;
  /** How often each order was looked at. */
  readonly looks: Map<string, number>;
  /** What becomes of an order when it is looked at for the nth time, counted from 1. A blank: not there yet. */
  orderStatus: (look: number, orderId: string) => string;
  /** Called before a request is answered; an answer given here replaces the usual one. */
  intercept: (request: Seen) => Reply | 'hang' | 'disconnect' | undefined;
  addStore(name: string): string;
  close(): Promise<void>;
}

export interface TestProduct {
  readonly id: string;
  readonly storeId: string;
  name: string;
  description: string;
  readonly sku: string;
  readonly price: number;
}

export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly traceparent: string;
}

export interface Reply {
  readonly status: number;
  readonly body: object | string;
}

export async function openTestMall(): Promise<TestMall> {
  const requests: Seen[] = [];
  const stores: TestMall['stores'] = new Map();
  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) =>
      response.destroy(error instanceof Error ? error : undefined),
    );
  });
  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    const seen = await read(request);
    requests.push(seen);
    const reply = mall.intercept(seen) ?? answer(mall, seen);
    if (reply === 'hang') return;
    if (reply === 'disconnect') {
      response.destroy();
      return;
    }
    response.writeHead(reply.status, { 'content-type': 'application/json' });
    response.end(typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body));
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new TypeError('the server has no port');
  const mall: TestMall = {
    host: `127.0.0.1:${address.port}`,
    requests,
    stores,
    products: new Map(),
    baskets: new Map(),
    payments: new Map(),
    looks: new Map(),
    orderStatus: () => 'approved',
    intercept: () => undefined,
    addStore: (name) => {
      const id = randomUUID();
      stores.set(id, { id, name, location: 'Toys', participating: false });
      return id;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return mall;
}

async function read(request: IncomingMessage): Promise<Seen> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const raw = Buffer.concat(chunks).toString();
  return {
    method: request.method ?? '',
    path: request.url ?? '',
    body: raw === '' ? {} : JSON.parse(raw),
    traceparent: String(request.headers.traceparent ?? ''),
  };
}
