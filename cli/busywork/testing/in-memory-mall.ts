import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { answer } from './routes.ts';
import type { Seen, TestMall } from './types.ts';

export async function openTestMall(): Promise<TestMall> {
  const server = createServer((request, response) => {
    handle(mall, request, response).catch((error: unknown) =>
      response.destroy(error instanceof Error ? error : undefined),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new TypeError('the server has no port');
  const mall: TestMall = {
    host: `127.0.0.1:${address.port}`,
    requests: [],
    stores: new Map(),
    products: new Map(),
    baskets: new Map(),
    payments: new Map(),
    looks: new Map(),
    orderStatus: () => 'approved',
    intercept: () => undefined,
    addStore: (name) => {
      const id = randomUUID();
      mall.stores.set(id, { id, name, location: 'Toys', participating: false });
      return id;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return mall;
}

async function handle(mall: TestMall, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const seen = await read(request);
  mall.requests.push(seen);
  const reply = mall.intercept(seen) ?? answer(mall, seen);
  if (reply === 'hang') return;
  if (reply === 'disconnect') {
    response.destroy();
    return;
  }
  response.writeHead(reply.status, { 'content-type': 'application/json' });
  response.end(typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body));
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
