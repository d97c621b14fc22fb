import assert from 'node:assert/strict';
import { createServer, get, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import type { Envelope } from '../messaging/index.ts';
import { eventually } from '../testing/eventually.ts';
import { type FeedLimits, feedLimits } from './limits.ts';
import { OrderFeed } from './order-feed.ts';

function created(id: string): Envelope {
  const at = new Date();
  const metadata = { 'aggregate-id': id };
  return {
    id,
    name: 'ordersapi.OrderCreated',
    payload: Buffer.alloc(0),
    metadata,
    sentAt: at,
    occurredAt: at,
  };
}

/** A feed behind a server, with what it hears in the test's hand. */
async function feedWith(limits: Partial<FeedLimits>) {
  let tell: (message: Envelope) => void = () => undefined;
  let listening = 0;
  const feed = new OrderFeed({
    limits: { ...feedLimits, gatherMs: 5, ...limits },
    listen: async (heard) => {
      tell = heard;
      listening++;
      return { close: async () => void listening-- };
    },
  });
  const server = createServer((_request, response) => void feed.serve(response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const open = () => new Promise<IncomingMessage>((resolve) => get({ port, host: '127.0.0.1' }, resolve));
  const close = async () => {
    await feed.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { feed, open, close, tell: (message: Envelope) => tell(message), listening: () => listening };
}

function textOf(response: IncomingMessage): () => string {
  let text = '';
  response.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  return () => text;
}

test('what a burst is too big for is counted, not sent', async (context) => {
  const { open, close, tell } = await feedWith({ maxChanges: 3 });
  context.after(close);
  const text = textOf(await open());
  for (let order = 1; order <= 10; order++) tell(created(`order-${order}`));
  await eventually(() => assert.match(text(), /"missed":7/));
  assert.deepEqual(text().match(/order-\d+/g), ['order-8', 'order-9', 'order-10']);
});

test('there is room for so many readers, and again when one has gone', async (context) => {
  const { feed, open, close } = await feedWith({ maxReaders: 2 });
  context.after(close);
  const [one] = [await open(), await open()];
  assert.equal(feed.hasRoom, false);
  one?.destroy();
  await eventually(() => assert.equal(feed.hasRoom, true));
});

test('the broker is listened to once for all readers, and let go a while after the last', async (context) => {
  const { open, close, listening } = await feedWith({ lingerMs: 10 });
  context.after(close);
  const readers = [await open(), await open()];
  assert.equal(listening(), 1);
  for (const reader of readers) reader.destroy();
  await eventually(() => assert.equal(listening(), 0));
});

test('a quiet feed shows that it lives', async (context) => {
  const { open, close } = await feedWith({ heartbeatMs: 5 });
  context.after(close);
  const text = textOf(await open());
  await eventually(() => assert.match(text(), /\n:\n\n/));
});

test('a reader who falls behind is let go', async (context) => {
  const { feed, open, close, tell } = await feedWith({ maxBehindBytes: 1_000, maxChanges: 1, gatherMs: 1 });
  context.after(close);
  const slow = await open();
  slow.pause();
  slow.socket.pause();
  const padding = 'x'.repeat(1_000_000);
  await eventually(() => {
    tell(created(padding));
    assert.equal(feed.readers, 0);
  });
});
